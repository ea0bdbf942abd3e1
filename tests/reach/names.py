# SPDX-License-Identifier: MIT
"""A DNS server on the UDP address given, for what dnsmasq never answers.

The first label of a name says what comes: servfail, refused and gone (NXDOMAIN) are errors; many
has 20 A records; chain has CNAME records, out of order; lost has no A record, and its first AAAA
question goes unanswered. It goes into the background once its socket listens.
"""
import os
import socket
import struct
import sys

A, CNAME, AAAA, OPT = 1, 5, 28, 41
ERRORS = {"servfail": 2, "gone": 3, "refused": 5}
A_RECORD = socket.inet_pton(socket.AF_INET, "198.51.100.20")
AAAA_RECORD = socket.inet_pton(socket.AF_INET6, "2001:db8::20")


def wire_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def record(owner, kind, data):
    return owner + struct.pack("!HHIH", kind, 1, 60, len(data)) + data


def records(first, kind):
    owner = b"\xc0\x0c"
    if first == "many" and kind == A:
        return [record(owner, A, A_RECORD)] * 20
    if first == "chain" and kind == A:
        middle, end = wire_name("middle.example.net"), wire_name("end.example.net")
        return [record(end, A, A_RECORD), record(middle, CNAME, end), record(owner, CNAME, middle)]
    if first == "lost" and kind == AAAA:
        return [record(owner, AAAA, AAAA_RECORD)]
    return []


def answer(question):
    first = question[13:13 + question[12]].decode().lower()
    end = question.index(b"\0", 12) + 5
    kind = struct.unpack("!H", question[end - 4:end - 2])[0]
    if first == "lost" and kind == AAAA and not lost:
        lost.append(question)
        return None
    found, opt = records(first, kind), question[end:]
    room = max(512, struct.unpack("!H", opt[3:5])[0] if opt else 0) - end - len(opt)
    truncated = sum(map(len, found)) > room
    while sum(map(len, found)) > room:
        found.pop()
    flags = 0x8180 | ERRORS.get(first, 0) | (0x0200 if truncated else 0)
    counts = struct.pack("!HHHHH", flags, 1, len(found), 0, 1 if opt else 0)
    return question[:2] + counts + question[12:end] + b"".join(found) + opt


lost = []
family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
sock = socket.socket(family, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], 53))
if os.fork():
    os._exit(0)
while True:
    question, client = sock.recvfrom(4096)
    message = answer(question)
    if message:
        sock.sendto(message, client)
