# SPDX-License-Identifier: MIT
"""Connects to each HOST, on port 5432, and prints what Python calls the failure."""
import socket
import sys

for host in sys.argv[1:]:
    try:
        socket.create_connection((host, 5432), 2)
        print("connected")
    except OSError as error:
        name = type(error).__name__
        print(name if name in ("ConnectionRefusedError", "TimeoutError") else f"{name} {error.errno}")
