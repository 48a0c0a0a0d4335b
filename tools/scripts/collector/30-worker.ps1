# SPDX-License-Identifier: MIT
# --- one question each, run side by side -----------------------------------------------
# This text runs in runspaces of its own: it sees nothing of the script around
# it.  It prints facts, each one line of JSON.
$worker = {
    param([string]$Kind, $Job, $Common)
    Set-StrictMode -Version 2.0
    $ErrorActionPreference = 'Stop'

    function Get-Now {
        return [long]([DateTime]::UtcNow - $Common.begun).TotalMilliseconds
    }

    # Lists are given as typed arrays: Windows PowerShell writes others as
    # objects with a Count.
    function Write-Fact($Fact) {
        ConvertTo-Json -InputObject $Fact -Compress -Depth 8
    }

    function New-Fact([string]$Probe, [long]$Started) {
        $fact = New-Object System.Collections.Specialized.OrderedDictionary
        $fact['probe'] = $Probe
        if ($Job.target) { $fact['target'] = [string]$Job.target }
        $fact['started_ms'] = $Started
        $fact['took_ms'] = [long]((Get-Now) - $Started)
        $fact['status'] = 'not-run'
        return $fact
    }

    # The innermost exception that is a socket's, or nothing.
    function Get-SocketError($Exception) {
        while ($null -ne $Exception) {
            if ($Exception -is [System.Net.Sockets.SocketException]) {
                return [int]$Exception.ErrorCode
            }
            if ($Exception -is [System.AggregateException] -and $Exception.InnerExceptions.Count -gt 0) {
                $Exception = $Exception.InnerExceptions[0]
            } else {
                $Exception = $Exception.InnerException
            }
        }
        return 0
    }

    # WSAECONNREFUSED and its likes, as errno(3) calls them.
    $errnoNames = @{
        10013 = 'EACCES'; 10050 = 'ENETDOWN'; 10051 = 'ENETUNREACH'; 10053 = 'ECONNABORTED'
        10054 = 'ECONNRESET'; 10060 = 'ETIMEDOUT'; 10061 = 'ECONNREFUSED'; 10065 = 'EHOSTUNREACH'
    }

    function Get-Plain([string]$Name) {
        return $Name.TrimEnd('.').ToLowerInvariant()
    }

    # --- names -----------------------------------------------------------------
    # What programs get (hosts file, NRPT, cache, then name servers).
    function Get-System {
        $started = Get-Now
        $addresses = @()
        $code = 0
        $late = $false
        try {
            $task = [System.Net.Dns]::GetHostAddressesAsync($Job.name)
            if ($task.Wait(9000)) {
                foreach ($one in @($task.Result)) { $addresses += $one.ToString() }
            } else {
                $late = $true
            }
        } catch {
            $code = Get-SocketError $_.Exception
            $words = $_.Exception.GetBaseException().Message
        }
        $fact = New-Fact 'system-dns' $started
        if ($addresses.Count -gt 0) {
            $fact['status'] = 'answer'
        } elseif ($late) {
            $fact['status'] = 'timeout'
        } elseif ($code -eq 11001 -or $code -eq 11004) {
            $fact['status'] = 'none'
        } elseif ($code -eq 11002 -and $fact['took_ms'] -ge 900) {
            $fact['status'] = 'timeout'
        } else {
            $fact['status'] = 'failed'
        }
        if ($code -ne 0) { $fact['error'] = [string]$words }
        $fact['name'] = [string]$Job.name
        if ($addresses.Count -gt 0) { $fact['addresses'] = [string[]]$addresses }
        Write-Fact $fact
    }

    # --- one name server ---------------------------------------------------------
    # A question as RFC 1035 has it, over a socket of our own: the reply says
    # more than Resolve-DnsName does (aliases and SOA of negative answers).
    $typeNumbers = @{ A = 1; CNAME = 5; SOA = 6; AAAA = 28 }
    $typeNames = @{ 1 = 'A'; 5 = 'CNAME'; 6 = 'SOA'; 28 = 'AAAA' }
    $rcodeStatus = @{ 0 = 'nodata'; 2 = 'servfail'; 3 = 'nxdomain'; 5 = 'refused' }

    function New-Query([string]$Name, [int]$Type, [int]$Id) {
        $bytes = New-Object System.Collections.Generic.List[byte]
        $bytes.AddRange([byte[]]@(($Id -shr 8), ($Id -band 255), 1, 0, 0, 1, 0, 0, 0, 0, 0, 1))
        foreach ($label in $Name.Split('.')) {
            $text = [System.Text.Encoding]::ASCII.GetBytes($label)
            $bytes.Add([byte]$text.Length)
            $bytes.AddRange([byte[]]$text)
        }
        # the root; type and class; EDNS with room for 1232 bytes (RFC 6891)
        $bytes.AddRange([byte[]]@(0, 0, $Type, 0, 1, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0))
        return , $bytes.ToArray()
    }

    function Get-Word([byte[]]$Wire, [int]$At) {
        return (([int]$Wire[$At]) -shl 8) -bor [int]$Wire[$At + 1]
    }

    function Get-Long([byte[]]$Wire, [int]$At) {
        return ([long](Get-Word $Wire $At)) * 65536 + (Get-Word $Wire ($At + 2))
    }

    # The name at a place, and where the next thing begins.
    function Read-Name([byte[]]$Wire, [int]$At) {
        $labels = @()
        $next = -1
        foreach ($step in 1..128) {
            if ($At -ge $Wire.Length) { throw 'a name is cut' }
            $n = [int]$Wire[$At]
            if ($n -ge 192) {
                if ($next -lt 0) { $next = $At + 2 }
                $At = (Get-Word $Wire $At) -band 16383
                continue
            }
            if ($n -eq 0) {
                if ($next -lt 0) { $next = $At + 1 }
                $text = ($labels -join '.').ToLowerInvariant()
                if ($text -eq '') { $text = '.' }
                return @{ text = $text; next = $next }
            }
            $labels += [System.Text.Encoding]::ASCII.GetString($Wire, $At + 1, $n)
            $At += 1 + $n
        }
        throw 'a name goes round in a circle'
    }

    # What a record says; $null for those that nobody asked for.
    function Read-Value([byte[]]$Wire, [int]$At, [int]$Length, $Record) {
        if ($Record.type -eq 'A' -and $Length -eq 4) {
            $Record['value'] = ([byte[]]$Wire[$At..($At + 3)]) -join '.'
        } elseif ($Record.type -eq 'AAAA' -and $Length -eq 16) {
            $ip = New-Object System.Net.IPAddress(, [byte[]]$Wire[$At..($At + 15)])
            $Record['value'] = $ip.ToString()
        } elseif ($Record.type -eq 'CNAME') {
            $Record['value'] = (Read-Name $Wire $At).text
        } elseif ($Record.type -eq 'SOA') {
            $first = Read-Name $Wire $At
            $second = Read-Name $Wire $first.next
            $Record['mname'] = $first.text
            $Record['rname'] = $second.text
            $Record['minimum'] = Get-Long $Wire ($second.next + 16)
        }
    }

    function Read-Reply([byte[]]$Wire) {
        $flags = Get-Word $Wire 2
        $reply = @{ rcode = ($flags -band 15); flags = $flags; edns = $false; ede = -1; records = @() }
        $at = 12
        foreach ($i in 1..(Get-Word $Wire 4)) {
            if ((Get-Word $Wire 4) -eq 0) { break }
            $at = (Read-Name $Wire $at).next + 4
        }
        $sections = @('answer') * (Get-Word $Wire 6) + @('authority') * (Get-Word $Wire 8) + @('more') * (Get-Word $Wire 10)
        foreach ($section in $sections) {
            $name = Read-Name $Wire $at
            $type = Get-Word $Wire $name.next
            $length = Get-Word $Wire ($name.next + 8)
            $at = $name.next + 10
            if ($at + $length -gt $Wire.Length) { throw 'a record is cut' }
            if ($type -eq 41) {
                $reply['edns'] = $true
                $reply['rcode'] = $reply['rcode'] -bor (16 * [int]$Wire[$name.next + 4])
                if ($length -ge 6 -and (Get-Word $Wire $at) -eq 15) { $reply['ede'] = Get-Word $Wire ($at + 4) }
            } elseif ($typeNames.ContainsKey($type)) {
                $record = @{ name = $name.text; type = $typeNames[$type]; ttl = (Get-Long $Wire ($name.next + 4)); section = $section }
                Read-Value $Wire $at $length $record
                $reply['records'] += $record
            }
            $at += $length
        }
        return $reply
    }

    # The reply to this question, or an exception.
    function Send-Udp([byte[]]$Query, $Fact) {
        $ip = [System.Net.IPAddress]::Parse($Job.server)
        $client = New-Object System.Net.Sockets.UdpClient($ip.AddressFamily)
        try {
            $client.Connect($ip, [int]$Job.port)
            $client.Client.ReceiveTimeout = 1500
            foreach ($try in 1..2) {
                $null = $client.Send($Query, $Query.Length)
                $Fact['sends'] = $try
                $until = [DateTime]::UtcNow.AddMilliseconds(1500)
                while ([DateTime]::UtcNow -lt $until) {
                    $from = New-Object System.Net.IPEndPoint($ip, 0)
                    try {
                        $wire = $client.Receive([ref]$from)
                    } catch {
                        if ((Get-SocketError $_.Exception) -ne 10060) { throw }
                        break
                    }
                    $Fact['received'] += 1
                    if ($wire.Length -ge 12 -and $wire[0] -eq $Query[0] -and $wire[1] -eq $Query[1]) { return , $wire }
                }
            }
        } finally {
            $client.Close()
        }
        return $null
    }

    function Send-Tcp([byte[]]$Query) {
        $ip = [System.Net.IPAddress]::Parse($Job.server)
        $client = New-Object System.Net.Sockets.TcpClient($ip.AddressFamily)
        try {
            if (-not $client.ConnectAsync($ip, [int]$Job.port).Wait(3000)) { return $null }
            $stream = $client.GetStream()
            $stream.ReadTimeout = 3000
            $stream.Write([byte[]]@(($Query.Length -shr 8), ($Query.Length -band 255)), 0, 2)
            $stream.Write($Query, 0, $Query.Length)
            $wire = New-Object System.Collections.Generic.List[byte]
            $buffer = New-Object byte[] 4096
            $want = 2
            while ($wire.Count -lt $want) {
                $n = $stream.Read($buffer, 0, $buffer.Length)
                if ($n -le 0) { return $null }
                $wire.AddRange([byte[]]$buffer[0..($n - 1)])
                if ($wire.Count -ge 2) { $want = 2 + 256 * [int]$wire[0] + [int]$wire[1] }
            }
            return , $wire.GetRange(2, $want - 2).ToArray()
        } finally {
            $client.Close()
        }
    }

    # --- the same by Resolve-DnsName, for where sockets of our own get nothing -------
    $dnsCodes = @{ 9001 = 1; 9002 = 2; 9003 = 3; 9004 = 4; 9005 = 5; 9006 = 6; 9501 = 0; 9701 = 0 }
    $dnsWords = @(
        @('NAME_ERROR', 3), @('SERVER_FAILURE', 2), @('REFUSED', 5), @('FORMAT_ERROR', 1),
        @('NOT_IMPLEMENTED', 4), @('NO_RECORDS', 0), @('RECORD_DOES_NOT_EXIST', 0))

    # The rcode behind an error of Resolve-DnsName; -1: there was no reply.
    function Get-Rcode($ErrorRecord) {
        $base = $ErrorRecord.Exception.GetBaseException()
        if ($base -is [System.ComponentModel.Win32Exception] -and $dnsCodes.ContainsKey([int]$base.NativeErrorCode)) {
            return $dnsCodes[[int]$base.NativeErrorCode]
        }
        foreach ($pair in $dnsWords) {
            if ($ErrorRecord.FullyQualifiedErrorId -like ('*' + $pair[0] + '*')) { return $pair[1] }
        }
        return -1
    }

    function Get-Record($From) {
        $record = @{ name = (Get-Plain $From.Name); type = [string]$From.Type; ttl = [long]$From.TTL; section = ([string]$From.Section).ToLowerInvariant() }
        if ($record.type -eq 'A' -or $record.type -eq 'AAAA') { $record['value'] = [string]$From.IPAddress }
        if ($record.type -eq 'CNAME') { $record['value'] = Get-Plain $From.NameHost }
        if ($record.type -eq 'SOA') {
            $record['mname'] = Get-Plain $From.PrimaryServer
            $record['rname'] = Get-Plain $From.NameAdministrator
            $record['minimum'] = [long]$From.DefaultTTL
        }
        return $record
    }

    function Resolve-Once([string]$Name, [string]$Type) {
        $reply = @{ rcode = 0; flags = 0; edns = $false; ede = -1; records = @() }
        try {
            foreach ($one in @(Resolve-DnsName -Name ($Name + '.') -Type $Type -Server $Job.server `
                        -DnsOnly -NoHostsFile -QuickTimeout -ErrorAction Stop)) {
                if ($typeNumbers.ContainsKey([string]$one.Type)) { $reply['records'] += (Get-Record $one) }
            }
        } catch {
            $reply['rcode'] = Get-Rcode $_
        }
        return $reply
    }

    # A negative answer comes without its aliases: they are asked for one by one.
    function Resolve-All([string]$Name, [string]$Type) {
        $reply = Resolve-Once $Name $Type
        $at = $Name
        foreach ($step in 1..4) {
            if ($reply['rcode'] -lt 0 -or @($reply['records']).Count -gt 0 -and $step -eq 1) { break }
            $more = Resolve-Once $at 'CNAME'
            $alias = @($more['records'] | Where-Object { $_.type -eq 'CNAME' })
            if ($alias.Count -eq 0) { break }
            $reply['records'] += $alias[0]
            $at = $alias[0].value
        }
        return $reply
    }

    # --- what a reply says -------------------------------------------------------------
    function Set-Chain($Records, $Fact) {
        $chain = @()
        $addresses = @()
        $at = Get-Plain $Job.name
        foreach ($step in 1..16) {
            $next = $null
            foreach ($r in $Records) {
                if ($r.type -eq 'CNAME' -and $r.name -eq $at -and $r.section -ne 'authority') { $next = $r }
            }
            if ($null -eq $next) { break }
            $chain += @{ name = $at; type = 'CNAME'; ttl = $next.ttl; value = $next.value }
            $at = $next.value
        }
        foreach ($r in $Records) {
            if ($r.type -eq $Job.type -and $r.type -ne 'SOA' -and $r.name -eq $at -and $r.ContainsKey('value')) {
                $chain += @{ name = $at; type = $r.type; ttl = $r.ttl; value = $r.value }
                $addresses += $r.value
            }
        }
        if ($chain.Count -gt 0) { $Fact['chain'] = [object[]]$chain }
        if ($addresses.Count -gt 0) { $Fact['addresses'] = [string[]]$addresses }
        return ($addresses.Count -gt 0)
    }

    # The SOA asked for, or that of a negative answer.
    function Set-Soa($Records, $Fact) {
        foreach ($r in $Records) {
            if ($r.type -ne 'SOA' -or -not $r.ContainsKey('mname')) { continue }
            $Fact['soa'] = @{ owner = $r.name; mname = $r.mname; rname = $r.rname; minimum = $r.minimum; ttl = $r.ttl }
            return ($Job.type -eq 'SOA' -and $r.name -eq (Get-Plain $Job.name))
        }
        return $false
    }

    function Set-Reply($Reply, $Fact) {
        $records = @($Reply['records'])
        $found = Set-Chain $records $Fact
        if (Set-Soa $records $Fact) { $found = $true }
        $Fact['status'] = 'rcode-other'
        if ($rcodeStatus.ContainsKey($Reply['rcode'])) { $Fact['status'] = $rcodeStatus[$Reply['rcode']] }
        if ($Reply['rcode'] -eq 0 -and $found) { $Fact['status'] = 'answer' }
        if (($Reply['flags'] -band 512) -ne 0 -and $Fact['transport'] -eq 'udp') { $Fact['status'] = 'truncated' }
        $Fact['rcode'] = [int]$Reply['rcode']
        if ($Reply['ede'] -ge 0) { $Fact['ede'] = [int]$Reply['ede'] }
        if ($Reply['edns']) { $Fact['edns'] = $true }
    }

    function New-Question([string]$Transport) {
        $fact = New-Fact 'dns' (Get-Now)
        $fact['view'] = [string]$Job.view
        $fact['name'] = Get-Plain $Job.name
        $fact['type'] = [string]$Job.type
        $fact['transport'] = $Transport
        $fact['sends'] = 0
        $fact['received'] = 0
        return $fact
    }

    # $true when there was a reply that could be read.
    function Ask-Socket([string]$Transport, $Fact) {
        $query = New-Query (Get-Plain $Job.name) $typeNumbers[$Job.type] (Get-Random -Minimum 1 -Maximum 65535)
        $wire = $null
        try {
            if ($Transport -eq 'tcp') {
                $Fact['sends'] = 1
                $wire = Send-Tcp $query
                if ($null -ne $wire) { $Fact['received'] = 1 }
            } else {
                $wire = Send-Udp $query $Fact
            }
        } catch {
            $code = Get-SocketError $_.Exception
            $Fact['status'] = 'unreachable'
            if ($code -eq 10054 -or $code -eq 10061) { $Fact['status'] = 'port-closed' }
            if ($code -eq 10060) { $Fact['status'] = 'timeout' }
            if ($errnoNames.ContainsKey($code)) { $Fact['errno'] = $errnoNames[$code] }
            $Fact['error'] = [string]$_.Exception.GetBaseException().Message
            return $false
        }
        if ($null -eq $wire) {
            $Fact['status'] = 'timeout'
            if ($Fact['received'] -gt 0) {
                $Fact['status'] = 'malformed'
                $Fact['error'] = 'what came back is no answer to the question'
            }
            return $false
        }
        try {
            Set-Reply (Read-Reply $wire) $Fact
        } catch {
            $Fact['status'] = 'malformed'
            $Fact['error'] = [string]$_.Exception.Message
            return $false
        }
        return $true
    }

    function Get-Question([string]$Transport) {
        $fact = New-Question $Transport
        $ok = Ask-Socket $Transport $fact
        if (-not $ok -and $Transport -eq 'udp' -and $Job.port -eq 53 -and (Get-Command Resolve-DnsName -ErrorAction SilentlyContinue)) {
            $reply = Resolve-All (Get-Plain $Job.name) $Job.type
            if ($reply['rcode'] -ge 0) {
                foreach ($key in @('errno', 'error')) { $null = $fact.Remove($key) }
                Set-Reply $reply $fact
                $fact['received'] = 1
            }
        }
        $fact['took_ms'] = [long]((Get-Now) - $fact['started_ms'])
        Write-Fact $fact
        if ($fact['status'] -eq 'truncated') { Get-Question 'tcp' }
    }

    # --- ways --------------------------------------------------------------------
    function Get-Route {
        $started = Get-Now
        $route = $null
        $source = $null
        $words = ''
        try {
            foreach ($one in @(Find-NetRoute -RemoteIPAddress $Job.address -ErrorAction Stop)) {
                if ($one.PSObject.Properties['NextHop']) { $route = $one } else { $source = $one }
            }
        } catch {
            $words = $_.Exception.Message
        }
        $fact = New-Fact 'route' $started
        $fact['status'] = 'none'
        $fact['address'] = [string]$Job.address
        $gateway = ''
        if ($null -ne $route) {
            $fact['status'] = 'ok'
            $fact['interface'] = [string]$route.InterfaceAlias
            if ($null -ne $source) { $fact['source'] = ([string]$source.IPAddress) -replace '%.*', '' }
            $gateway = ([string]$route.NextHop) -replace '%.*', ''
            if ($gateway -eq '0.0.0.0' -or $gateway -eq '::') { $gateway = '' }
            if ($gateway) { $fact['gateway'] = $gateway }
        } elseif ($words) {
            $fact['error'] = [string]$words
        }
        $fact['on_link'] = ($null -ne $route -and -not $gateway)
        $fact['is_default'] = ($null -ne $route -and ([string]$route.DestinationPrefix).EndsWith('/0'))
        $fact['is_tunnel'] = ($null -ne $route -and $Common.tunnels -contains [string]$route.InterfaceAlias)
        Write-Fact $fact
    }

    # A connection, or nothing and the fact that says why.
    function Open-Connection([string]$Address, [int]$Port, $Fact) {
        $ip = [System.Net.IPAddress]::Parse($Address)
        $client = New-Object System.Net.Sockets.TcpClient($ip.AddressFamily)
        $code = 0
        try {
            $task = $client.ConnectAsync($ip, $Port)
            if ($task.Wait($Common.timeoutMs)) { return $client }
            $Fact['status'] = 'timeout'
        } catch {
            $code = Get-SocketError $_.Exception
            $Fact['status'] = 'failed'
            if ($code -eq 10061) { $Fact['status'] = 'refused' }
            if ($code -eq 10060) { $Fact['status'] = 'timeout' }
            if ($code -eq 10051 -or $code -eq 10065) { $Fact['status'] = 'unreachable' }
            if ($code -eq 10054) { $Fact['status'] = 'reset' }
            if ($errnoNames.ContainsKey($code)) { $Fact['errno'] = $errnoNames[$code] }
            $Fact['error'] = [string]$_.Exception.GetBaseException().Message
        }
        $client.Close()
        return $null
    }

    # What stood in the way of reading or writing: cut, timeout or failed.
    function Set-Broken($Fact, $ErrorRecord) {
        $code = Get-SocketError $ErrorRecord.Exception
        $base = $ErrorRecord.Exception.GetBaseException()
        $Fact['error'] = [string]$base.Message
        if ($code -eq 10060) {
            $Fact['status'] = 'timeout'
        } elseif ($code -eq 10054 -or $code -eq 10053) {
            $Fact['status'] = 'cut'
            $Fact['errno'] = $errnoNames[$code]
        } elseif ($base -is [System.IO.IOException]) {
            $Fact['status'] = 'cut'
            $Fact['error'] = 'closed by the peer'
        } else {
            $Fact['status'] = 'failed'
        }
    }

    function Get-Hash($Certificate) {
        $sha = [System.Security.Cryptography.SHA256]::Create()
        return [System.BitConverter]::ToString($sha.ComputeHash($Certificate.RawData)).Replace('-', '').ToLowerInvariant()
    }

    function Get-Utc([DateTime]$Time) {
        return $Time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", [System.Globalization.CultureInfo]::InvariantCulture)
    }

    function Get-Certificate($Certificate) {
        $names = @()
        foreach ($extension in $Certificate.Extensions) {
            if ($extension.Oid.Value -ne '2.5.29.17') { continue }
            # "DNS Name=a, DNS Name=b" in the language of the machine
            foreach ($one in [regex]::Matches($extension.Format($false), '=\s*([^,\s]+)')) {
                $names += $one.Groups[1].Value
            }
        }
        $out = @{
            subject = [string]$Certificate.Subject; issuer = [string]$Certificate.Issuer
            not_before = (Get-Utc $Certificate.NotBefore); not_after = (Get-Utc $Certificate.NotAfter)
            sha256 = (Get-Hash $Certificate)
        }
        if ($names.Count -gt 0) { $out['san'] = [string[]]$names }
        return $out
    }

    # Where the root of the chain stands: Microsoft's own list, or what the
    # owner of this machine added.
    function Get-RootKind($Root) {
        $stores = 'SystemCertificates\{0}\Certificates\' + $Root.Thumbprint
        $machine = 'HKLM:\SOFTWARE\Microsoft\'
        $added = @(('HKLM:\SOFTWARE\Policies\Microsoft\' + ($stores -f 'Root')),
            ('HKCU:\SOFTWARE\Microsoft\' + ($stores -f 'Root')),
            ('HKCU:\SOFTWARE\Policies\Microsoft\' + ($stores -f 'Root')),
            ($machine + 'EnterpriseCertificates\Root\Certificates\' + $Root.Thumbprint))
        if (Test-Path -Path ($machine + ($stores -f 'AuthRoot'))) { return 'public' }
        foreach ($place in $added) {
            if (Test-Path -Path $place) { return 'local' }
        }
        if (Test-Path -Path ($machine + ($stores -f 'ROOT'))) {
            if ($Root.Subject -match 'O=Microsoft Corporation') { return 'public' }
            return 'local'
        }
        return 'unknown'
    }

    # The chain ends at a root that --ca-file gave.
    function Test-ServiceRoot($Certificates) {
        if ($Common.serviceRoots.Count -eq 0 -or $Certificates.Count -eq 0) { return $false }
        $chain = New-Object System.Security.Cryptography.X509Certificates.X509Chain
        $chain.ChainPolicy.RevocationMode = 'NoCheck'
        # Unknown authority and wrong times are looked at elsewhere.
        $chain.ChainPolicy.VerificationFlags = 'AllowUnknownCertificateAuthority, IgnoreNotTimeValid'
        foreach ($one in @($Common.serviceRoots) + @($Certificates)) {
            $null = $chain.ChainPolicy.ExtraStore.Add($one)
        }
        if (-not $chain.Build($Certificates[0])) { return $false }
        $last = $chain.ChainElements[$chain.ChainElements.Count - 1].Certificate
        foreach ($one in $Common.serviceRoots) {
            if ($one.Thumbprint -eq $last.Thumbprint) { return $true }
        }
        return $false
    }

    # Called by SslStream in this thread; says yes to everything, and keeps it.
    $watch = {
        param($from, $certificate, $chain, $errors)
        $global:tlsSeen['errors'] = [int]$errors
        $status = 0
        foreach ($one in @($chain.ChainStatus)) { $status = $status -bor [int]$one.Status }
        $global:tlsSeen['status'] = $status
        foreach ($one in $chain.ChainElements) {
            $global:tlsSeen['certificates'] += (New-Object System.Security.Cryptography.X509Certificates.X509Certificate2(, $one.Certificate.RawData))
        }
        return $true
    }

    function Set-Certificates($Fact, $Seen) {
        $certificates = @($Seen['certificates'])
        $sent = @($certificates)
        $last = $certificates[$certificates.Count - 1]
        if ($certificates.Count -gt 1 -and $last.Subject -eq $last.Issuer) {
            $sent = @($certificates[0..($certificates.Count - 2)])
        }
        $chain = @()
        foreach ($one in $sent) { $chain += (Get-Certificate $one) }
        $Fact['chain'] = [object[]]$chain
        $now = [DateTime]::UtcNow
        $faults = @()
        $timeOnly = 1 -bor 64 -bor 16777216   # NotTimeValid; revocation was not asked for
        $service = Test-ServiceRoot $certificates
        if (-not $service -and (([int]$Seen['status'] -band (-bnot $timeOnly)) -ne 0)) { $faults += 'untrusted' }
        if (([int]$Seen['errors'] -band 2) -ne 0) { $faults += 'name-mismatch' }
        if ($certificates[0].NotAfter.ToUniversalTime() -lt $now) { $faults += 'expired' }
        if ($certificates[0].NotBefore.ToUniversalTime() -gt $now) { $faults += 'not-yet-valid' }
        # A certificate above the leaf.
        if ($faults.Count -eq 0 -and ([int]$Seen['status'] -band 1) -ne 0) { $faults += 'expired' }
        if ($service) {
            $Fact['root'] = 'service'
        } elseif ($faults -notcontains 'untrusted') {
            $kind = Get-RootKind $last
            if ($kind -ne 'unknown') { $Fact['root'] = $kind }
        }
        $Fact['status'] = 'ok'
        if ($faults.Count -gt 0) {
            $Fact['status'] = $faults[0]
            $Fact['error'] = 'the certificate is ' + ($faults -join ', ')
            $Fact['faults'] = [string[]]$faults
        }
    }

    # The handshake; $true when it was whole.  The certificate is kept whatever
    # it says.
    function Enter-Tls($Stream, [string]$Name, $Fact) {
        $global:tlsSeen = @{ errors = 0; status = 0; certificates = @() }
        $whole = $false
        try {
            # Tls12, as a number: old versions of .NET have no word for it.
            $Stream.AuthenticateAsClient($Name, $null, [System.Security.Authentication.SslProtocols]3072, $false)
            $whole = $true
        } catch {
            Set-Broken $Fact $_
        }
        $certificates = @($global:tlsSeen['certificates'])
        $Fact['server_hello'] = ($certificates.Count -gt 0)
        $Fact['bytes_in'] = 0
        if ($whole -and $certificates.Count -gt 0) {
            $Fact['version'] = 'TLSv1.2'
            Set-Certificates $Fact $global:tlsSeen
        }
        return $whole
    }

    # --- HTTP/1 ------------------------------------------------------------------
    # The first bytes of an answer, as text in which a character is a byte.
    function Read-Answer($Stream, $Fact, [bool]$HeadOnly) {
        $latin = [System.Text.Encoding]::GetEncoding(28591)
        $buffer = New-Object byte[] 4096
        $text = ''
        while ($text.Length -lt 12288) {
            try {
                $n = $Stream.Read($buffer, 0, $buffer.Length)
            } catch {
                if ($text -notmatch "`r?`n`r?`n") { Set-Broken $Fact $_ }
                break
            }
            if ($n -le 0) {
                if ($text -eq '') {
                    $Fact['status'] = 'cut'
                    $Fact['error'] = 'closed by the peer'
                }
                break
            }
            $text += $latin.GetString($buffer, 0, $n)
            if ($HeadOnly -and $text -match "`r?`n`r?`n") { break }
        }
        return $text
    }

    function Send-Text($Stream, [string]$Text) {
        $bytes = [System.Text.Encoding]::ASCII.GetBytes($Text)
        $Stream.Write($bytes, 0, $bytes.Length)
        $Stream.Flush()
    }

    # Control characters and what is beyond ASCII would only be guesses.
    function Get-Clean([string]$Text, [int]$Most) {
        if ($Text.Length -gt $Most) { $Text = $Text.Substring(0, $Most) }
        return ($Text -replace '[^\x20-\x7e\t\r\n]', '?')
    }

    function Test-Mark($Mark, [int]$Code, $Fields, [string]$Body) {
        if ($Mark.code -ne 0 -and $Mark.code -ne $Code) { return $false }
        if ($Mark.header) {
            foreach ($one in $Fields) {
                if ($one[0] -eq $Mark.header -and ((-not $Mark.value) -or
                        $one[1].IndexOf($Mark.value, [System.StringComparison]::OrdinalIgnoreCase) -ge 0)) { return $true }
            }
            return $false
        }
        if ($Mark.value) { return ($Body.IndexOf($Mark.value, [System.StringComparison]::OrdinalIgnoreCase) -ge 0) }
        return ($Mark.code -ne 0)
    }

    function Get-Fields([string]$Head) {
        foreach ($line in @($Head -split "`r?`n" | Select-Object -Skip 1)) {
            $colon = $line.IndexOf(':')
            if ($colon -ge 1 -and $line[0] -ne ' ' -and $line[0] -ne "`t") {
                , @($line.Substring(0, $colon).ToLowerInvariant(), (Get-Clean ($line.Substring($colon + 1).Trim()) 1024))
            }
        }
    }

    function Set-Headers($Fact, $Fields) {
        $keep = @('www-authenticate', 'location', 'via')
        foreach ($mark in @($Job.service) + @($Job.denial)) {
            if ($mark.header) { $keep += $mark.header }
        }
        $headers = New-Object System.Collections.Specialized.OrderedDictionary
        foreach ($one in $Fields) {
            $name = $one[0]
            if ($name -eq 'server' -and -not $Fact.Contains('server')) { $Fact['server'] = $one[1] }
            if ($name -eq 'date' -and -not $Fact.Contains('date')) { $Fact['date'] = $one[1] }
            if ($keep -notcontains $name -and $name -notmatch '^(x-ms-|access-control-)') { continue }
            if ($headers.Contains($name)) {
                $headers[$name] = [string[]](@($headers[$name]) + @($one[1]))
            } else {
                $headers[$name] = [string]$one[1]
            }
        }
        if ($headers.Count -gt 0) { $Fact['headers'] = $headers }
    }

    function Set-Answer($Fact, [string]$Text) {
        $end = [regex]::Match($Text, "`r?`n`r?`n")
        $first = [regex]::Match($Text, '^HTTP/1\.\d (\d{3})')
        if ($Text -eq '') { return }
        if (-not $first.Success -or -not $end.Success) {
            if (-not $first.Success) {
                $Fact['status'] = 'failed'
                $Fact['error'] = 'the answer is not HTTP/1'
            }
            return
        }
        $code = [int]$first.Groups[1].Value
        $body = $Text.Substring($end.Index + $end.Length)
        if ($code -lt 200 -and $code -ne 101) {
            Set-Answer $Fact $body
            return
        }
        $fields = @(Get-Fields ($Text.Substring(0, $end.Index)))
        $Fact['status'] = 'answer'
        $null = $Fact.Remove('error')
        $Fact['code'] = $code
        Set-Headers $Fact $fields
        $isService = (@($Job.service).Count -eq 0)
        foreach ($mark in @($Job.service)) {
            if (-not $isService) { $isService = Test-Mark $mark $code $fields $body }
        }
        $denial = ''
        foreach ($mark in @($Job.denial)) {
            if (-not $denial -and (Test-Mark $mark $code $fields $body)) { $denial = [string]$mark.words }
        }
        if ($isService) { $Fact['is_service'] = $true }
        if ($denial) { $Fact['denial'] = $denial }
        if (-not $isService -and -not $denial -and $body) { $Fact['body'] = Get-Clean $body 256 }
    }

    function Get-Http($Stream, $Fact) {
        $hostName = $Job.target
        if (-not $hostName) { $hostName = $Job.address }
        try {
            Send-Text $Stream ("{0} {1} HTTP/1.1`r`nHost: {2}`r`nUser-Agent: pldiag/{3}`r`nAccept: */*`r`nConnection: close`r`n`r`n" `
                    -f $Job.method, $Job.path, $hostName, $Common.version)
            Set-Answer $Fact (Read-Answer $Stream $Fact $false)
        } catch {
            Set-Broken $Fact $_
        }
    }

    function New-HttpFact([long]$Started) {
        $fact = New-Fact 'http' $Started
        $name = $Job.target
        if (-not $name) { $name = $Job.address }
        $fact['url'] = 'https://' + $name + $Job.path
        $fact['connect_code'] = 0
        $fact['code'] = 0
        return $fact
    }

    function Get-Connection {
        $started = Get-Now
        $open = New-Fact 'tcp' $started
        $client = Open-Connection $Job.address $Job.port $open
        $open['took_ms'] = [long]((Get-Now) - $started)
        if ($null -ne $client) { $open['status'] = 'open' }
        $open['address'] = [string]$Job.address
        $open['port'] = [int]$Job.port
        Write-Fact $open
        if ($null -eq $client) { return }
        if (-not $Job.tls) { $client.Close(); return }
        $raw = $client.GetStream()
        $raw.ReadTimeout = $Common.timeoutMs
        $raw.WriteTimeout = $Common.timeoutMs
        $started = Get-Now
        $stream = New-Object System.Net.Security.SslStream($raw, $false, [System.Net.Security.RemoteCertificateValidationCallback]$watch)
        $hello = New-Fact 'tls' $started
        $hello['address'] = [string]$Job.address
        $hello['port'] = [int]$Job.port
        $hello['sni'] = [string]$Job.target
        $whole = Enter-Tls $stream ([string]$Job.target) $hello
        $hello['took_ms'] = [long]((Get-Now) - $started)
        Write-Fact $hello
        if ($whole) {
            $started = Get-Now
            $answer = New-HttpFact $started
            $answer['address'] = [string]$Job.address
            $answer['port'] = [int]$Job.port
            Get-Http $stream $answer
            $answer['took_ms'] = [long]((Get-Now) - $started)
            Write-Fact $answer
        }
        $stream.Dispose()
        $client.Close()
    }

    # The same question through a proxy: CONNECT, then TLS inside.
    function Get-Proxied {
        $started = Get-Now
        $fact = New-HttpFact $started
        $fact['proxy'] = [string]$Job.proxy
        $uri = New-Object System.Uri($Job.proxy)
        $client = $null
        try {
            $ip = @([System.Net.Dns]::GetHostAddresses($uri.DnsSafeHost))[0]
            $fact['address'] = $ip.ToString()
            $fact['port'] = [int]$uri.Port
            $client = Open-Connection ($ip.ToString()) $uri.Port $fact
        } catch {
            $fact['status'] = 'failed'
            $fact['error'] = [string]$_.Exception.GetBaseException().Message
        }
        # refused and unreachable are words of tcp
        if (@('refused', 'unreachable', 'reset') -contains $fact['status']) { $fact['status'] = 'failed' }
        if ($null -ne $client) {
            $raw = $client.GetStream()
            $raw.ReadTimeout = $Common.timeoutMs
            $raw.WriteTimeout = $Common.timeoutMs
            try {
                Send-Text $raw ("CONNECT {0}:443 HTTP/1.1`r`nHost: {0}:443`r`nUser-Agent: pldiag/{1}`r`n`r`n" -f $Job.target, $Common.version)
                $said = [regex]::Match((Read-Answer $raw $fact $true), '^HTTP/1\.\d (\d{3})')
                if ($said.Success) { $fact['connect_code'] = [int]$said.Groups[1].Value }
                if ($fact['connect_code'] -ge 200 -and $fact['connect_code'] -lt 300) {
                    $stream = New-Object System.Net.Security.SslStream($raw, $false, [System.Net.Security.RemoteCertificateValidationCallback]$watch)
                    $hello = New-Fact 'tls' $started
                    if (Enter-Tls $stream ([string]$Job.target) $hello) {
                        Get-Http $stream $fact
                    } else {
                        $fact['status'] = $hello['status']
                        $fact['error'] = $hello['error']
                    }
                } elseif ($said.Success) {
                    $fact['status'] = 'failed'
                    $fact['error'] = 'the proxy said ' + $fact['connect_code']
                }
            } catch {
                Set-Broken $fact $_
            }
            $client.Close()
        }
        $fact['took_ms'] = [long]((Get-Now) - $started)
        Write-Fact $fact
    }

    switch ($Kind) {
        'system' { Get-System }
        'question' { Get-Question 'udp' }
        'route' { Get-Route }
        'connection' { Get-Connection }
        'proxied' { Get-Proxied }
    }
}
