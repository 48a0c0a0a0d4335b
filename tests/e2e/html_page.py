#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page of --format html: from its bytes, that it is whole, well formed and
harmless, whatever a name server, a certificate, a web server or a file says;
and in Chromium, where there is one, that it loads nothing, complains of
nothing, overflows nowhere, can be read by everybody, and that every link leads
to something that is then in sight.

PLDIAG_SHOTS=FOLDER keeps pictures of every page, for looking at.
"""
import itertools
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _chromium  # noqa: E402
import _html  # noqa: E402
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run, wrong, write  # noqa: E402

e2e.own_network()
WIDTHS = (360, 1024, 1600)
BYTES_MAX = 3_000_000
# Pictures take longest: of these always, of all others if they are to be kept.
PICTURED = ("healthy", "dns")
MANY = 900
PUBLIC = "20.62.10.4"
SHOTS = os.environ.get("PLDIAG_SHOTS")

# --- cases ---------------------------------------------------------------------


def case(targets, facts, notes=(), **more):
    header = {"schema": "pldiag.case/1", "tool": "pl-doctor", "version": "0.1.0",
              "host": "laptop", "started": "2026-11-23T10:00:00Z", "took_ms": 212.4,
              "complete": True, "role": "client", "facts": len(facts),
              "views": [{"view": "system"}, {"view": "198.51.100.53:53"}],
              "inventory": {"schema": "pldiag.inventory/1", "name": "ws1103",
                            "region": "eastus", "networks": ["10.150.0.0/16"],
                            "targets": targets, "notes": list(notes)}, **more}
    lines = [header] + [{"id": n, **fact} for n, fact in enumerate(facts, 1)]
    return "".join(json.dumps(line) + "\n" for line in lines)


def target(name, address="10.150.0.4", **more):
    return {"fqdn": name, "service": "storage-blob", "addresses": [address],
            "expect": "private", "ports": [443], "source": "read", **more}


def timed(probe, to, start, took, status, **more):
    return {"probe": probe, "target": to, "started_ms": start, "took_ms": took,
            "status": status, **more}


CERT = {"subject": "CN=*.blob.core.windows.net", "issuer": "CN=Root",
        "san": ["*.blob.core.windows.net"], "not_before": "2026-01-01T00:00:00Z",
        "not_after": "2028-01-01T00:00:00Z", "sha256": "ab" * 32}


def about(name, answer, address="10.150.0.4", cert=None, fate="ok"):
    """What a run finds out about one name; fate: where it ends."""
    alias = name.replace(".blob.", ".privatelink.blob.")
    facts = [
        timed("system-dns", name, 1, 11, "answer", name=name, addresses=[answer]),
        timed("dns", name, 1, 10, "answer", view="198.51.100.53:53", name=name,
              type="A", rcode=0, addresses=[answer], chain=[
                  {"name": name, "type": "CNAME", "ttl": 60, "value": alias},
                  {"name": alias, "type": "A", "ttl": 60, "value": answer}]),
        timed("tcp", name, 12, 30, "timeout" if fate == "filtered" else "open",
              address=address, port=443)]
    if fate == "filtered":
        return facts
    facts.append(timed("tls", name, 42, 60, "untrusted" if fate == "tls" else "ok",
                       address=address, port=443, sni=name, version="TLSv1.3",
                       chain=[cert or CERT], root="unknown" if fate == "tls" else "public",
                       faults=["untrusted"] if fate == "tls" else []))
    facts.append(timed("http", name, 102, 40, "answer", address=address, port=443,
                       url=f"https://{name}/", code=400, is_service=True))
    return facts


def world(count, **fate):
    names = [f"account{n:03d}.blob.core.windows.net" for n in range(count)]
    where = [f"10.150.{n // 200}.{n % 200 + 4}" for n in range(count)]
    facts = [fact for name, address in zip(names, where)
             for fact in about(name, fate.get("answer", address), address,
                               fate=fate.get("fate", "ok"))]
    return case([target(n, a) for n, a in zip(names, where)], facts)


EVIL = ("<script>alert(1)</script>", "</title></style></svg><img src=x onerror=alert(1)>",
        "\" onload=\"alert(1)", "'\"><a href=javascript:alert(1)>x</a>",
        "\u202etxt.exe\u2066\u200f", "\x1b]0;owned\x07\x1b[2J\x9b31m", "&lt;b&gt;&#0;",
        "--><!--<![CDATA[", "\u05d0\u05d1\u05d2 \u0645\u0631", "\ufffe\uffff\ufdd0",
        "%s%n{{7*7}}${7*7}", "a" * 3000, "\U0001f4a5 \u0301\u0301\u0301", "x\r\ny\tz")


def evil(word):
    """One word of an enemy in every field that comes from outside."""
    name = "a.blob.core.windows.net"
    cert = {**CERT, "subject": f"CN={word}", "issuer": f"O={word}", "san": [word, word]}
    facts = about(name, PUBLIC, cert=cert, fate="tls")
    facts[0]["canonical"] = word
    for rr in facts[1]["chain"]:
        rr["name"] = rr["value"] = word
    facts[3] |= {"error": word, "verify_text": word, "cipher": word, "alpn": word}
    facts[4] |= {"url": f"https://{word}/", "server": word, "date": word,
                 "headers": {"location": word, "x-ms-request-id": word},
                 "denial": word, "body": word[:200], "proxy": word, "error": word}
    facts += [timed("dns", name, 1, 5, "servfail", view="198.51.100.53:53", name=word,
                    type="A", error=word),
              timed("route", None, 1, 1, "ok", address="10.150.0.4", interface=word)]
    for fact in facts:
        if fact["target"] is None:
            del fact["target"]
    note = {"code": "zone.not-linked", "detail": word, "targets": [name], "from": word}
    return case([target(name)], facts, [note], host=word)


def cases(here):
    """Name, and file or files."""
    made = {
        "healthy": world(9), "dns": world(9, answer=PUBLIC),
        "filtered": world(9, fate="filtered"), "tls": world(9, fate="tls"),
        "many": world(MANY), "many-dns": world(MANY, answer=PUBLIC),
        "note": case([target("a.blob.core.windows.net")],
                     about("a.blob.core.windows.net", PUBLIC), [
            {"code": "zone.not-linked", "from": "links.json: $",
             "targets": ["a.blob.core.windows.net"], "detail":
             "The private zone privatelink.blob.core.windows.net has no link to "
             "virtual network ws1103-vnet."}]),
        "nothing": case([], []),
        "cut": case([target("a.blob.core.windows.net")], [], complete=False),
    }
    made |= {f"evil-{n}": evil(word) for n, word in enumerate(EVIL)}
    for name, text in made.items():
        yield name, [write(f"{here}/{name}.case", text)]
    yield "two", [f"{here}/dns.case", f"{here}/healthy.case"]
    # A file's name comes from outside, too.
    hostile = f"{here}/<script>alert(1)<\\script>\u202e\"&.case"
    yield "file", [write(hostile, made["dns"]), f"{here}/note.case"]


def pages(here):
    for name, files in cases(here):
        args = list(itertools.chain(*(("--from", path) for path in files)))
        done = run("pl-doctor", "--format", "html", *args, want=(0, 1, 3))
        again = run("pl-doctor", "--format", "html", "-vv", "--color", "always",
                    *args, env={**os.environ, "LC_ALL": "C", "TZ": "Asia/Tokyo"})
        check(done.stdout == again.stdout, f"{name}: two runs, two pages")
        check(len(done.stdout) < BYTES_MAX, f"{name}: {len(done.stdout)} bytes")
        yield name, write(f"{here}/{name}.html", done.stdout), done.stdout


def told(name, page):
    """The page says what it must."""
    for want, says in (("healthy", "Healthy"), ("dns", "Failed"), ("cut", "incomplete"),
                       ("note", "has no link to virtual network"),
                       ("many", f"{MANY - 40} more names"),
                       ("many-dns", "more facts are left out here"),
                       ("dns", "breaks at Address"), ("filtered", "breaks at Port"),
                       ("tls", "breaks at TLS"), ("evil-0", "<script>alert(1)</script>"),
                       ("evil-4", "\\u{202E}txt.exe"), ("evil-5", "\\x1b]0;owned\\x07")):
        check(name != want or page.says(says), f"{name}: does not say {says!r}")


# --- in a browser ----------------------------------------------------------------

OVERFLOW = """(() => { const wide = [];
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) wide.push('the page ' + page.scrollWidth);
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('.scroll, .lines, svg, .vh, .skip')) continue;
    const box = e.getBoundingClientRect();
    if (box.width && box.right > page.clientWidth + 1) wide.push(e.tagName + ' ' +
      e.className + ': ' + e.textContent.slice(0, 60));
  } return wide.slice(0, 3); })()"""

LINKS = """(() => { const bad = [];
  for (const a of document.querySelectorAll('a[href]')) {
    for (const d of document.querySelectorAll('details')) d.open = false;
    a.click();
    const to = document.getElementById(a.getAttribute('href').slice(1));
    if (!to || location.hash !== a.getAttribute('href') ||
        !to.checkVisibility() || !to.getBoundingClientRect().height)
      bad.push(a.getAttribute('href'));
  } return bad.slice(0, 3); })()"""

# WCAG 2.1, 1.4.3: 4.5 to 1 for text, and here for all of it.
CONTRAST = """(() => { const bad = new Set();
  const paint = document.createElement('canvas').getContext('2d',
    {willReadFrequently: true});
  const rgb = c => { paint.clearRect(0, 0, 1, 1); paint.fillStyle = c;
    paint.fillRect(0, 0, 1, 1); return [...paint.getImageData(0, 0, 1, 1).data]; };
  const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= .04045 ?
    v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126*r + .7152*g + .0722*b; };
  const behind = e => { for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] > 250) return c; }
    return [255, 255, 255, 255]; };
  for (const d of document.querySelectorAll('details')) d.open = true;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  for (let n; (n = walk.nextNode());) { const e = n.parentElement;
    if (!n.data.trim() || !e.checkVisibility() || e.closest('.vh, title')) continue;
    const s = getComputedStyle(e);
    const key = e.closest('svg') ? s.fill : s.color;
    const back = behind(e).slice(0, 3);
    if (seen.has(key + back)) continue; seen.add(key + back);
    const [x, y] = [light(rgb(key).slice(0, 3)), light(back)].sort((a, b) => b - a);
    const ratio = (x + .05) / (y + .05);
    if (ratio < 4.5) bad.add(e.tagName + '.' + e.getAttribute('class') + ' ' +
      ratio.toFixed(2) + ' ' + n.data.trim().slice(0, 40));
  } return [...bad].slice(0, 5); })()"""

# Everything with a role that needs a name has one.
NAMELESS = {"link", "image", "region", "navigation", "main", "table", "heading"}
NEED_NAMES = {"link", "image", "region", "navigation", "heading"}


def readable(browser, name):
    tree = browser.ask("Accessibility.getFullAXTree")["nodes"]
    roles = {}
    for node in tree:
        role = node.get("role", {}).get("value")
        if node.get("ignored") or role not in NAMELESS:
            continue
        roles[role] = roles.get(role, 0) + 1
        check(role not in NEED_NAMES or node.get("name", {}).get("value"),
              f"{name}: a {role} without a name")
    check(roles.get("main") == 1 and roles.get("navigation") == 1 and
          roles.get("heading", 0) > 0, f"{name}: landmarks are {roles}")


def keyboard(browser, name):
    """The first stop of the tab key is the skip link, which then is in sight."""
    for kind in ("keyDown", "keyUp"):
        browser.ask("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab",
                    windowsVirtualKeyCode=9)
    check(browser.value("document.activeElement.className === 'skip' && "
                        "document.activeElement.getBoundingClientRect().left >= 0"),
          f"{name}: the skip link is not the first stop, or not in sight")


def look(browser, name, path, here):
    many = name.startswith("many")
    wrong.extend(f"{name}: {what}" for what in browser.load(path))
    for width, dark in itertools.product(WIDTHS, (False, True)):
        what = f"{name} {width} {'dark' if dark else 'light'}"
        browser.look_like(width, dark)
        check(not (found := browser.value(OVERFLOW)), f"{what}: too wide: {found}")
        if name in PICTURED or SHOTS:
            shot = f"{SHOTS or here}/{what.replace(' ', '-')}.png"
            data = browser.picture(shot)
            check(data.startswith(b"\x89PNG") and len(data) > 5000,
                  f"{what}: no picture")
        if width == 360 and not many:
            check(not (found := browser.value(CONTRAST)), f"{what}: faint: {found}")
            browser.value("for (const d of document.querySelectorAll('details'))"
                          " d.open = false; 1")
    keyboard(browser, name)
    readable(browser, name)
    if not many:
        check(not (found := browser.value(LINKS)), f"{name}: links to {found} fail")
        check(browser.print().startswith(b"%PDF"), f"{name}: cannot be printed")
    wrong.extend(f"{name}: afterwards {what}" for what in browser.complaints(path))


def in_browser(here, made):
    browser = _chromium.Browser(here)
    try:
        for name, path in made:
            look(browser, name, path, here)
    finally:
        browser.end()


def must_have_browser():
    """packages.sh installs it where the distribution has it."""
    with open("/etc/os-release", encoding="utf-8") as file:
        debian = "ID=debian\n" in file.readlines()
    return debian and os.environ.get("CI") == "true"


def main():
    with e2e.folder() as here:
        made = []
        for name, path, data in pages(here):
            page = _html.Page(data)
            wrong.extend(f"{name}: {fault}" for fault in page.wrong[:5])
            told(name, page)
            made.append((name, path))
        if _chromium.find():
            in_browser(here, made)
        else:
            print("no chromium: looked at the bytes only")
            check(not must_have_browser(), "no chromium, which CI installs")
        e2e.finish(f"{len(made)} pages are whole, harmless and readable")


main()
