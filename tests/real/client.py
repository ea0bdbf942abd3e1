# SPDX-License-Identifier: MIT
"""Connects to each host in turn, in one process, and prints the client address that the
server saw, or the error.

Arguments: socket, socket6, v6only (socket6 with IPV6_V6ONLY set), asyncio, asyncio6 (over
HTTP) or psycopg2 (over TLS), then hosts.
"""
import asyncio
import errno
import os
import socket
import sys

TIMEOUT = 2.5
REQUEST = b"GET / HTTP/1.0\r\n\r\n"


def socket_unspec(host):
    with socket.create_connection((host, 80), TIMEOUT) as sock:
        return ask(sock)


def with_socket6(v6only):
    def fetch(host):
        address = socket.getaddrinfo(host, 80, socket.AF_INET6, socket.SOCK_STREAM)[0][4]
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as sock:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
            sock.settimeout(TIMEOUT)
            sock.connect(address)
            return ask(sock)

    return fetch


def ask(sock):
    sock.sendall(REQUEST)
    return sock.makefile("rb").read()


def with_asyncio(family):
    async def fetch(host):
        reader, writer = await asyncio.open_connection(host, 80, family=family)
        writer.write(REQUEST)
        body = await reader.read()
        writer.close()
        return body

    def run(host):
        async def limited():
            return await asyncio.wait_for(fetch(host), TIMEOUT)
        return asyncio.run(limited())

    return run


def with_psycopg2(host):
    import psycopg2
    connection = psycopg2.connect(host=host, user="tls", dbname="postgres",
                                  sslmode="verify-full", sslrootcert=os.environ["CA"])
    cursor = connection.cursor()
    cursor.execute("select host(inet_client_addr())")
    return cursor.fetchone()[0].encode()


CLIENTS = {
    "socket": socket_unspec,
    "socket6": with_socket6(0),
    "v6only": with_socket6(1),
    "asyncio": with_asyncio(socket.AF_UNSPEC),
    "asyncio6": with_asyncio(socket.AF_INET6),
    "psycopg2": with_psycopg2,
}


def reason(error):
    if isinstance(error, (TimeoutError, asyncio.TimeoutError)):
        return "timeout"
    if isinstance(error, socket.gaierror):
        return next(n for n in dir(socket)
                    if n.startswith("EAI_") and getattr(socket, n) == error.errno)
    if isinstance(error, OSError):
        return errno.errorcode[error.errno]
    return str(error).splitlines()[0]


for name in sys.argv[2:]:
    try:
        print(CLIENTS[sys.argv[1]](name).split()[-1].decode(), flush=True)
    except Exception as error:
        print(reason(error), flush=True)
