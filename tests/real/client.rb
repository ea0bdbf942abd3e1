# SPDX-License-Identifier: MIT
# Connects to each host in turn, in one process, and prints the client address that the server saw,
# or the error. Arguments: tcp, socket6 (over HTTP) or pg (over TLS), then hosts.
require 'socket'

TIMEOUT = 2.5

def ask(socket)
  socket.write("GET / HTTP/1.0\r\n\r\n")
  socket.read
end

def via_tcp(host)
  Socket.tcp(host, 80, connect_timeout: TIMEOUT) { |socket| ask(socket) }
end

def via_socket6(host)
  Addrinfo.getaddrinfo(host, 80, :INET6, :STREAM).first.connect(timeout: TIMEOUT) do |socket|
    ask(socket)
  end
end

# pg looks the host up itself and hands libpq the addresses.
def via_pg(host)
  require 'pg'
  connection = PG.connect(host: host, user: 'tls', dbname: 'postgres', sslmode: 'verify-full',
                          sslrootcert: ENV['CA'])
  connection.exec('select host(inet_client_addr())').getvalue(0, 0)
end

variant, *hosts = ARGV
hosts.each do |host|
  puts send("via_#{variant}", host).split.last
rescue SocketError
  puts 'unknown'
rescue Errno::ETIMEDOUT
  puts 'timeout'
rescue SystemCallError => error
  puts error.class.name.split('::').last
rescue StandardError => error
  puts error.message.lines.first
end
