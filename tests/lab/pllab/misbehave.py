# SPDX-License-Identifier: MIT
"""Peers that no real server can be talked into: KIND@ADDRESS:PORT[=ARGUMENT] ...

tcp: rst-on-accept, rst-after-hello, fin-after-hello, silent, no-http (TLS, then nothing),
     client-cert=NAME (wants a client certificate from those who ask for NAME),
     cut-large=CERT (TLS and an answer, but a hello that comes in two packets is reset),
     proxy-502 (an HTTP proxy whose own upstream is dead),
     hung (accepts nobody, and its queue is full),
     name-filter=UPSTREAM,NAME (resets a hello with this name, passes all others on to the same port of UPSTREAM)
udp: udp-echo (sends back what it gets)
udp and tcp 53: dns-garbage, dns-truncate=UPSTREAM (answers are cut, for TCP),
     dns-alternate=UPSTREAM,UPSTREAM (each repeated question goes to the other one)
"""
import socket
import ssl
import struct
import sys
import threading

CERTS = ""
HUNG = []


def reset(conn):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.close()


def rst_on_accept(conn, _):
    reset(conn)


def rst_after_hello(conn, _):
    if conn.recv(1):
        reset(conn)


def fin_after_hello(conn, _):
    conn.recv(65536)
    conn.shutdown(socket.SHUT_WR)
    conn.recv(65536)
    conn.close()


def silent(conn, _):
    while conn.recv(65536):
        pass


def _tls(conn, cert, authority=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{CERTS}/{cert}.pem", f"{CERTS}/leaf.key")
    if authority:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(f"{CERTS}/{authority}.pem")
    tls = context.wrap_socket(conn, server_side=True, do_handshake_on_connect=False)
    try:
        tls.do_handshake()
    except ssl.SSLError:
        # Let the alert arrive: closing over unread bytes would reset the connection.
        tls.shutdown(socket.SHUT_WR)
        while tls.recv(65536):
            pass
    return tls


def no_http(conn, cert):
    with _tls(conn, cert) as tls:
        while tls.recv(65536):
            pass


def client_cert(conn, name):
    """The name in the argument wants a certificate; its neighbours on the address do not."""
    wanted = name.encode() in conn.recv(65536, socket.MSG_PEEK)
    with _tls(conn, "workspace", "corp" if wanted else None) as tls:
        if tls.recv(65536):
            tls.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def cut_large(conn, cert):
    """The record's length stands in its first bytes (RFC 8446, 5.1)."""
    head = conn.recv(5, socket.MSG_PEEK | socket.MSG_WAITALL)
    if struct.unpack("!H", head[3:5])[0] > 1400:
        conn.recv(65536)
        reset(conn)
        return
    with _tls(conn, cert) as tls:
        if tls.recv(65536):
            tls.sendall(b"HTTP/1.1 200 OK\r\nx-ms-keyvault-service-version: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def name_filter(conn, argument):
    upstream, name = argument.split(",")
    hello = conn.recv(65536)
    if name.encode() in hello:
        reset(conn)
        return
    with socket.create_connection((upstream, conn.getsockname()[1])) as there:
        there.sendall(hello)
        threading.Thread(target=pass_on, args=(conn, there), daemon=True).start()
        pass_on(there, conn)


def pass_on(one, other):
    while True:
        piece = one.recv(65536)
        if not piece:
            other.shutdown(socket.SHUT_WR)
            return
        other.sendall(piece)


def proxy_502(conn, _):
    conn.recv(65536)
    conn.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    conn.close()


def dns_garbage(_question, _count, _argument):
    return b"\x00garbage\xff\xfe"


def ask(server, question):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(3)
        s.sendto(question, (server, 53))
        return s.recv(65535)


def dns_truncate(question, _count, upstream):
    """The header and question of the true answer, with TC set and the records gone."""
    answer = ask(upstream, question)
    end = question.index(b"\0", 12) + 5
    flags = struct.unpack("!H", answer[2:4])[0] | 0x0200
    return answer[:2] + struct.pack("!HHHHH", flags, 1, 0, 0, 0) + question[12:end]


def dns_alternate(question, count, upstreams):
    servers = upstreams.split(",")
    return ask(servers[count % len(servers)], question)


def serve_udp(sock, answer, argument):
    counts, lock = {}, threading.Lock()

    def one(question, peer):
        with lock:
            key = question[12:question.index(b"\0", 12) + 5]
            counts[key] = counts.get(key, -1) + 1
            count = counts[key]
        try:
            sock.sendto(answer(question, count, argument), peer)
        except OSError:
            pass
    while True:
        question, peer = sock.recvfrom(65535)
        threading.Thread(target=one, args=(question, peer), daemon=True).start()


def udp_echo(sock, _):
    while True:
        text, peer = sock.recvfrom(65535)
        sock.sendto(text, peer)


def fill(sock):
    """Who connects now is not answered: the queue of a listener that accepts nobody is full."""
    sock.listen(0)
    waiting = [socket.socket() for _ in range(4)]
    for conn in waiting:
        conn.setblocking(False)
        conn.connect_ex(sock.getsockname())
    return waiting


def serve_tcp(sock, behave, argument):
    def one(conn):
        try:
            behave(conn, argument)
        except (OSError, ValueError):
            conn.close()
    while True:
        conn, _ = sock.accept()
        threading.Thread(target=one, args=(conn,), daemon=True).start()


def start(spec):
    kind, rest = spec.split("@", 1)
    where, _, argument = rest.partition("=")
    address, port = where.rsplit(":", 1)
    dns, udp = kind.startswith("dns-"), kind.startswith("udp-")
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if dns or udp else socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, int(port)))
    if kind == "hung":
        HUNG.append((sock, fill(sock)))
        return
    behave = globals()[kind.replace("-", "_")]
    if udp:
        threading.Thread(target=behave, args=(sock, argument), daemon=True).start()
        return
    if not dns:
        sock.listen(512)
    threading.Thread(target=serve_udp if dns else serve_tcp, args=(sock, behave, argument), daemon=True).start()


def main(arguments):
    global CERTS
    CERTS = arguments[1]
    for spec in arguments[2:]:
        start(spec)
    print("ready", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
