# SPDX-License-Identifier: MIT
"""As much of a Kafka broker as tells a client who it is: broker.py ADDRESS, on port 9092.

To any request it answers as to Metadata version 0: no broker, and one topic without partitions
that is named after the client's address. It goes into the background once it listens.
"""
import os
import socketserver
import struct
import sys


class Broker(socketserver.StreamRequestHandler):
    def handle(self):
        while size := self.rfile.read(4):
            request = self.rfile.read(struct.unpack("!i", size)[0])
            topic = self.client_address[0].encode()
            body = request[4:8] + struct.pack("!iihh", 0, 1, 0, len(topic)) + topic
            body += struct.pack("!i", 0)
            self.wfile.write(struct.pack("!i", len(body)) + body)

    def finish(self):
        pass  # a client that has gone is no error


socketserver.ThreadingTCPServer.allow_reuse_address = True
server = socketserver.ThreadingTCPServer((sys.argv[1], 9092), Broker)
if os.fork():
    os._exit(0)
server.serve_forever()
