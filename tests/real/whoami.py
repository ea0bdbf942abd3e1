# SPDX-License-Identifier: MIT
"""An HTTP server on port 80 of each address given that answers with the client's address.

It goes into the background once all its sockets listen.
"""
import http.server
import os
import socket
import sys
import threading


class Server(http.server.ThreadingHTTPServer):
    def server_bind(self):
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        super().server_bind()

    def handle_error(self, *_):
        pass  # a client that has gone is no error


class Server6(Server):
    address_family = socket.AF_INET6


class Whoami(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.client_address[0].encode() + b"\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def serve(address):
    return (Server6 if ":" in address else Server)((address, 80), Whoami)


servers = [serve(address) for address in sys.argv[1:]]
if os.fork():
    os._exit(0)
for server in servers:
    threading.Thread(target=server.serve_forever).start()
