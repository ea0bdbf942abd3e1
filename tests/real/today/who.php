<?php
/* SPDX-License-Identifier: MIT */
/* Prints the client address that the HTTP server at DATABASE_HOST saw, and the PIN4_HOSTS of this
 * worker. */

$server = stream_socket_client("tcp://" . getenv("DATABASE_HOST") . ":80", $code, $error, 2.5);
fwrite($server, "GET / HTTP/1.0\r\n\r\n");
$lines = explode("\n", trim(stream_get_contents($server)));
echo end($lines), "\n", getenv("PIN4_HOSTS");
