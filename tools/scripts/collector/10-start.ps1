# SPDX-License-Identifier: MIT
#
# Look at how this machine reaches a private-link workspace, and write what was
# seen into one file.  Made by "pl-doctor --print-collector powershell" (pldiag
# @VERSION@); whoever sent it to you judges the file with
# "pl-doctor --from FILE".
#
#   powershell -ExecutionPolicy Bypass -File collector.ps1 [FILE]
#
# For Windows 10 and later, with Windows PowerShell 5.1 or PowerShell 7.  It
# needs no rights and changes nothing but FILE, which must not be there yet.
# What it could not ask is noted as not run.  Into FILE go the answers of name
# servers, connections and certificates for the names below, this machine's
# name servers, addresses, routes and proxies (without passwords), and the
# lines of the hosts file that are about these names.
param([string]$File = 'pldiag-case.jsonl')
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Continue'
$ProgressPreference = 'SilentlyContinue'

$version = '@VERSION@'
$role = '@ROLE@'
$era = '@ERA@'
$noPublic = [System.Convert]::ToBoolean('@NO_PUBLIC@')
$timeoutMs = 1000 * [int]'@TIMEOUT@'   # of one connection
$allMs = 90000                         # of everything
$atOnce = 32

# What to ask: targets, zones, further name servers.
$dataText = @'
@DATA@
'@

$inventoryText = @'
@INVENTORY@
'@

# Roots that count as the service's own (pl-doctor --ca-file).
$serviceRoots = @'
@ROOTS@
'@

function Tell([string]$Text) {
    [Console]::Error.WriteLine('collector: ' + $Text)
}

$script:complete = $true
function Set-Incomplete([string]$Why) {
    $script:complete = $false
    Tell $Why
}

if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    Tell 'a policy of this machine lets scripts do too little here; nothing was looked at'
    exit 2
}
