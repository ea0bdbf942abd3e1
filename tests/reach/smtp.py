# SPDX-License-Identifier: MIT
"""A mail server on port 25 of each address given that greets with the client's address.

It goes into the background once all its sockets listen.
"""
import os
import socketserver
import sys
import threading

from socket import AF_INET6, IPPROTO_IPV6, IPV6_V6ONLY


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


class Server6(Server):
    address_family = AF_INET6

    def server_bind(self):
        self.socket.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 1)
        super().server_bind()


class Greeter(socketserver.StreamRequestHandler):
    def handle(self):
        self.say(f"220 {self.client_address[0]}")
        for line in self.rfile:
            self.say("221 bye" if line.upper().startswith(b"QUIT") else "250 well")

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")


servers = [(Server6 if ":" in address else Server)((address, 25), Greeter)
           for address in sys.argv[1:]]
if os.fork():
    os._exit(0)
for server in servers:
    threading.Thread(target=server.serve_forever).start()
