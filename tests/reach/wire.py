# SPDX-License-Identifier: MIT
"""Records what passes the network interface given, until SIGTERM, then prints it.

"ask TRANSPORT TYPE NAME" for each DNS question; "dns TRANSPORT > HEX" and "< HEX" for each
DNS message, its id masked; "server ADDRESS" for each that was asked, once; "peer FROM TO PORT" for
each that was asked for a TCP connection, or that was sent any other datagram, once.
Questions come before answers, because a program that sends two at once does not wait for the
answer between them, and TCP's messages are sorted, because it may use several connections.
"""
import signal
import socket
import struct
import sys

ALL_PROTOCOLS = 3
TCP, UDP = socket.IPPROTO_TCP, socket.IPPROTO_UDP
TYPES = {1: "A", 28: "AAAA"}


def transport_of(frame):
    """Protocol, source, destination and payload of an IP packet, or None."""
    packet = frame[14:]
    if frame[12:14] == b"\x08\x00":
        end, header = struct.unpack("!H", packet[2:4])[0], (packet[0] & 15) * 4
        addresses = [socket.inet_ntop(socket.AF_INET, packet[n:n + 4]) for n in (12, 16)]
        return packet[9], *addresses, packet[header:end]
    if frame[12:14] == b"\x86\xdd":
        end = 40 + struct.unpack("!H", packet[4:6])[0]
        addresses = [socket.inet_ntop(socket.AF_INET6, packet[n:n + 16]) for n in (8, 24)]
        return packet[6], *addresses, packet[40:end]
    return None


def question(message):
    labels, at = [], 12
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode())
        at += 1 + message[at]
    number = struct.unpack("!H", message[at + 1:at + 3])[0]
    return f"{TYPES.get(number, number)} {'.'.join(labels)}"


class Wire:
    def __init__(self):
        self.messages = []  # of UDP: ("udp", direction, message)
        self.streams = {}  # of TCP port 53, by connection and direction: {sequence: bytes}
        self.peers = set()  # and the DNS servers

    def add(self, frame):
        protocol, source, destination, segment = transport_of(frame) or (None,) * 4
        if protocol not in (TCP, UDP):
            return
        ports = struct.unpack("!HH", segment[:4])
        direction = ">" if ports[1] == 53 else "<"
        if protocol == UDP and 53 in ports:
            self.messages.append(("udp", direction, b"\0\0" + segment[10:]))
        elif protocol == UDP:
            self.peers.add(f"peer {source} {destination} {ports[1]}")
        if ports[1] == 53:
            self.peers.add(f"server {destination}")
        if protocol == TCP:
            sequence, offset, flags = struct.unpack("!I4xBB", segment[4:14])
            data = segment[(offset >> 4) * 4:]
            if flags & 0x12 == 0x02:
                self.peers.add(f"peer {source} {destination} {ports[1]}")
            if data and 53 in ports:
                key = (direction, sorted(ports)[1])
                self.streams.setdefault(key, {})[sequence] = data

    def tcp_messages(self):
        for (direction, _), parts in self.streams.items():
            stream = b"".join(parts[n] for n in sorted(parts))
            while stream:
                length = 2 + struct.unpack("!H", stream[:2])[0]
                yield "tcp", direction, b"\0\0" + stream[4:length]
                stream = stream[length:]

    def print(self):
        messages = self.messages + sorted(self.tcp_messages())
        for transport, direction, message in sorted(messages, key=lambda m: m[1], reverse=True):
            if direction == ">":
                print("ask", transport, question(message))
            print("dns", transport, direction, message.hex())
        print(*sorted(self.peers), sep="\n")


wire = Wire()
sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
sock.bind((sys.argv[1], 0))
sock.setblocking(False)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
print("ready", flush=True)
# The kernel keeps the packets until the end, in the order in which they passed.
sock.setsockopt(socket.SOL_SOCKET, 33, 1 << 24)  # SO_RCVBUFFORCE
signal.sigwait({signal.SIGTERM})
try:
    while True:
        frame, address = sock.recvfrom(1 << 16)
        wire.add(frame)
except BlockingIOError:
    wire.print()
