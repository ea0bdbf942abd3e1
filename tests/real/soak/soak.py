# SPDX-License-Identifier: MIT
"""Four threads that look a host up and connect to its HTTP server over IPv6 sockets without end:
soak.py HOST. Counts by phases, as soak.erl does: each line on stdin ends one.
"""
import collections
import socket
import sys
import threading
import time

lock = threading.Lock()
counts = collections.Counter()
phase = 0


def attempt(host):
    address = socket.getaddrinfo(host, 80, socket.AF_INET6, socket.SOCK_STREAM)[0][4]
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as sock:
        sock.settimeout(2.5)
        sock.connect(address)
        sock.sendall(b"GET / HTTP/1.0\r\n\r\n")
        client = sock.makefile("rb").read().split()[-1].decode()
        family = 6 if ":" in client else 4
        return f"{family}/{sock.getpeername()[0].removeprefix('::ffff:')}"


def work(name, host):
    while True:
        began = phase
        try:
            what = attempt(host)
        except socket.gaierror:
            what = "unknown"
        except OSError as error:
            what = type(error).__name__
        with lock:
            counts[name if phase == began else name + "_between", what] += 1
        time.sleep(0.02)


for name, host in [("python", sys.argv[1])] * 3 + [("python_internal", "db.internal")]:
    threading.Thread(target=work, args=(name, host), daemon=True).start()
for line in sys.stdin:
    with lock:
        phase += 1
        for (name, what), count in counts.items():
            print(name, what, count)
        counts.clear()
    print("end", flush=True)
