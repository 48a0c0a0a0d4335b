# SPDX-License-Identifier: MIT
# --- run ---------------------------------------------------------------------------------
$script:begun = [DateTime]::UtcNow
$script:today = $script:begun.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", [System.Globalization.CultureInfo]::InvariantCulture)
$script:facts = New-Object System.Collections.Generic.List[string]
$script:jobs = New-Object System.Collections.Generic.List[object]

function Read-Roots([string]$Pem) {
    foreach ($one in [regex]::Matches($Pem, '-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----')) {
        $bytes = [System.Convert]::FromBase64String(($one.Groups[1].Value -replace '\s', ''))
        New-Object System.Security.Cryptography.X509Certificates.X509Certificate2(, $bytes)
    }
}

# What is noted when a question could not be put, or its answer did not come.
function Get-Fallback([string]$Kind, $Job) {
    $fact = New-Object System.Collections.Specialized.OrderedDictionary
    $fact['probe'] = @{ system = 'system-dns'; question = 'dns'; route = 'route'; connection = 'tcp'; proxied = 'http' }[$Kind]
    if ($Job.target) { $fact['target'] = [string]$Job.target }
    $fact['status'] = 'not-run'
    if ($Kind -eq 'system' -or $Kind -eq 'question') { $fact['name'] = [string]$Job.name }
    if ($Kind -eq 'question') {
        $fact['view'] = [string]$Job.view
        $fact['type'] = [string]$Job.type
    }
    if ($Kind -eq 'route' -or $Kind -eq 'connection') { $fact['address'] = [string]$Job.address }
    if ($Kind -eq 'connection') { $fact['port'] = [int]$Job.port }
    if ($Kind -eq 'proxied') {
        $fact['url'] = 'https://' + $Job.target + $Job.path
        $fact['proxy'] = [string]$Job.proxy
    }
    return $fact
}

function Add-NotRun([string]$Kind, $Job, [string]$Why) {
    $fact = Get-Fallback $Kind $Job
    $fact['error'] = $Why
    $script:facts.Add((ConvertTo-Json -InputObject $fact -Compress -Depth 4))
    $script:complete = $false
}

function Start-Job-Of([string]$Kind, $Job) {
    $shell = [powershell]::Create()
    $shell.RunspacePool = $script:pool
    $null = $shell.AddScript([string]$worker).AddArgument($Kind).AddArgument($Job).AddArgument($script:common)
    $script:jobs.Add(@{ kind = $Kind; job = $Job; shell = $shell; handle = $shell.BeginInvoke() })
}

# Wait for all that was begun; what does not end in time is noted as not run.
function Wait-Jobs {
    foreach ($one in $script:jobs) {
        $left = $allMs - ([DateTime]::UtcNow - $script:begun).TotalMilliseconds
        $ended = $one.handle.AsyncWaitHandle.WaitOne([int][Math]::Max(0, $left))
        if (-not $ended) {
            Add-NotRun $one.kind $one.job 'no answer within the time of the whole run'
            $null = $one.shell.BeginStop($null, $null)
            continue
        }
        try {
            $lines = @($one.shell.EndInvoke($one.handle))
            foreach ($line in $lines) { $script:facts.Add([string]$line) }
            if ($lines.Count -eq 0) { Add-NotRun $one.kind $one.job 'nothing came back' }
        } catch {
            Add-NotRun $one.kind $one.job ([string]$_.Exception.GetBaseException().Message)
        }
        $one.shell.Dispose()
    }
    $script:jobs.Clear()
}

# ADDR:PORT or [ADDR]:PORT
function Split-Place([string]$Place) {
    $found = [regex]::Match($Place, '^\[?(.*?)\]?:(\d+)$')
    return @($found.Groups[1].Value, $found.Groups[2].Value)
}

function Ask-Server([string]$Place, [string]$Name, [string]$Type, [string]$Target) {
    $parts = Split-Place $Place
    Start-Job-Of 'question' @{
        target = $Target; name = $Name; type = $Type; view = $Place; server = $parts[0]; port = [int]$parts[1]
    }
}

function Connect-Target($Target, [string]$Address, [int]$Port) {
    $key = $Target.fqdn + ' ' + $Address + ' ' + $Port
    if ($script:tried.ContainsKey($key)) { return }
    $n = 0
    if ($script:connections.ContainsKey($Target.fqdn)) { $n = $script:connections[$Target.fqdn] }
    if ($n -ge 16) { return }
    $script:tried[$key] = $true
    $script:connections[$Target.fqdn] = $n + 1
    Start-Job-Of 'connection' @{
        target = $Target.fqdn; address = $Address; port = $Port; tls = ($Port -eq 443 -and $Target.tls)
        method = $Target.method; path = $Target.path; service = @($Target.service); denial = @($Target.denial)
    }
}

function Find-Way([string]$Address) {
    if ($script:ways.ContainsKey($Address)) { return }
    $script:ways[$Address] = $true
    Start-Job-Of 'route' @{ target = ''; address = $Address }
}

# Does an entry of no_proxy name it?
function Test-Direct([string]$Name, $Entries) {
    foreach ($entry in $Entries) {
        $one = $entry.TrimStart('*').TrimStart('.')
        if ($entry -eq '*' -or $Name -eq $one -or ($one -and $Name.EndsWith('.' + $one))) { return $true }
    }
    return $false
}

function Ask-Proxy($Target, $Machine) {
    if (-not $Machine.Contains('proxies') -or -not $Target.tls -or @($Target.ports) -notcontains 443) { return }
    $proxy = @($Machine['proxies'] | Where-Object { $_.scheme -eq 'https' -or $_.scheme -eq 'all' })
    if ($proxy.Count -eq 0 -or (Test-Direct $Target.fqdn $Machine['no_proxy'])) { return }
    Start-Job-Of 'proxied' @{
        target = $Target.fqdn; address = ''; method = $Target.method; path = $Target.path; proxy = $proxy[0].url
        service = @($Target.service); denial = @($Target.denial)
    }
}

# Everything that needs no answer first.
function Start-First($Machine) {
    foreach ($target in $data.targets) {
        foreach ($address in @($target.addresses)) {
            foreach ($port in @($target.ports)) { Connect-Target $target $address $port }
            Find-Way $address
        }
        if (-not $target.fqdn -or $target.fqdn.StartsWith('*')) { continue }
        Start-Job-Of 'system' @{ target = $target.fqdn; name = $target.fqdn }
        foreach ($place in $script:places) {
            Ask-Server $place $target.fqdn 'A' $target.fqdn
            Ask-Server $place $target.fqdn 'AAAA' $target.fqdn
        }
        Ask-Proxy $target $Machine
    }
    foreach ($zone in @($data.zones)) {
        foreach ($place in $script:places) { Ask-Server $place $zone 'SOA' '' }
    }
}

function Test-Usable([string]$Address, [bool]$Six) {
    if ($Address -match '^(0|127|22[4-9]|23\d|24\d|25[0-5])\.' -or $Address -match '^169\.254\.') { return $false }
    if (-not $Address.Contains(':')) { return $true }
    return ($Six -and $Address -notmatch '^(::1?$|fe[89ab]|ff|::ffff:)')
}

# Addresses that were answered and that nobody expected, and zones that aliases
# led to.
function Start-Second($Machine) {
    $six = @($Machine['routes'] | Where-Object { $_.to -eq '::/0' }).Count -gt 0
    $anySix = $false
    $zones = @{}
    foreach ($line in $script:facts.ToArray()) {
        $fact = ConvertFrom-Json -InputObject $line
        if ($fact.probe -eq 'dns' -and $fact.PSObject.Properties['chain']) {
            foreach ($record in @($fact.chain)) {
                $found = [regex]::Match([string]$record.value, '\.(privatelink\..+)$')
                if ($found.Success) { $zones[$found.Groups[1].Value] = $true }
            }
        }
        if (-not $fact.PSObject.Properties['addresses'] -or -not $fact.PSObject.Properties['target']) { continue }
        foreach ($address in @($fact.addresses)) {
            if ($address.Contains(':')) { $anySix = $true }
            if (-not (Test-Usable $address $six)) { continue }
            Find-Way $address
            foreach ($target in $data.targets) {
                if ($target.fqdn -ne $fact.target) { continue }
                foreach ($port in @($target.ports)) { Connect-Target $target $address $port }
            }
        }
    }
    foreach ($place in $script:places) {
        foreach ($zone in $zones.Keys) {
            if (@($data.zones) -notcontains $zone) { Ask-Server $place $zone 'SOA' '' }
        }
        if ($anySix) { Ask-Server $place 'ipv4only.arpa' 'AAAA' '' }
    }
}

# --- the file ---------------------------------------------------------------------------
function Write-Case($Stream, $Machine) {
    $writer = New-Object System.IO.StreamWriter($Stream, (New-Object System.Text.UTF8Encoding($false)))
    $writer.NewLine = "`n"
    $head = New-Object System.Collections.Specialized.OrderedDictionary
    $head['schema'] = 'pldiag.case/1'
    $head['tool'] = 'collector.ps1'
    $head['version'] = $version
    $head['started'] = $script:today
    $head['took_ms'] = [long]([DateTime]::UtcNow - $script:begun).TotalMilliseconds
    $head['complete'] = [bool]$script:complete
    $head['facts'] = $script:facts.Count
    $head['host'] = [string][System.Environment]::MachineName
    $head['role'] = $role
    $head['era'] = $era
    $head['no_public'] = $noPublic
    $views = @(@{ view = 'system' })
    foreach ($place in $script:places) {
        $view = @{ view = [string]$place }
        if ($script:added -contains $place) { $view['added'] = $true }
        $views += $view
    }
    $head['views'] = [object[]]$views
    $text = ConvertTo-Json -InputObject $head -Compress -Depth 6
    $text = $text.Substring(0, $text.Length - 1) + ',"inventory":' + $inventoryText.Trim()
    if ($null -ne $Machine) {
        $text += ',"machine":' + (ConvertTo-Json -InputObject $Machine -Compress -Depth 8)
    }
    $writer.WriteLine($text + '}')
    foreach ($line in $script:facts) { $writer.WriteLine($line) }
    $writer.Dispose()
    Tell ('{0} facts in {1}; send this file back' -f $script:facts.Count, $File)
}

$data = ConvertFrom-Json -InputObject $dataText
$script:tried = @{}
$script:connections = @{}
$script:ways = @{}
$script:places = @()
$script:added = @()
$machine = $null
$full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($File)
try {
    $stream = New-Object System.IO.FileStream($full, [System.IO.FileMode]::CreateNew)
} catch {
    Tell ($File + ' is there already, or cannot be written; name another file')
    exit 2
}
$ended = $false
try {
    $machine = Get-Machine @($data.targets)
    foreach ($server in @($machine['servers'])) {
        if ($script:places -notcontains $server.at) { $script:places += $server.at }
    }
    foreach ($place in @($data.resolvers)) {
        if ($place -and $script:places -notcontains $place) {
            $script:places += $place
            $script:added += $place
        }
    }
    $tunnels = @()
    foreach ($one in @($machine['interfaces'])) {
        if ($one.ContainsKey('tunnel')) { $tunnels += $one.name }
    }
    $script:common = @{
        begun = $script:begun; timeoutMs = $timeoutMs; version = $version
        tunnels = $tunnels; serviceRoots = @(Read-Roots $serviceRoots)
    }
    $script:pool = [runspacefactory]::CreateRunspacePool(1, $atOnce)
    $script:pool.Open()
    Start-First $machine
    Wait-Jobs
    Start-Second $machine
    Wait-Jobs
    $ended = $true
} finally {
    if (-not $ended) { $script:complete = $false }
    Write-Case $stream $machine
}
