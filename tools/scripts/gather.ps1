# SPDX-License-Identifier: MIT
#
# Collect what Azure knows of a private-link workspace into one file.
# Made by "pl-inventory gather --shell powershell" (pldiag @VERSION@).
#
#   powershell -ExecutionPolicy Bypass -File gather.ps1 [FILE]
#       where az works and you are logged in
#   pl-inventory import FILE
#       where pldiag is
#
# It only reads: the Reader role is enough, and no key or secret is asked for.
# What cannot be read is told and left out.  FILE must not be there yet.
param([string]$File = @FILE@)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Continue'
# Never install an extension, never ask, never colour.
$env:AZURE_EXTENSION_USE_DYNAMIC_INSTALL = 'no'
$env:AZURE_CORE_ONLY_SHOW_ERRORS = 'yes'
$env:AZURE_CORE_NO_COLOR = 'yes'
$env:PYTHONIOENCODING = 'utf-8'
[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding($false)

$workspace = @WORKSPACE@
$group = @GROUP@
$subscription = @SUBSCRIPTION@
$version = '2023-04-01'   # of the REST API of Microsoft.MachineLearningServices

$script:documents = 0
$script:leftOut = 0
$script:answer = ''

function Tell([string]$Text) {
    [Console]::Error.WriteLine('gather: ' + $Text)
}

function Stop-Here([string]$Text) {
    Tell $Text
    exit 2
}

# An az command; its answer is in $script:answer.
function Look([string[]]$Words) {
    $errors = [System.IO.Path]::GetTempFileName()
    $lines = & az @Words --output json 2> $errors
    $ok = $LASTEXITCODE -eq 0
    $script:answer = ''
    if ($ok -and $null -ne $lines) {
        $script:answer = (@($lines) -join "`n")
    }
    if (-not $ok) {
        $script:leftOut += 1
        Tell ('left out: az ' + ($Words -join ' '))
        foreach ($line in @(Get-Content -Path $errors -TotalCount 3)) {
            Tell ('    ' + $line)
        }
    }
    Remove-Item -Path $errors
    return $ok
}

# The same, and the answer goes into the file.
function Ask([string[]]$Words) {
    if ((Look $Words) -and $script:answer -ne '') {
        $script:writer.Write($script:answer + "`n")
        $script:documents += 1
    }
}

# Ids of such resources in the last answer.
function Ids([string]$Kind) {
    $pattern = '"(/subscriptions/[^"]*/' + $Kind + '/[^"/]+)"'
    $found = [regex]::Matches($script:answer, $pattern, 'IgnoreCase')
    foreach ($one in $found) {
        $one.Groups[1].Value
    }
}

# Each once, whatever its case.
function Once([string[]]$Names) {
    $seen = @{}
    foreach ($name in $Names) {
        if ($name -and -not $seen.ContainsKey($name.ToLowerInvariant())) {
            $seen[$name.ToLowerInvariant()] = $true
            $name
        }
    }
}

# What follows /NAME/ in a resource id.
function Part([string]$Name, [string]$Id) {
    $found = [regex]::Match($Id, '/' + $Name + '/([^/]+)', 'IgnoreCase')
    return $found.Groups[1].Value
}

function Find-Workspace {
    $words = @('resource', 'list', '--resource-type',
        'Microsoft.MachineLearningServices/workspaces', '--query', '[].id')
    if ($workspace) { $words += '--name=' + $workspace }
    if ($group) { $words += '--resource-group=' + $group }
    if ($subscription) { $words += '--subscription=' + $subscription }
    if (-not (Look $words)) { exit 2 }
    $found = @(Once @(Ids 'workspaces'))
    if ($found.Count -eq 0) {
        Stop-Here 'there is no such workspace to be seen; is it in this subscription? (az account show)'
    }
    if ($found.Count -gt 1) {
        foreach ($one in $found) { Tell ('    ' + $one) }
        Stop-Here 'several workspaces; say which: pl-inventory gather --workspace NAME --resource-group GROUP'
    }
    return $found[0]
}

function Gather-Endpoint([string]$Id) {
    Ask @('network', 'private-endpoint', 'show', '--ids', $Id)
    $script:nics += @(Ids 'networkInterfaces')
    $script:subnets += @(Ids 'subnets')
    Ask @('network', 'private-endpoint', 'dns-zone-group', 'list',
        ('--endpoint-name=' + (Part 'privateEndpoints' $Id)),
        ('--resource-group=' + (Part 'resourceGroups' $Id)),
        ('--subscription=' + (Part 'subscriptions' $Id)))
    $script:zones += @(Ids 'privateDnsZones')
}

# The private endpoints of the workspace and of what it stands on.
function Gather-Endpoints([string[]]$Resources) {
    foreach ($resource in @(Once $Resources)) {
        Ask @('network', 'private-endpoint-connection', 'list', '--id', $resource)
        $script:endpoints += @(Ids 'privateEndpoints')
    }
    foreach ($endpoint in @(Once $script:endpoints)) {
        Gather-Endpoint $endpoint
    }
    foreach ($nic in @(Once $script:nics)) {
        Ask @('network', 'nic', 'show', '--ids', $nic)
    }
}

# The zones of the zone groups, and those of the subscription with a name that
# such endpoints use: they may be linked elsewhere, or to nothing.
function Gather-Zones([string]$Id) {
    $null = Look @('network', 'private-dns', 'zone', 'list',
        ('--subscription=' + (Part 'subscriptions' $Id)))
    $ours = '/(privatelink\.(api|notebooks|blob|file|vaultcore|azurecr)|instances)\.'
    foreach ($zone in @(Ids 'privateDnsZones')) {
        if ($zone -match $ours) { $script:zones += $zone }
    }
    foreach ($zone in @(Once $script:zones)) {
        $name = Part 'privateDnsZones' $zone
        $words = @(('--resource-group=' + (Part 'resourceGroups' $zone)),
            ('--subscription=' + (Part 'subscriptions' $zone)))
        # It tells how many links there are, which an empty list does not.
        Ask (@('network', 'private-dns', 'zone', 'show', ('--name=' + $name)) + $words)
        $words = @('--zone-name=' + $name) + $words
        Ask (@('network', 'private-dns', 'record-set', 'a', 'list') + $words)
        Ask (@('network', 'private-dns', 'link', 'vnet', 'list') + $words)
    }
}

# The networks of the endpoints, and the security groups of their subnets.
function Gather-Networks {
    $vnets = @()
    $nsgs = @()
    foreach ($subnet in @($script:subnets)) {
        $vnets += ($subnet -replace '(?i)/subnets/.*', '')
    }
    foreach ($vnet in @(Once $vnets)) {
        Ask @('network', 'vnet', 'show', '--ids', $vnet)
        $nsgs += @(Ids 'networkSecurityGroups')
    }
    foreach ($nsg in @(Once $nsgs)) {
        Ask @('network', 'nsg', 'show', '--ids', $nsg)
    }
}

function Gather-Workspace([string]$Id) {
    Ask @('resource', 'show', '--ids', $Id)
    $script:endpoints = @(Ids 'privateEndpoints')
    $resources = @(Ids 'storageAccounts') + @(Ids 'vaults') + @(Ids 'registries')
    $words = @(('--name=' + (Part 'workspaces' $Id)),
        ('--resource-group=' + (Part 'resourceGroups' $Id)),
        ('--subscription=' + (Part 'subscriptions' $Id)))
    Ask (@('ml', 'workspace', 'show') + $words)
    foreach ($kind in @('computes', 'onlineEndpoints', 'outboundNetworkDependenciesEndpoints')) {
        Ask @('rest', '--method', 'get', '--url', ($Id + '/' + $kind + '?api-version=' + $version))
    }
    Ask (@('ml', 'workspace', 'diagnose') + $words)
    Gather-Endpoints $resources
}

$script:endpoints = @()
$script:nics = @()
$script:subnets = @()
$script:zones = @()
if (-not (Get-Command az -ErrorAction SilentlyContinue)) { Stop-Here 'there is no az here' }
$null = & az account show --output none 2>$null
if ($LASTEXITCODE -ne 0) { Stop-Here 'az is not logged in; type: az login' }
$id = Find-Workspace
$full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($File)
try {
    $stream = New-Object System.IO.FileStream($full, [System.IO.FileMode]::CreateNew)
} catch {
    Stop-Here ($File + ' is there already, or cannot be written; name another file')
}
$script:writer = New-Object System.IO.StreamWriter($stream, (New-Object System.Text.UTF8Encoding($false)))
try {
    Gather-Workspace $id
    Gather-Zones $id
    Gather-Networks
} finally {
    $script:writer.Dispose()
}
Tell ('{0} documents in {1}; next: pl-inventory import {1}' -f $script:documents, $File)
if ($script:leftOut -gt 0) {
    Tell ('{0} questions had no answer (told above)' -f $script:leftOut)
    exit 1
}
