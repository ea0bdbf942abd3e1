# SPDX-License-Identifier: MIT
"""A program that asks DNS itself and connects to literal addresses, step by step.

Arguments: the DNS server, then any of
  NAME          asks for its AAAA records and prints them, the truncation or the error
  NAME/OPTIONS  the same with an OPT record of that size, or with a client cookie ("1232+cookie")
  =ADDRESS      connects and prints the client address that the HTTP server saw, or the error, or
                that connect() blocked although the socket does not
"""
import os
import socket
import struct
import sys
import time

AAAA, OPT, COOKIE = 28, 41, 10
PORT = 80


def question(name, options):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    message = os.urandom(2) + struct.pack("!HHHHH", 0x0100, 1, 0, 0, 1 if options else 0)
    message += labels + b"\0" + struct.pack("!HH", AAAA, 1)
    if options:
        size, _, cookie = options.partition("+")
        data = struct.pack("!HH", COOKIE, 8) + b"pin4test" if cookie else b""
        message += b"\0" + struct.pack("!HHIH", OPT, int(size), 0, len(data)) + data
    return message


def found(asked, message):
    """What an answer to the question says, if it is one."""
    end = asked.index(b"\0", 12) + 5
    assert message[:2] == asked[:2] and message[12:end] == asked[12:end], "not what was asked"
    flags, _, count, _, more = struct.unpack("!HHHHH", message[2:12])
    at, addresses = end, []
    for _ in range(count):
        assert message[at:at + 2] == b"\xc0\x0c"
        kind, _, _, size = struct.unpack("!HHIH", message[at + 2:at + 12])
        assert (kind, size) == (AAAA, 16)
        addresses.append(socket.inet_ntop(socket.AF_INET6, message[at + 12:at + 28]))
        at += 28
    assert message[at:] == (asked[end:] if more else b""), "not the OPT record that was sent"
    error = f"rcode:{flags & 15}" if flags & 15 else "nodata"
    words = [f"{len(addresses)}*" if len(addresses) > 3 else ""] + sorted(set(addresses))
    return ("tc " if flags & 0x0200 else "") + (" ".join(words).strip() if addresses else error)


def ask(sock, name, options=None):
    asked = question(name, options)
    for _ in range(4):
        sock.send(asked)
        try:
            return found(asked, sock.recv(4096))
        except TimeoutError:
            continue
    return "no answer"


def connect(address):
    with socket.socket(socket.AF_INET6) as sock:
        sock.setblocking(False)
        start = time.monotonic()
        sock.connect_ex((address, PORT))
        if time.monotonic() - start > 1:
            return "blocked"
        sock.settimeout(2)
        try:
            sock.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return sock.makefile().read().split()[-1]
        except OSError as error:
            return error.strerror or "timeout"


server, *steps = sys.argv[1:]
with socket.socket(socket.AF_INET6 if ":" in server else socket.AF_INET, socket.SOCK_DGRAM) as dns:
    dns.settimeout(0.5)
    dns.connect((server, 53))
    for step in steps:
        print(connect(step[1:]) if step[0] == "=" else ask(dns, *step.split("/")), flush=True)
