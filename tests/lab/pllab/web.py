# SPDX-License-Identifier: MIT
"""nginx configurations: private endpoints, public front ends, the inspecting proxy.

Each service answers a stranger as azure.md describes: the vault's health page,
the registry's /v2/, storage's x-ms headers, and each one's denial.
"""
from . import world

_HEAD = """user root root;
daemon off;
master_process off;
pid {run}/nginx-{key}.pid;
error_log {run}/nginx-{key}.log warn;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  server_tokens off;
  client_body_temp_path {run}/nginx-{key}-body;
  proxy_temp_path {run}/nginx-{key}-proxy;
  fastcgi_temp_path {run}/nginx-{key}-fastcgi;
  uwsgi_temp_path {run}/nginx-{key}-uwsgi;
  scgi_temp_path {run}/nginx-{key}-scgi;
  default_type application/json;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_session_tickets off;
"""
_ID = "add_header x-ms-request-id 5f0c4ef9-001e-0042-6c2d-7e9f4b000000 always;"
_STORAGE = _ID + " add_header x-ms-version 2023-11-03 always;"


# What a browser asks before a page of the studio may read: allowed, or not.
_CORS = ("if ($request_method = OPTIONS) { " + _STORAGE + " add_header Access-Control-Allow-Origin https://ml.azure.com always; "
         "return 200; }")
_NO_CORS = ("if ($request_method = OPTIONS) { " + _STORAGE + " add_header x-ms-error-code CorsPreflightFailure always; "
            "return 403 '<?xml version=\"1.0\"?><Error><Code>CorsPreflightFailure</Code></Error>'; }")


def _storage(code, error, preflight=""):
    return (f"location / {{ {preflight} {_STORAGE} add_header x-ms-error-code {error} always; default_type application/xml; "
            f"return {code} '<?xml version=\"1.0\"?><Error><Code>{error}</Code></Error>'; }}")


def _workspace(code, text):
    return f"location / {{ {_ID} return {code} '{{\"error\":{{\"code\":\"UserError\",\"message\":\"{text}\"}}}}'; }}"


_DENIED_WORKSPACE = _workspace(403, "Access to workspace was denied based on workspace private link configuration")
_DENIED_STORAGE = _storage(403, "AuthorizationFailure")
_VAULT_VERSION = "add_header x-ms-keyvault-service-version 1.9.1500.1 always;"
_DENIED_VAULT = (
    f"location / {{ {_ID} {_VAULT_VERSION} return 403 '{{\"error\":{{\"code\":\"Forbidden\",\"message\":\"Public network access is "
    "disabled and request is not from a trusted service nor via an approved private link.\","
    "\"innererror\":{\"code\":\"ForbiddenByConnection\"}}}'; }")
_VAULT = (
    f"location = /healthstatus {{ {_ID} {_VAULT_VERSION} return 200 '{{\"status\":\"healthy\"}}'; }}\n"
    f"location / {{ {_ID} {_VAULT_VERSION} add_header WWW-Authenticate 'Bearer authorization=\""
    "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000\", resource=\"https://vault.azure.net\"' "
    "always; return 401; }")
_REGISTRY = (
    "location / { add_header Docker-Distribution-Api-Version registry/2.0 always; add_header WWW-Authenticate "
    "'Bearer realm=\"https://ws1103acr.azurecr.io/oauth2/token\",service=\"ws1103acr.azurecr.io\"' always; return 401 "
    "'{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"authentication required\"}]}'; }")
_DENIED_REGISTRY = (
    "location / { return 403 '{\"errors\":[{\"code\":\"DENIED\",\"message\":\"client with IP 203.0.113.7 is not "
    "allowed access. Refer https://aka.ms/acr/firewall to grant access.\"}]}'; }")

# personality -> (answers to a stranger, denies public access)
_ANSWERS = {
    "workspace": (_workspace(404, "No such route"), _DENIED_WORKSPACE),
    "notebook": (f"location / {{ {_ID} return 401 '{{}}'; }}", _DENIED_WORKSPACE),
    "online": (f"location / {{ {_ID} return 404 '{{}}'; }}", _DENIED_WORKSPACE),
    "file": (_storage(400, "InvalidQueryParameterValue", _CORS), _DENIED_STORAGE),
    "blob": (_storage(409, "PublicAccessNotPermitted", _CORS), _DENIED_STORAGE),
    "vault": (_VAULT, _DENIED_VAULT),
    "registry": (_REGISTRY, _DENIED_REGISTRY),
    "registry-data": (_storage(400, "InvalidQueryParameterValue"), _DENIED_STORAGE),
    "public": (f"location / {{ {_ID} default_type text/html; return 200 '<html></html>'; }}", ""),
}
_OTHER = "location / { default_type text/html; return 200 '<html><h1>It works!</h1></html>'; }"

# Ports beside 443 that accept a connection (plain HTTP behind them, nobody asks).
PLAIN_PORTS = {"file": [445], "workspace": [8787, 18881, *range(8704, 8711)], "public": [80]}


def _answers(endpoint):
    ok, denied = _ANSWERS[endpoint.personality]
    return {"ok": ok, "denied": denied, "other": _OTHER, "plain": ok, "no-cors": ok.replace(_CORS, _NO_CORS)}[endpoint.mode]


def _server(listen, certs, cert, body):
    tls = f"ssl_certificate {certs}/{cert}.pem; ssl_certificate_key {certs}/leaf.key;"
    return f"  server {{ {listen} {tls}\n{body} }}\n"


def endpoint(certs, address, e):
    """Server blocks of one address; ports that misbehave are left to misbehave.py."""
    text = ""
    if 443 not in e.misbehave:
        how = "" if e.mode == "plain" else " ssl"
        text += _server(f"listen {address}:443{how};", certs, e.cert, _answers(e))
    plain = [p for p in PLAIN_PORTS.get(e.personality, []) if p not in e.misbehave]
    if plain:
        text += "  server { " + " ".join(f"listen {address}:{p};" for p in plain) + " location / { return 400; } }\n"
    return text


def head(run, key):
    return _HEAD.format(run=run, key=key)


def plain_ports(address, ports):
    return "  server { " + " ".join(f"listen {address}:{p};" for p in ports) + " location / { return 400; } }\n"


def inspector(certs, dns, port=8443):
    """Opens TLS with the corporation's CA and asks the real server again."""
    body = (f"resolver {dns} ipv6=off; location / {{ proxy_pass https://$ssl_server_name$request_uri; "
            f"proxy_ssl_server_name on; proxy_ssl_name $ssl_server_name; proxy_ssl_verify on; "
            f"proxy_ssl_trusted_certificate {certs}/root.pem; proxy_set_header Host $ssl_server_name; }}")
    return _server(f"listen {port} ssl;", certs, "inspected", body)


def public_host(certs):
    return endpoint(certs, world.PUBLIC_HOST, world.Endpoint("public"))
