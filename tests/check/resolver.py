#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A DNS server that is broken in one way: resolver.py ADDRESS MODE, on UDP port 53.

Every name has the A record 198.51.100.10. MODE says what becomes of AAAA questions:
servfail, nxdomain or silent; "dead" answers nothing at all, and "formerr" that it understood
nothing, to any question.
"""
import os
import socket
import struct
import sys

FORMERR, SERVFAIL, NXDOMAIN = 1, 2, 3
A, AAAA = 1, 28


def answer(query, mode):
    end = query.index(b"\0", 12) + 5
    question = query[12:end]
    kind = struct.unpack("!H", question[-4:-2])[0]
    code, records = 0, b""
    if mode == "dead" or (kind == AAAA and mode == "silent"):
        return None
    if mode == "formerr":
        code = FORMERR
    elif kind == AAAA:
        code = SERVFAIL if mode == "servfail" else NXDOMAIN
    elif kind == A:
        address = socket.inet_aton("198.51.100.10")
        records = struct.pack("!HHHIH", 0xC00C, A, 1, 60, 4) + address
    head = query[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, bool(records), 0, 0)
    return head + question + records


def main(address, mode):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, 53))
    if os.fork():
        os._exit(0)  # it listens now
    while True:
        query, client = server.recvfrom(512)
        reply = answer(query, mode)
        if reply:
            server.sendto(reply, client)


main(*sys.argv[1:])
