#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Archives that other programs make (Python's tarfile and zipfile, zstd), and
such as only an enemy makes.

GOOD: name -> bytes; packed again, every item is what the manifest says.
hostile(): name -> (bytes, exit status of `verify`, what it says).  Those that
are small are the corpus of fuzz_bundle; run this file with the corpus' folder
to write it anew."""
import copy
import gzip
import hashlib
import io
import json
import lzma
import os
import shutil
import struct
import subprocess
import sys
import tarfile
import zipfile

WRONG, UNREADABLE = 1, 2
MIB = 1 << 20
CORPUS_MAX = 20000  # bytes of a file in the corpus
TIME = 1795000000
FILES = {
    "case.jsonl": b'{"schema": "pldiag.case/1"}\n',
    "machine/resolv.conf": b"nameserver 168.63.129.16\n",
    "machine/empty": b"",
}


# --- manifests ----------------------------------------------------------------


def item(path, data, **more):
    return {"path": path, "origin": path, "state": "taken", "sort": "text",
            "size": len(data), "sha256": hashlib.sha256(data).hexdigest(), **more}


def manifest(files, **more):
    return {"schema": "pldiag.bundle/1", "tool": "pl-bundle", "version": "0.1.0",
            "created": "2026-11-18T11:06:40Z", "mask": "identifiers",
            "items": [item(path, data) for path, data in files.items()] + [
                {"path": "machine/nft.txt", "origin": "nft list ruleset",
                 "state": "failed", "sort": "text",
                 "reason": "Operation not permitted"}], **more}


def with_manifest(files, document=None):
    """The files behind a manifest that is right, or the one that is given."""
    document = manifest(files) if document is None else document
    if not isinstance(document, bytes):
        document = json.dumps(document).encode()
    return {"manifest.json": document, **files}


# --- packing ------------------------------------------------------------------


def entry(name, data=b"", kind=tarfile.REGTYPE, **more):
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.type, info.mode = len(data), TIME, kind, 0o600
    for key, value in more.items():
        setattr(info, key, value)
    return info, data


def tar(entries, form=tarfile.PAX_FORMAT, encoding="utf-8"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, encoding=encoding,
                      errors="surrogateescape") as file:
        for info, data in entries:
            file.addfile(info, io.BytesIO(data))
    return out.getvalue()


def tar_of(files, **more):
    return tar([entry(name, data) for name, data in files.items()], **more)


def zip_of(files, method=zipfile.ZIP_DEFLATED, change=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in files.items() if isinstance(files, dict) else files:
            info = zipfile.ZipInfo(name, (2026, 11, 18, 11, 6, 40))
            info.external_attr = 0o100600 << 16
            info.compress_type = method
            if change:
                change(info)
            file.writestr(info, data)
    return out.getvalue()


def zstd(data):
    return subprocess.run(["zstd", "-q", "-c"], input=data, check=True,
                          capture_output=True).stdout


def gz(data):
    return gzip.compress(data, mtime=0)


def patched(data, at, new):
    return data[:at] + new + data[at + len(new):]


def resummed(header, at, new):
    """A tar header with other bytes, and the checksum that belongs to it."""
    header = patched(header, at, new)
    blank = patched(header, 148, b" " * 8)
    return patched(header, 148, b"%06o\0 " % sum(blank[:512]))


RIGHT = with_manifest(FILES)
LAST = {**FILES, "manifest.json": RIGHT["manifest.json"]}


def good():
    dotted = [entry("./", kind=tarfile.DIRTYPE), entry("./machine/",
                                                       kind=tarfile.DIRTYPE)]
    dotted += [entry("./" + name, data) for name, data in RIGHT.items()]
    return {
        "plain-tar": tar_of(RIGHT),
        "ustar": tar_of(RIGHT, form=tarfile.USTAR_FORMAT),
        "gnu-tar": tar_of(RIGHT, form=tarfile.GNU_FORMAT),
        "tar-gz": gz(tar_of(RIGHT)),
        "tar-zst": zstd(tar_of(RIGHT)),
        "tar-zst-frames": zstd(tar_of(RIGHT)[:700]) + zstd(tar_of(RIGHT)[700:]),
        "tar-dotted": gz(tar(dotted)),
        "tar-manifest-last": gz(tar_of(LAST)),
        "zip-deflated": zip_of(RIGHT),
        "zip-stored": zip_of(RIGHT, zipfile.ZIP_STORED),
        "zip-manifest-last": zip_of(LAST),
        "zip-folders": zip_of({"machine/": b"", **RIGHT}),
    }


# --- what is in a tar -----------------------------------------------------------


def beside(*entries, **more):
    """A right bundle, and these entries with it."""
    return tar([entry(name, data) for name, data in RIGHT.items()] +
               list(entries), **more)


def tars():
    link = entry("machine/link", kind=tarfile.SYMTYPE, linkname="/etc/passwd")
    hard = entry("machine/hard", kind=tarfile.LNKTYPE, linkname="case.jsonl")
    latin = entry("machine/\udce4\udcf6", b"x")
    sparse = entry("machine/holes", b"x", pax_headers={
        "GNU.sparse.numblocks": "1", "GNU.sparse.map": "1048576,1", "GNU.sparse.size": "1099511627776"})
    volume = entry("machine/more", b"x", kind=b"M")
    huge = resummed(tar([entry("machine/huge")])[:512], 124,
                    b"\x80" + (1 << 42).to_bytes(11, "big"))
    deep = entry("/".join(["a"] * 120), b"x")
    as_link = [entry("manifest.json", kind=tarfile.SYMTYPE, linkname="case.jsonl")]
    as_link += [entry(name, data) for name, data in FILES.items()]
    many = [entry(f"machine/d{i}", kind=tarfile.DIRTYPE) for i in range(1100)]
    long = entry("machine/pax", b"", pax_headers={"comment": "x" * 5000})
    head = tar([long])[:512]  # an 'x' header, which goes on in its blocks
    gib = resummed(head, 124, b"10000000000\0")
    return {
        "traversal": (beside(entry("../evil", b"x")), WRONG, "../evil: expected"),
        "traversal-inside": (beside(entry("machine/../../evil", b"x")), WRONG,
                             "evil: expected"),
        "absolute": (beside(entry("/tmp/evil", b"x")), WRONG, "/tmp/evil: expected"),
        "backslash": (beside(entry("..\\evil", b"x")), WRONG, "relative path"),
        "drive": (beside(entry("C:evil", b"x")), WRONG, "C:evil: expected"),
        "newline": (beside(entry("a\nb\x1b[2J", b"x")), WRONG, "relative path"),
        "not-utf8": (beside(latin, form=tarfile.GNU_FORMAT), WRONG, "expected"),
        "not-utf8-pax": (beside(latin), WRONG, "expected"),
        "long-path": (beside(deep), WRONG, "relative path"),
        "symlink": (beside(link), WRONG, "got a symbolic link"),
        "symlink-then-file": (beside(
            entry("machine/d", kind=tarfile.SYMTYPE, linkname="/tmp"),
            entry("machine/d/evil", b"x")), WRONG, "got a symbolic link"),
        "hard-link": (beside(hard), WRONG, "got a hard link"),
        "device": (beside(entry("machine/null", kind=tarfile.CHRTYPE,
                                devmajor=1, devminor=3)), WRONG, "got a device"),
        "block-device": (beside(entry("machine/sda", kind=tarfile.BLKTYPE,
                                      devmajor=8)), WRONG, "got a device"),
        "fifo": (beside(entry("machine/fifo", kind=tarfile.FIFOTYPE)), WRONG,
                 "got a FIFO"),
        "sparse": (beside(sparse), WRONG, "machine/holes"),
        "multi-volume": (beside(volume), WRONG, "machine/more"),
        "duplicate": (beside(entry("case.jsonl", b"other")), WRONG,
                      "case.jsonl: expected one entry of this name"),
        "case-double": (beside(entry("Case.JSONL", b"other")), WRONG,
                        "Case.JSONL: expected one entry of this name"),
        "manifest-twice": (beside(entry("manifest.json", b"{}")), WRONG,
                           "manifest.json: expected one entry of this name"),
        "manifest-link": (tar(as_link), WRONG, "got a symbolic link"),
        "added": (beside(entry("machine/more", b"x")), WRONG,
                  "machine/more: expected only what the manifest lists"),
        "file-and-folder": (beside(entry("case.jsonl/x", b"x")), WRONG,
                            "case.jsonl/x: expected"),
        "huge-size": (tar_of(RIGHT)[:-10240 + 512 * 2] + huge, WRONG, "expected"),
        "many-folders": (beside(*many), UNREADABLE, "more than 1024 entries"),
        "pax-1-gib": (gib, WRONG, "expected"),
        "cut-entry": (tar_of(RIGHT)[:1100], WRONG, "expected"),
        "cut-header": (tar_of(RIGHT)[:300], WRONG, "expected"),
    }


# --- what is in a zip -----------------------------------------------------------


def end_of(data):
    return data.rindex(b"PK\5\6")


def encrypted(data):
    """Flag bit 0 in every record (APPNOTE 4.4.4)."""
    at = -1
    while (at := data.find(b"PK\3\4", at + 1)) >= 0:
        data = patched(data, at + 6, bytes([data[at + 6] | 1]))
    while (at := data.find(b"PK\1\2", at + 1)) >= 0:
        data = patched(data, at + 8, bytes([data[at + 8] | 1]))
    return data


def of_unix(mode):
    def change(info):
        info.external_attr = mode << 16
        info.create_system = 3
    return change


def zip_beside(name, data=b"x", change=None):
    return zip_of([*RIGHT.items(), (name, data)], change=change and (
        lambda info: change(info) if info.filename == name else None))


def zips():
    right = zip_of(RIGHT)
    end = end_of(right)
    central = struct.unpack("<I", right[end + 16:end + 20])[0]
    other = zip_of(with_manifest({"case.jsonl": b"other"}))
    zip64 = right[:end] + b"PK\6\7" + struct.pack("<IQI", 0, 1 << 60, 1) + patched(
        right[end:], 8, b"\xff" * 12)
    records = right[end - 46 - len("machine/empty"):end]
    lie = patched(right, central + 24, struct.pack("<I", 0xfffffff0))
    return {
        "zip-traversal": (zip_beside("../evil"), WRONG, "../evil: expected"),
        "zip-absolute": (zip_beside("/evil"), WRONG, "evil: expected"),
        "zip-backslash": (zip_beside("..\\evil"), WRONG, "expected"),
        "zip-symlink": (zip_beside("machine/l", b"/etc/passwd", of_unix(0o120777)),
                        WRONG, "got a symbolic link"),
        "zip-device": (zip_beside("machine/n", b"", of_unix(0o020666)), WRONG,
                       "got a device"),
        "zip-fifo": (zip_beside("machine/f", b"", of_unix(0o010666)), WRONG,
                     "machine/f: expected"),
        "zip-double": (zip_beside("Case.jsonl"), WRONG, "one entry of this name"),
        "zip-not-utf8": (zip_beside("machine/\xe4"), WRONG, "expected"),
        "zip-added": (zip_beside("machine/more"), WRONG, "machine/more: expected"),
        "zip-encrypted": (encrypted(right), WRONG,
                          "got an encrypted one"),
        "zip-wrong-crc": (patched(right, central + 16, b"\0\1\2\3"), WRONG,
                          "expected"),
        "zip-method-99": (patched(patched(right, 8, b"\x63\0"), central + 10,
                                  b"\x63\0"), WRONG,
                          "expected"),
        "zip-size-lie": (lie, WRONG, "expected"),
        "zip-offset-lie": (patched(right, central + 42, b"\xff\xff\xff\x7f"), WRONG,
                           "expected"),
        "zip-two-ends": (right + other[-22:], WRONG, "expected"),
        "zip-second-archive": (right + other, WRONG, "expected"),
        "zip-multi-volume": (patched(right, end + 4, b"\1\0"), WRONG, "expected"),
        "zip-zip64-lie": (zip64, WRONG, "expected"),
        "zip-count-lie": (patched(right, end + 8, b"\xfe\xff\xfe\xff"), WRONG,
                          "expected"),
        "zip-record-missing": (right[:end - len(records)] + right[end:], WRONG,
                               "expected"),
        "zip-cut": (right[:-40], WRONG, "expected"),
        "zip-no-end": (right[:end], WRONG, "expected"),
        "zip-local-only": (right[:central], WRONG, "expected"),
        "zip-empty": (zip_of({}), UNREADABLE, "expected a .tar.zst or a .zip"),
    }


# --- manifests ------------------------------------------------------------------


def changed(key, value):
    document = copy.deepcopy(manifest(FILES))
    document[key] = value
    return gz(tar_of(with_manifest(FILES, document)))


def changed_item(**values):
    document = copy.deepcopy(manifest(FILES))
    document["items"][1].update(values)
    return gz(tar_of(with_manifest(FILES, document)))


def raw(text):
    return gz(tar_of(with_manifest(FILES, text)))


def manifests():
    items = manifest(FILES)["items"]
    missing = gz(tar_of({n: d for n, d in RIGHT.items() if n != "case.jsonl"}))
    return {
        "no-manifest": (gz(tar_of(FILES)), WRONG, "expected a manifest, got none"),
        "manifest-empty": (raw(b""), WRONG, "manifest.json:1:1"),
        "manifest-not-json": (raw(b"\x7fELF"), WRONG, "manifest.json:1:1"),
        "manifest-deep": (raw(b"[" * 100000), WRONG, "manifest.json:1:"),
        "manifest-large": (raw(b" " * (5 * MIB)), WRONG, "manifest.json"),
        "manifest-list": (raw(b"[]"), WRONG, "expected an object"),
        "manifest-key-twice": (raw(b'{"schema":1,"schema":2}'), WRONG,
                               "manifest.json:1:"),
        "schema-new": (changed("schema", "pldiag.bundle/2"), WRONG,
                       "made by a newer pl-bundle"),
        "schema-other": (changed("schema", "pldiag.case/1"), WRONG, "$.schema"),
        "schema-number": (changed("schema", 1), WRONG, "$.schema: expected text"),
        "created-odd": (changed("created", "yesterday"), WRONG, "$.created"),
        "note-odd": (changed("note", ["x"]), WRONG, "$.note: expected text"),
        "items-odd": (changed("items", "x"), WRONG, "$.items"),
        "items-numbers": (changed("items", [1, None, [], {}]), WRONG, "$.items[0]"),
        "items-many": (changed("items", items * 300), WRONG, "at most 512 items"),
        "lists-itself": (changed("items", [*items, item("manifest.json", b"")]),
                         WRONG, "expected a path for one item"),
        "lists-twice": (changed("items", [*items, items[0]]), WRONG,
                        "expected a path for one item"),
        "lists-outside": (changed_item(path="../x"), WRONG,
                          "expected a path for one item"),
        "state-odd": (changed_item(state="gone"), WRONG, "$.items[1].state"),
        "size-negative": (changed_item(size=-1), WRONG, "$.items[1].size"),
        "size-huge": (changed_item(size=1 << 60), WRONG, "$.items[1].size"),
        "size-text": (changed_item(size="25"), WRONG, "$.items[1].size"),
        "hash-odd": (changed_item(sha256="x"), WRONG, "$.items[1].sha256"),
        "missing": (missing, WRONG, "case.jsonl: expected"),
        "listed-as-missing": (changed_item(state="missing"), WRONG,
                              "machine/resolv.conf: expected only what"),
    }


# --- bombs, and what is no archive of ours ----------------------------------------


def bombs():
    zeros = {"machine/zeros": bytes(64 * MIB)}
    quine = gz(gz(tar_of(with_manifest(zeros))))
    pax = [entry("machine/pax", b"", pax_headers={"comment": "x" * (48 * MIB)})]
    parts = {f"machine/{i}": bytes(MIB) for i in range(40)}
    return {
        "bomb-gz": (gz(tar_of(with_manifest(zeros))), UNREADABLE, "times its size"),
        "bomb-zst": (zstd(tar_of(with_manifest(zeros))), UNREADABLE,
                     "times its size"),
        "bomb-zip": (zip_of(with_manifest(zeros)), UNREADABLE, "times its size"),
        "bomb-zip-parts": (zip_of(with_manifest(parts)), UNREADABLE,
                           "times its size"),
        "bomb-pax": (gz(tar(pax)), UNREADABLE, "times its size"),
        "bomb-nested": (quine, WRONG, "expected"),
    }


def others():
    files = tar_of(RIGHT)
    return {
        "nothing": (b"", UNREADABLE, "expected a .tar.zst or a .zip"),
        "text": (b"nameserver 10.0.0.4\n", UNREADABLE, "expected a .tar.zst"),
        "tar-xz": (lzma.compress(files), UNREADABLE, "expected a .tar.zst"),
        "seven-zip": (b"7z\xbc\xaf\x27\x1c" + bytes(60), UNREADABLE, "expected"),
        "rar": (b"Rar!\x1a\7\0" + bytes(60), UNREADABLE, "expected"),
        "cpio": (b"070701" + b"0" * 104, UNREADABLE, "expected"),
        "mtree": (b"#mtree\n./x type=file\n", UNREADABLE, "expected"),
        "zip-behind-text": (b"#!/bin/sh\n" + zip_of(RIGHT), UNREADABLE, "expected"),
        "gz-of-text": (gz(b"hello\n"), WRONG, "expected"),
        "gz-of-nothing": (gz(b""), WRONG, "expected"),
        "gz-of-zip": (gz(zip_of(RIGHT)), WRONG, "expected"),
        "zst-of-zst": (zstd(zstd(files)), WRONG, "expected"),
        "zst-cut": (zstd(files)[:-9], WRONG, "expected"),
        "zst-garbage": (zstd(files) + b"garbage", WRONG, "expected"),
        "gz-cut": (gz(files)[:-9], WRONG, "expected"),
    }


def hostile():
    return {**tars(), **zips(), **manifests(), **bombs(), **others()}


def write_corpus(folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    seeds = {**good(), **{name: row[0] for name, row in hostile().items()}}
    seeds["manifest"] = RIGHT["manifest.json"]
    for name, data in seeds.items():
        if len(data) <= CORPUS_MAX:
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)


if __name__ == "__main__":
    write_corpus(sys.argv[1])
