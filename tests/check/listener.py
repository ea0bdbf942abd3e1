#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Takes connections: listener.py LOG ADDRESS..., on port 5432. Each becomes a line of LOG once
it has ended: the client's address and how many bytes it sent."""
import os
import selectors
import socket
import sys


def listen(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    server = socket.socket(family, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    server.bind((address, 5432))
    server.listen(64)
    return server


def main(log, *addresses):
    selector = selectors.DefaultSelector()
    for address in addresses:
        selector.register(listen(address), selectors.EVENT_READ)
    if os.fork():
        os._exit(0)  # it listens now
    sent = {}
    while True:
        for key, _ in selector.select():
            if key.fileobj in sent:
                read(key.fileobj, selector, sent, log)
            else:
                take(key.fileobj, selector, sent)


def take(server, selector, sent):
    connection, peer = server.accept()
    sent[connection] = [peer[0], 0]
    selector.register(connection, selectors.EVENT_READ)


def read(connection, selector, sent, log):
    try:
        data = connection.recv(4096)
    except OSError:
        data = b""
    sent[connection][1] += len(data)
    if data:
        return
    selector.unregister(connection)
    connection.close()
    peer, count = sent.pop(connection)
    with open(log, "a", encoding="ascii") as file:
        file.write(f"{peer} {count}\n")


main(*sys.argv[1:])
