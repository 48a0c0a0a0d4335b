#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-bundle collect on a machine of our own making: what is in the file, what
never is, and what becomes of it when something is in the way."""
import base64
import contextlib
import io
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import urllib.parse
import zipfile

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import SHORT, check, run, write  # noqa: E402

INSIDE = "PLDIAG_E2E_WORLD"
planted = []
# Whose machine it is; none of it is an ordinary word.
NAMED = (b"holzweg", b"schlumpf", b"kobold", b"a8bbccddeeff", b"a8:bb:cc:dd:ee:ff", b"aabb:ccff:fedd:eeff")
formats = e2e.Formats()


def own_world(here):
    """Start over where /etc, /run and the programs of /usr/sbin are ours, and
    no packet leaves."""
    if os.environ.get(INSIDE):
        return
    flags = ["-mn"] if os.geteuid() == 0 else ["-rmn"]
    for name in ("etc", "sbin", "small", "home"):
        os.makedirs(f"{here}/{name}")
    for name in ("passwd", "group"):
        shutil.copy(f"/etc/{name}", f"{here}/etc/{name}")
    mounts = """mount -t tmpfs -o size=16k none "$1/small" && ip link set lo up
        mount --bind "$1/sbin" /usr/sbin && mount --bind "$1/etc" /etc && mount -t tmpfs none /run
        shift && exec "$@" """
    words = ["unshare", *flags, "sh", "-ec", mounts, "sh", here]
    if subprocess.run([*words, "true"], capture_output=True, check=False).returncode != 0:
        e2e.skip("this machine lets us mount nothing of our own")
    done = subprocess.run([*words, sys.executable, *sys.argv], check=False,
                          env={**os.environ, INSIDE: here})
    sys.exit(done.returncode)


# --- a machine ----------------------------------------------------------------------


def secret():
    """One that is nowhere else."""
    planted.append(f"Planted{len(planted):03d}x{base64.b32encode(os.urandom(10)).decode()}")
    return planted[-1]


def put(path, text, mode=0o600):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    write(path, text)
    os.chmod(path, mode)


def program(name, text):
    put(f"/usr/sbin/{name}", "#!/bin/sh\n" + text, 0o700)


def machine(here):
    """Files as distributions and people write them, with a secret in each."""
    home = f"{here}/home"
    put("/etc/resolv.conf.real", f"# password={secret()}\nnameserver 127.0.0.1\nsearch corp.example holzweg.lan\n")
    os.symlink("resolv.conf.real", "/etc/resolv.conf")
    put("/etc/hosts", f"127.0.0.1 localhost\n# token: {secret()}\n10.150.0.9 ws1103kv.vault.azure.net\n"
        "10.9.9.9 schlumpf # HOLZWEG\\ann uses it\n"
        f"# DB_PASS={secret()}\n# access key: {secret()}\n# curl -H 'X: Bearer {secret()}'\n"
        f"# https://f.example/api?code={secret()}\n# <password>{secret()}</password>\n"
        f"# Passwort: {secret()}\n# pw=&quot;{secret()}&quot;\n# otp={secret()}\n")
    put("/etc/nsswitch.conf", "hosts: files dns\n")
    put("/etc/os-release", 'PRETTY_NAME="Test GNU/Linux 1"\n')
    put("/etc/dnsmasq.d/a.conf", f"server=/corp.example/10.0.0.4\n#password={secret()}\ndhcp-userclass={secret()}\n")
    put("/etc/NetworkManager/system-connections/vpn.nmconnection",
        f"[connection]\nid={secret()}\ntype=vpn\n[vpn]\nservice-type=x.openvpn\n[vpn-secrets]\npassword={secret()}\n"
        f"[wifi-security]\npsk={secret()}\n[ipv4]\ndns=10.0.0.4;\ndns-search=corp.example;\n")
    put("/etc/NetworkManager/system-connections/Schlumpf Guest.nmconnection",
        "[connection]\nid=Schlumpf Guest\ntype=wifi\n[proxy]\npac-url=http://kobold/wpad.dat\n")
    put("/etc/openvpn/holzweg-berlin.conf", "dev tun\nremote vpn.holzweg.com 1194\n")
    put("/etc/wireguard/wg0.conf", f"[Interface]\nPrivateKey={secret()}\nMTU=1400\n[Peer]\nPresharedKey={secret()}\nAllowedIPs=10.0.0.0/8\n")
    put("/etc/openvpn/corp.conf", f"remote vpn.example\nauth-token {secret()}\n<key>\n-----BEGIN PRIVATE KEY-----\n{secret()}\n</key>\n")
    put("/etc/ipsec.conf", f"conn a\n  left=%any\n  xauth={secret()}\n")
    put("/etc/ipsec.secrets", secret())
    put("/etc/shadow", f"root:{secret()}:1::::::\n")
    put("/etc/ssl/private/key.pem", secret())
    put("/etc/environment", f"https_proxy=http://ann:{secret()}@proxy.example:3128\nAWS_SECRET_ACCESS_KEY={secret()}\n")
    put("/etc/profile.d/proxy.sh", f"export http_proxy=http://ann:{secret()}@p.example\nexport TOKEN={secret()}\n")
    put("/etc/apt/apt.conf.d/01proxy", f'Acquire::http::Proxy "http://u:{secret()}@apt.example:3142";\n')
    put("/etc/apt/auth.conf", f"machine x login y password {secret()}\n")
    put("/etc/opt/chrome/policies/managed/dns.json",
        json.dumps({"DnsOverHttpsMode": "secure", "DnsOverHttpsTemplates": f"https://u:{secret()}@doh.example/q",
                    "ManagedBookmarks": [secret()]}))
    put("/etc/opt/chrome/policies/managed/broken.json", "{ " + secret())
    put("/etc/firefox/policies/policies.json", json.dumps({"policies": {"DNSOverHTTPS": {"Enabled": True}, "Homepage": secret()}}))
    put("/etc/pki/ca-trust/source/anchors/corp.pem", open(f"{e2e.SOURCE}/tests/data/collect/root.pem", "rb").read())
    put("/etc/pki/ca-trust/source/anchors/corp.key", secret())
    put(f"{home}/.mozilla/firefox/x.default/prefs.js",
        f'user_pref("network.trr.mode", 3);\nuser_pref("network.trr.credentials", "{secret()}");\n'
        f'user_pref("services.sync.token", "{secret()}");\n'.replace("network.trr.credentials", "app.credentials"))
    for name in ("cookies.sqlite", "logins.json", "key4.db", "places.sqlite"):
        put(f"{home}/.mozilla/firefox/x.default/{name}", secret())
    put(f"{home}/.config/google-chrome/Local State",
        json.dumps({"dns_over_https": {"mode": "off"}, "os_crypt": {"encrypted_key": secret()}}))
    for name in ("Cookies", "History", "Login Data"):
        put(f"{home}/.config/google-chrome/Default/{name}", secret())
    put(f"{home}/.curlrc", f"proxy = http://u:{secret()}@c.example\nuser = a:{secret()}\n")
    put(f"{home}/.config/pip/pip.conf", f"[global]\nproxy = http://c.example\nindex-url = https://t:{secret()}@pypi.example\n")
    put(f"{home}/.gitconfig", f"[http]\n proxy = http://g.example\n extraHeader = Authorization: Bearer {secret()}\n")
    put(f"{home}/.config/microsoft-azurevpnclient/corp.xml", f"<a><dnssuffix>.corp.example</dnssuffix><serversecret>{secret()}</serversecret></a>")
    for name in (".ssh/id_rsa", ".ssh/config", ".azure/msal_token_cache.json", ".aws/credentials", ".bash_history", ".netrc"):
        put(f"{home}/{name}", secret())
    # Links to what is never taken, where something is.
    os.symlink(f"{home}/.ssh/config", "/etc/gai.conf")
    os.symlink(f"{home}/.azure/msal_token_cache.json", "/etc/dnsmasq.d/b.conf")
    os.symlink("host.conf", "/etc/host.conf")
    os.mkfifo("/etc/wsl.conf")
    os.symlink("/dev/zero", "/etc/resolvconf.conf")
    program("nmcli", "exec sleep 600\n")
    program("chronyc", "exec yes line\n")
    program("resolvectl", "echo 'Global'; echo ' DNS Domain: corp.example'\n")
    program("wg", f"echo 'interface: wg0'; echo '  private key: {secret()}'; echo '  endpoint: 192.0.2.1:5'\n")
    program("ip", "echo '2: enxa8bbccddeeff: <UP> mtu 1500'; echo '    link/ether a8:bb:cc:dd:ee:ff'\n"
                  "echo '    inet6 fe80::aabb:ccff:fedd:eeff/64 scope link'\n")
    program("nft", "echo 'Operation not permitted (you must be root)'; exit 1\n")
    program("ufw", "kill -9 $$\n")
    os.environ.update({
        "HOME": home, "https_proxy": f"http://ann:{secret()}@proxy.example:3128", "no_proxy": ".corp.example,kobold:8080,schlumpf",
        "AZURE_CLIENT_SECRET": secret(), "GITHUB_TOKEN": secret(),
    })


# --- bundles ------------------------------------------------------------------------


def unpack(path):
    """Items by path, with other people's programs."""
    with open(path, "rb") as file:
        data = file.read()
    if path.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    tar = subprocess.run(["zstd", "-dc"], input=data, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}


def manifest_of(items):
    return {item["path"]: item for item in json.loads(items["manifest.json"])["items"]}


def forms(text):
    raw = text.encode()
    yield raw
    yield text.lower().encode()
    yield text.encode("utf-16-le")
    yield urllib.parse.quote(text).encode()
    for lead in range(3):  # wherever it stands in what was encoded
        yield base64.b64encode(b"x" * lead + raw)[4 * (lead > 0) + (lead > 0):][:-4]


def holds_no_secret(path, what):
    items = unpack(path)
    with open(path, "rb") as file:
        items["the archive"] = file.read()
    for name, data in items.items():
        low = data.lower()
        for text in planted:
            found = [form for form in forms(text) if form in data] or text.lower().encode() in low
            if found:
                at = low.find(text.lower().encode())
                check(False, f"{what}: {name} has a secret: {data[max(0, at - 60):at + 40]!r}")
    return items


def collect(*args, want=0, **more):
    return run("pl-bundle", "collect", *args, want=want, **more)


QUICK = ("--deadline", "1", "--timeout", "0.5", "--no-public")


# --- tests --------------------------------------------------------------------------


def everything(here):
    path = f"{here}/all.tar.zst"
    done = collect(SHORT, *QUICK, "-o", path, "--json", "--ticket", "T-1", "--note", f"it broke; password={secret()}")
    document = e2e.parse(done.stdout)
    formats.fits(document, "bundle", "collect --json")
    check(document["command"] == "collect" and document["sha256"] == sha256(path), "the checksum is not the file's")
    check(b"the verdict: failed" in done.stderr or b"the verdict: unknown" in done.stderr, f"no verdict is told: {done.stderr}")
    check(stat.S_IMODE(os.stat(path).st_mode) == 0o600, "others may read it")
    items = holds_no_secret(path, "everything")
    for name, data in items.items():
        left = [n for n in NAMED if n in data.lower()]
        check(not left, f"{name} names somebody: {left}")
    check(b"enx" in items["machine/interfaces/links.txt"], "no name of an interface is left")
    rows = manifest_of(items)
    expected = {
        "case.jsonl": None, "inventory.json": None, "report.txt": None, "report.json": None, "report.html": None,
        "tools.txt": None, "log.txt": None,
        "machine/resolver/resolv.conf": ("", b"nameserver 127.0.0.1"),
        "machine/resolver/host.conf": ("failed", "links that lead in a circle"),
        "machine/resolver/gai.conf": ("withheld", "private keys"),
        "machine/resolver/dnsmasq.txt": ("cut", "1 of 2 files; another: tokens and passwords"),
        "machine/resolver/resolv.conf-others": ("withheld", "not a regular file"),
        "machine/resolved/status.txt": ("", b"DNS Domain"),
        "machine/network/nmcli-devices.txt": ("failed", "no end within 10 s"),
        "machine/network/nm-profiles.txt": ("", b"dns="),
        "machine/clock/chrony.txt": ("cut", "its first "),
        "machine/vpn/wireguard.txt": ("", b"endpoint"),
        "machine/vpn/wireguard-files.txt": ("", b"MTU=1400"),
        "machine/vpn/strongswan.txt": ("missing", "no such program"),
        "machine/firewall/nftables.txt": ("failed", "exit status 1: it wants more rights (sudo)"),
        "machine/firewall/ufw.txt": ("failed", "ended by signal 9"),
        "machine/proxies/environment.txt": ("", b"https_proxy=http://"),
        "machine/browsers/chromium-policies.txt": ("cut", "1 of 2 files; another: it is not what it should be"),
        "machine/browsers/firefox-prefs.txt": ("", b"network.trr.mode"),
        "machine/browsers/chromium-settings.txt": ("", b'"off"'),
        "machine/roots/added.txt": None,
        "machine/system/os-release.txt": ("", b"Test GNU/Linux 1"),
        "capture.pcap": None,
    }
    for name, want in expected.items():
        row = rows.get(name)
        if not check(row is not None, f"{name} is not in the manifest") or want is None:
            continue
        state, text = want
        if state:
            check(row["state"] == state and row.get("reason", "").startswith(text), f"{name}: {row}")
        else:
            check(row["state"] in ("taken", "masked") and text in items[name], f"{name}: {row}: {items.get(name)}")
    check(b"user" not in items["machine/roots/added.txt"] and b"sha256" in items["machine/roots/added.txt"], "roots")
    check(b"BEGIN" not in items["machine/roots/added.txt"], "the certificate itself is in it")
    check(b"pl-doctor (pldiag)" in items["tools.txt"], "no versions")
    head = json.loads(items["manifest.json"])
    check(head["ticket"] == "T-1" and head["note"].startswith("it broke"), f"note and ticket: {head}")
    check(len(items["case.jsonl"].splitlines()) > 1, "no facts")
    run("pl-bundle", "verify", path, "--sha256", document["sha256"], want=0)
    shown = e2e.parse(run("pl-bundle", "show", path, "--json", want=0).stdout)
    check(shown["manifest"] == document["manifest"], "show says something else")
    return items


def sha256(path):
    return subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True).stdout.split()[0]


def in_the_way(here, case):
    """What has the name already stays, and no link is followed."""
    common = ("--from", case, "--no-capture")
    path = write(f"{here}/taken.zip", "mine")
    done = collect(*common, "-o", path, want=2)
    check(open(path, "rb").read() == b"mine" and b"taken.zip" in done.stderr, "a file was written over")
    collect(*common, "-o", path, "--force")
    check("case.jsonl" in unpack(path), "--force made no bundle")
    target = write(f"{here}/target", "mine")
    for name, to in (("link.zip", target), ("dangling.zip", f"{here}/not-there")):
        os.symlink(to, f"{here}/{name}")
        collect(*common, "-o", f"{here}/{name}", want=2)
    check(open(target, "rb").read() == b"mine" and not os.path.exists(f"{here}/not-there"), "a link was followed")
    collect(*common, "-o", f"{here}/x.rar", want=2)
    collect(*common, "-o", f"{here}/none/x.zip", want=2)
    done = collect(SHORT, "--for", "10m", "-o", f"{here}/none/x.zip", want=2)
    check(b"now do what" not in done.stderr, "a folder that is not there is told when all is done")
    before = os.listdir(f"{here}/small")
    collect(*common, "-o", f"{here}/small/x.zip", want=4)
    check(os.listdir(f"{here}/small") == before, "a full disk leaves something behind")


def misuse(here, case):
    # Before the first question is asked, not after the last.
    write(f"{here}/rules", "hide nothing\n")
    for more in (("--mask-rules", f"{here}/rules"), ("--mask-map", case), ("--mask-rules", f"{here}/no-rules")):
        done = collect(SHORT, "--for", "10m", *more, want=2)
        check(b"now do what" not in done.stderr and not done.stdout, f"{more}: asked before it is refused: {done.stderr}")
    for args in (("--ticket", "a\nb"), ("--ticket", "x" * 101), ("--note", "\udcff"), ("--from", case, "--for", "5s"),
                 ("--from", case, "--from", case), ("--from", case, SHORT), ("-", "--for", "5s"), ("--from", SHORT),
                 ("/none.json",), ("--mask", "everything"), ("--for", "5x"), (SHORT, SHORT)):
        done = collect(*args, "--no-capture", want=2)
        check(done.stderr and not done.stdout, f"{args}: nothing is said")


def from_case(here, case):
    """A saved case: its verdict, without a network; the machine is another's."""
    path = f"{here}/from.tar.zst"
    old = e2e.parse(run("pl-doctor", "--json", "--from", case, want=1).stdout)
    done = collect("--from", case, "-o", path)
    items = unpack(path)
    new = json.loads(items["report.json"])
    check(new["verdict"] == old["verdict"] and [c["finding"] for c in new["causes"]] == [c["finding"] for c in old["causes"]],
          "the verdict is another")
    check(not [name for name in manifest_of(items) if name.startswith("machine/")], "the state of this machine is taken")
    check(b"of another machine" in done.stderr and b"of another machine" in items["log.txt"], "nobody is told")
    check("origin" not in json.loads(items["case.jsonl"].splitlines()[0]), "the case has our file's name")
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    for name in ("one", "two"):
        collect("--from", case, "-o", f"{here}/{name}.zip", "--mask-map", f"{here}/from.map.json", env=env)
    check(sha256(f"{here}/one.zip") == sha256(f"{here}/two.zip"), "the same makes other bytes")


def nothing_asked(here):
    """--dry-run, and no workspace."""
    place = f"{here}/empty"
    os.mkdir(place)
    done = collect(SHORT, "--dry-run", "--json", cwd=place)
    document = e2e.parse(done.stdout)
    formats.fits(document, "bundle", "collect --dry-run --json")
    check(document.get("dry_run") is True and "sha256" not in document, f"no dry run: {document}")
    rows = {item["path"]: item for item in document["manifest"]["items"]}
    check(rows["machine/hosts/hosts.txt"]["size"] == os.stat("/etc/hosts").st_size, f"hosts: {rows['machine/hosts/hosts.txt']}")
    check(rows["case.jsonl"]["state"] == "missing" and not os.listdir(place), "a dry run makes something")
    text = collect(SHORT, "--dry-run", cwd=place).stdout
    check(b"machine/hosts/hosts.txt" in text and b"/etc/hosts" in text, "the text says nothing")
    done = collect("--no-capture", cwd=place)
    names = os.listdir(place)
    made = [n for n in names if re.fullmatch(r"pldiag-\d{8}-\d{6}\.tar\.zst", n)]
    check(len(made) == 1, f"no such name as it should be: {names}")
    rows = manifest_of(unpack(f"{place}/{made[0]}"))
    check(rows["case.jsonl"]["state"] == "failed" and "report.txt" not in rows, "a report of nothing")
    check(rows["capture.pcap"]["reason"] == "--no-capture", "the capture's reason")
    check(b"no workspace is named" in done.stderr, "nobody is told that nothing is asked")


@contextlib.contextmanager
def started(*args):
    process = subprocess.Popen([e2e.tool("pl-bundle"), "collect", "--no-capture", *args],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def interrupted(here):
    """^C during the run: what there is is packed.  Twice: nothing is left."""
    server = e2e.NameServer(e2e.silent)
    path = f"{here}/cut.zip"
    with started(SHORT, "--view", server.view, "-o", path) as process:
        check(server.asked.wait(e2e.LIMIT_S), "nothing was asked")
        process.send_signal(signal.SIGINT)
        err = process.communicate(timeout=e2e.LIMIT_S)[1]
        check(process.returncode == 128 + signal.SIGINT, f"exit {process.returncode}: {err}")
    check(b"interrupted" in err, "nobody is told")
    items = unpack(path)
    head = json.loads(items["case.jsonl"].splitlines()[0])
    check(head["complete"] is False, "the case is called complete")
    row = manifest_of(items)["machine/network/nmcli-devices.txt"]
    check(row["state"] == "failed" and row["reason"] == "interrupted", f"it waits for a program all the same: {row}")
    run("pl-bundle", "verify", path, want=0)

    path = f"{here}/twice.zip"
    with started("-o", path, "--for", "10m") as process:
        check(b"now do what" in told(process, b"now do what"), "no wait")
        process.send_signal(signal.SIGINT)  # it has happened
        told(process, b"the wait is over")
        process.send_signal(signal.SIGINT)  # nmcli hangs: it is asked for now
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=e2e.LIMIT_S)
        check(process.returncode < 0 or process.returncode > 128, f"exit {process.returncode}")
        if process.returncode < 0:
            check(not os.path.exists(path), "something is left")


def told(process, words):
    seen = b""
    while words not in seen:
        line = process.stderr.readline()
        if not line:
            break
        seen += line
    check(words in seen, f"never said {words!r}: {seen}")
    return seen


def watched(here):
    """--for: a mark before and after, two runs, the worse one counts; ^C ends the wait."""
    good = f"{here}/hosts"
    path = f"{here}/watched.tar.zst"
    write(good, "")
    with started(SHORT, *QUICK, "--for", "10m", "-o", path) as process:
        told(process, b"now do what")
        process.send_signal(signal.SIGINT)
        err = process.communicate(timeout=e2e.LIMIT_S)[1]
        check(process.returncode == 0, f"--for: exit {process.returncode}: {err}")
    items = unpack(path)
    check("case-before.jsonl" in items, f"no other case: {sorted(items)}")
    heads = [json.loads(items[name].splitlines()[0]) for name in ("case-before.jsonl", "case.jsonl")]
    marks = heads[1]["marks"]
    check(heads[0]["marks"] == marks and [m["text"].split(":")[0] for m in marks] == ["before", "after"], f"marks: {marks}")
    check(heads[0]["started"] <= marks[0]["at"] <= marks[1]["at"] <= heads[1]["started"], "marks lie elsewhere")
    write(f"{here}/marked.case", items["case.jsonl"])
    formats.case(f"{here}/marked.case", "a case with marks")
    run("pl-doctor", "--from", f"{here}/marked.case", want=(1, 3))
    run("pl-bundle", "verify", path, want=0)


def strict(here):
    collect("--no-capture", "--strict", "-o", f"{here}/strict.zip", want=1)


def world(here):
    machine(here)
    case = f"{here}/laptop.case"
    run("pl-doctor", SHORT, *QUICK, "--save", case, want=(1, 3))
    text = open(case, encoding="utf-8").read()
    write(case, re.sub(r'"host":"[^"]*"', '"host":"laptop7"', text, count=1))
    everything(here)
    program("nmcli", "exit 1\n")
    program("chronyc", "exit 1\n")
    in_the_way(here, case)
    misuse(here, case)
    from_case(here, case)
    nothing_asked(here)
    strict(here)
    watched(here)
    program("nmcli", "exec sleep 600\n")
    interrupted(here)


def main():
    if shutil.which("zstd") is None:
        e2e.skip("there is no zstd")
    if os.environ.get(INSIDE):
        world(os.environ[INSIDE])
        e2e.finish(f"{len(planted)} secrets stayed at home")
    with e2e.folder() as here:
        own_world(here)


main()
