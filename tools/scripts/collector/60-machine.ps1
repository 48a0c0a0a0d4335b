# SPDX-License-Identifier: MIT
# --- what this machine says of itself ------------------------------------------------
# Each piece is tried by itself: what a machine does not have is left out.
function Get-Piece([string]$What, [scriptblock]$From) {
    try {
        & $From
    } catch {
        Set-Incomplete ($What + ': ' + $_.Exception.Message)
    }
}

# A property that not every Windows has.
function Get-Value($From, [string]$Name) {
    $property = $From.PSObject.Properties[$Name]
    if ($null -eq $property) { return $null }
    return $property.Value
}

function Get-Place([string]$Address, [int]$Port) {
    if ($Address.Contains(':')) { return '[' + $Address + ']:' + $Port }
    return $Address + ':' + $Port
}

# VPN clients bring drivers of their own; their names are all there is to see.
$tunnelWords = 'VPN|WireGuard|Wintun|TAP-Windows|OpenVPN|AnyConnect|Cisco Secure|GlobalProtect|PANGP|Fortinet|' +
    'FortiClient|Juniper|Pulse|Ivanti|Zscaler|Tailscale|ZeroTier|SonicWall|Check Point|Cloudflare|WARP|F5 |' +
    'NordLynx|WAN Miniport|SSTP|IKEv2|L2TP|Netskope|TUN'
$insideWords = 'vEthernet|Hyper-V Virtual Ethernet|VirtualBox Host-Only|VMware Virtual Ethernet|WSL|Npcap Loopback'

function Test-Tunnel($Interface) {
    $type = [int]$Interface.NetworkInterfaceType
    $words = $Interface.Name + ' ' + $Interface.Description
    if ($words -match 'Teredo|ISATAP|6to4') { return $false }
    if ($words -match $insideWords) { return $false }
    return ($type -eq 23 -or $type -eq 131 -or $words -match $tunnelWords)
}

function Get-Interfaces {
    foreach ($one in [System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces()) {
        $properties = $one.GetIPProperties()
        $mtu = 0
        try { $mtu = [int]$properties.GetIPv4Properties().Mtu } catch { $mtu = 0 }
        if ($mtu -lt 0) { $mtu = 0 }
        $addresses = @()
        foreach ($unicast in $properties.UnicastAddresses) {
            $text = $unicast.Address.ToString() -replace '%.*', ''
            $addresses += @{ address = $text; prefix = ($text + '/' + $unicast.PrefixLength) }
        }
        $out = @{
            name = [string]$one.Name; up = ([string]$one.OperationalStatus -eq 'Up'); mtu = $mtu
            addresses = [object[]]$addresses
        }
        if ([int]$one.NetworkInterfaceType -eq 24) { $out['loopback'] = $true }
        if (Test-Tunnel $one) { $out['tunnel'] = $true }
        if (($one.Name + ' ' + $one.Description) -match $insideWords) { $out['container'] = $true }
        $out
    }
}

# Interfaces that are up, the one that Windows prefers first.
function Get-Order($Interfaces) {
    $metric = @{}
    foreach ($one in @(Get-NetIPInterface -ErrorAction SilentlyContinue)) {
        $name = [string]$one.InterfaceAlias
        $value = [long]$one.InterfaceMetric
        if (-not $metric.ContainsKey($name) -or $value -lt $metric[$name]) { $metric[$name] = $value }
    }
    $up = @($Interfaces | Where-Object { $_.up -and -not $_.ContainsKey('loopback') })
    return @($up | Sort-Object -Property @{ Expression = {
                if ($metric.ContainsKey($_.name)) { $metric[$_.name] } else { 100000 } } })
}

# Each adapter's servers, in the order in which Windows asks them.
function Get-AdapterServers($Interfaces) {
    $of = @{}
    foreach ($one in @(Get-DnsClientServerAddress -ErrorAction Stop)) {
        $name = [string]$one.InterfaceAlias
        if (-not $of.ContainsKey($name)) { $of[$name] = @() }
        # fec0:0:0:ffff::1 and its likes stand where nobody set anything.
        $of[$name] += @($one.ServerAddresses | Where-Object { $_ -and $_ -notlike 'fec0:*' })
    }
    $order = 0
    foreach ($interface in @(Get-Order $Interfaces)) {
        if (-not $of.ContainsKey($interface.name)) { continue }
        foreach ($address in $of[$interface.name]) {
            @{
                at = (Get-Place $address 53); interface = [string]$interface.name; order = $order
                source = 'Get-DnsClientServerAddress'; default_route = $true
            }
            $order += 1
        }
    }
}

# NRPT: for these names these servers and no others.
function Get-PolicyServers {
    foreach ($rule in @(Get-DnsClientNrptPolicy -Effective -ErrorAction Stop)) {
        $domains = @()
        foreach ($one in @(Get-Value $rule 'Namespace')) {
            if (-not $one) { continue }
            $domain = ([string]$one).Trim('.').ToLowerInvariant()
            if ($domain -eq '') { $domain = '.' }
            $domains += $domain
        }
        $order = 0
        foreach ($address in @(Get-Value $rule 'NameServers')) {
            if (-not $address -or $domains.Count -eq 0) { continue }
            @{
                at = (Get-Place ([string]$address) 53); order = $order; source = 'NRPT'; domains = [string[]]$domains
            }
            $order += 1
        }
    }
}

function Get-Routes {
    $n = 0
    foreach ($route in @(Get-NetRoute -ErrorAction Stop)) {
        $to = [string]$route.DestinationPrefix
        if ($to -match '^(22[4-9]|23\d|255\.|127\.|ff|::1/)') { continue }
        $n += 1
        if ($n -gt 2000) { break }
        $out = @{
            to = ($to -replace '%[^/]*', ''); interface = [string]$route.InterfaceAlias
            metric = ([long](Get-Value $route 'RouteMetric') + [long](Get-Value $route 'InterfaceMetric'))
        }
        $hop = ([string]$route.NextHop) -replace '%.*', ''
        if ($hop -ne '0.0.0.0' -and $hop -ne '::' -and $hop -ne '') { $out['gateway'] = $hop }
        $out
    }
}

# Lines of the hosts file that are about our names; the others become empty, so
# that numbers of lines hold.
function Get-HostsText([string]$Path, $Targets) {
    $names = @()
    foreach ($target in $Targets) {
        if (-not $target.fqdn) { continue }
        $names += $target.fqdn
        $label = ($target.fqdn -split '\.')[0]
        if ($target.expect -ne 'public' -and $label.Length -gt 4) { $names += ($label + '.') }
    }
    $lines = @()
    foreach ($line in @([System.IO.File]::ReadAllText($Path) -split "`r?`n")) {
        $kept = ''
        foreach ($name in $names) {
            if ($line.ToLowerInvariant().Contains($name)) { $kept = $line }
        }
        $lines += $kept
    }
    return ($lines -join "`n").TrimEnd("`n")
}

# Whom the settings of this person (also a proxy script) send each name to.
function Get-Proxies($Targets) {
    $out = @{ proxies = @(); direct = @() }
    $system = [System.Net.WebRequest]::GetSystemWebProxy()
    foreach ($target in $Targets) {
        if (-not $target.fqdn -or $target.fqdn.StartsWith('*')) { continue }
        $uri = New-Object System.Uri('https://' + $target.fqdn + '/')
        $proxy = $null
        if (-not $system.IsBypassed($uri)) { $proxy = $system.GetProxy($uri) }
        if ($null -eq $proxy -or $proxy.Host -eq $uri.Host) {
            $out.direct += $target.fqdn
        } else {
            $url = $proxy.Scheme + '://' + $proxy.Authority.ToLowerInvariant()
            if ($out.proxies -notcontains $url) { $out.proxies += $url }
        }
    }
    return $out
}

# Programs that are not of Windows look at these.
function Get-ProxyVariables {
    foreach ($pair in @(@('https', 'HTTPS_PROXY'), @('http', 'HTTP_PROXY'), @('all', 'ALL_PROXY'))) {
        $value = [string][System.Environment]::GetEnvironmentVariable($pair[1])
        if (-not $value) { continue }
        $url = $value
        if ($url -notmatch '^[A-Za-z0-9+.-]+://') { $url = 'http://' + $url }
        $found = [regex]::Match($url, '^([A-Za-z0-9+.-]+)://(?:.*@)?([^@/?#]+)')
        if (-not $found.Success) { continue }
        $out = @{
            scheme = $pair[0]; source = $pair[1]
            url = ($found.Groups[1].Value + '://' + $found.Groups[2].Value).ToLowerInvariant()
        }
        if ($value.Contains('@')) { $out['has_credentials'] = $true }
        $out
    }
}

function Get-System-Name {
    $system = Get-CimInstance -ClassName Win32_OperatingSystem -ErrorAction Stop
    return ([string]$system.Caption).Trim() + ' ' + [string]$system.Version
}

function Get-Search {
    $list = @()
    $settings = Get-DnsClientGlobalSetting -ErrorAction Stop
    foreach ($one in @($settings.SuffixSearchList)) { if ($one) { $list += [string]$one } }
    foreach ($one in @(Get-DnsClient -ErrorAction SilentlyContinue)) {
        if ($one.ConnectionSpecificSuffix) { $list += [string]$one.ConnectionSpecificSuffix }
    }
    return @($list | ForEach-Object { $_.Trim('.').ToLowerInvariant() } | Select-Object -Unique)
}

function Get-Machine($Targets) {
    $machine = New-Object System.Collections.Specialized.OrderedDictionary
    $machine['schema'] = 'pldiag.machine/1'
    $machine['host'] = [string][System.Environment]::MachineName
    $machine['platform'] = 'windows'
    $machine['os'] = [string](Get-Piece 'system' { Get-System-Name })
    $interfaces = @(Get-Piece 'interfaces' { Get-Interfaces })
    $servers = @(Get-Piece 'NRPT' { Get-PolicyServers }) + @(Get-Piece 'name servers' { Get-AdapterServers $interfaces })
    $machine['servers'] = [object[]]$servers
    $machine['resolv'] = @{ search = [string[]]@(Get-Piece 'suffixes' { Get-Search }) }
    $path = Join-Path $env:SystemRoot 'System32\drivers\etc\hosts'
    $machine['hosts'] = @{ path = $path }
    $machine['texts'] = @{ hosts = [string](Get-Piece 'hosts file' { Get-HostsText $path $Targets }) }
    $machine['interfaces'] = [object[]]$interfaces
    $machine['routes'] = [object[]]@(Get-Piece 'routes' { Get-Routes })
    $of = Get-Piece 'proxies' { Get-Proxies $Targets }
    $proxies = @()
    $direct = @()
    if ($null -ne $of -and $of.proxies.Count -gt 0) {
        $proxies += @{ scheme = 'https'; url = $of.proxies[0]; source = 'Internet settings' }
        $direct = @($of.direct)
    } else {
        $proxies = @(Get-ProxyVariables)
        $direct = @(([string]$env:NO_PROXY) -split '[,\s]+' | Where-Object { $_ })
    }
    if ($proxies.Count -gt 0) {
        $machine['proxies'] = [object[]]$proxies
        $machine['no_proxy'] = [string[]]@($direct | ForEach-Object { ([string]$_).ToLowerInvariant() })
    }
    $machine['roots'] = @{ path = 'the certificate store of Windows' }
    $machine['clock'] = @{ time = $script:today }
    return $machine
}
