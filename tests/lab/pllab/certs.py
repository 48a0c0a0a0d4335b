# SPDX-License-Identifier: MIT
"""The lab's two certificate authorities and every certificate, made once (kit.py).

Validity windows are fixed
(2020 to 2100; expired: 2020 to 2021; not yet valid: from 2099), hence hold under any
real clock and under `--clock`.
"""
import hashlib
import os
import shutil
import subprocess

from . import world

GOOD = ("20200101000000Z", "21000101000000Z")
EXPIRED = ("20200101000000Z", "20210101000000Z")
FUTURE = ("20990101000000Z", "21000101000000Z")
MACHINE_STORE = "/etc/ssl/certs"

_R = world.REGION
NAMES = {
    "workspace": [f"*.workspace.{_R}.api.azureml.ms", f"*.workspace.{_R}.cert.api.azureml.ms",
                  f"*.{_R}.instances.azureml.ms", f"*.{_R}.instances.ml.azure.ms"],
    "notebook": [f"*.{_R}.notebooks.azure.net", "*.notebooks.azure.net"],
    "online": [f"*.{_R}.inference.ml.azure.com"],
    "file": ["*.file.core.windows.net"],
    "blob": ["*.blob.core.windows.net"],
    "vault": ["*.vault.azure.net", "*.vaultcore.azure.net"],
    "registry": ["*.azurecr.io"],
    "registry-data": [f"*.{_R}.data.azurecr.io"],
    "public": world.PUBLIC_NAMES,
}

_CONFIG = """
[ca]
default_ca = lab
[lab]
database = {dir}/index
new_certs_dir = {dir}/issued
serial = {dir}/serial
default_md = sha256
policy = any
unique_subject = no
email_in_dn = no
[any]
commonName = supplied
organizationName = optional
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
"""
_LEAF = """[leaf]
basicConstraints = CA:false
keyUsage = digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {san}
"""


def digest():
    with open(__file__, "rb") as f:
        return hashlib.sha256(f.read() + repr(NAMES).encode()).hexdigest()


def make(out):
    os.mkdir(f"{out}/issued")
    for name, text in (("index", ""), ("serial", "01\n"), ("config", _CONFIG.format(dir=out))):
        _write(f"{out}/{name}", text)
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{out}/leaf.key")
    _authority(out, "root", "Pldiag Lab Root")
    _authority(out, "corp", "Contoso Inspection CA")
    _authority(out, "middle", "Pldiag Lab Unsent Intermediate", signed_by="root")
    for name, sans in NAMES.items():
        _leaf(out, name, sans)
    everything = [san for sans in NAMES.values() for san in sans]
    _leaf(out, "inspected", everything, ca="corp")
    _leaf(out, "expired-vault", NAMES["vault"], window=EXPIRED)
    _leaf(out, "future-vault", NAMES["vault"], window=FUTURE)
    _leaf(out, "unsent-vault", NAMES["vault"], ca="middle")
    for name in NAMES:
        _long(out, name)
    _trusted_store(out)


def _authority(out, name, subject, signed_by=None):
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{out}/{name}.key")
    _request(out, name, f"/O=Pldiag Lab/CN={subject}", f"{out}/{name}.key")
    how = ["-cert", f"{out}/{signed_by}.pem", "-keyfile", f"{out}/{signed_by}.key"] if signed_by else \
        ["-selfsign", "-keyfile", f"{out}/{name}.key"]
    _sign(out, name, GOOD, how + ["-extensions", "root"])


def _leaf(out, name, sans, ca="root", window=GOOD):
    _request(out, name, f"/CN={sans[0]}", f"{out}/leaf.key")
    _write(f"{out}/{name}.ext", _LEAF.format(san=",".join("DNS:" + s for s in sans)))
    _sign(out, name, window, ["-cert", f"{out}/{ca}.pem", "-keyfile", f"{out}/{ca}.key",
                              "-extfile", f"{out}/{name}.ext", "-extensions", "leaf"])


def _long(out, name):
    """With as many bytes after it as the chains of real services have, some 4 KB: more than two packets."""
    with open(f"{out}/{name}.pem", encoding="ascii") as leaf, open(f"{out}/root.pem", encoding="ascii") as root:
        _write(f"{out}/{name}-long.pem", leaf.read() + 6 * root.read())


def _request(out, name, subject, key):
    _openssl("req", "-new", "-config", f"{out}/config", "-subj", subject, "-key", key, "-out", f"{out}/{name}.csr")


def _sign(out, name, window, how):
    _openssl("ca", "-batch", "-notext", "-config", f"{out}/config", "-startdate", window[0], "-enddate", window[1],
             "-in", f"{out}/{name}.csr", "-out", f"{out}/{name}.pem", *how)


def _trusted_store(out):
    """The machine's store as it looks after the owner added the inspecting proxy's CA."""
    store, local = f"{out}/store", f"{out}/local"
    if os.path.isdir(MACHINE_STORE):
        shutil.copytree(MACHINE_STORE, store, symlinks=True, ignore=shutil.ignore_patterns("java"))
    os.makedirs(store, exist_ok=True)
    os.makedirs(local)
    with open(f"{out}/corp.pem", encoding="ascii") as f:
        corp = f.read()
    with open(f"{store}/ca-certificates.crt", "a", encoding="ascii") as f:
        f.write(corp)
    _write(f"{local}/contoso.crt", corp)
    _write(f"{store}/contoso.pem", corp)
    subject = _openssl("x509", "-noout", "-hash", "-in", f"{out}/corp.pem").strip()
    os.symlink("contoso.pem", f"{store}/{subject}.0")


def _write(path, text):
    with open(path, "w", encoding="ascii") as f:
        f.write(text)


def _openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError("openssl " + " ".join(arguments) + "\n" + done.stderr)
    return done.stdout
