<?php
/* SPDX-License-Identifier: MIT */
/* Connects to each host in turn over TLS, in one process, and prints the client address that the
 * server saw, or the error. PHP loads pdo_pgsql past every preload (RTLD_DEEPBIND). */

foreach (array_slice($argv, 1) as $host) {
	try {
		$connection = new PDO("pgsql:host=$host;dbname=postgres;user=tls;" .
			"sslmode=verify-full;sslrootcert=" . getenv("CA"));
		$answer = $connection->query("select host(inet_client_addr())");
		echo $answer->fetchColumn(), "\n";
	} catch (PDOException $error) {
		echo strtok($error->getMessage(), "\n"), "\n";
	}
}
