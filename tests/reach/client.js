// SPDX-License-Identifier: MIT
// Resolves each host with dns.resolve6, which is c-ares and asks for AAAA alone, connects to
// the first address, in one process, and prints the client address that the HTTP server saw,
// or the error. Without arguments, each line of stdin is a host.
'use strict';
const dns = require('dns').promises;
const net = require('net');
const readline = require('readline');

const TIMEOUT = 1500;

function fetch(address) {
	return new Promise((resolve, reject) => {
		let text = '';
		const socket = net.connect({ host: address, port: 80 });
		const timer = setTimeout(() => socket.destroy({ code: 'timeout' }), TIMEOUT);
		socket.on('connect', () => socket.write('GET / HTTP/1.0\r\n\r\n'));
		socket.on('data', (chunk) => { text += chunk; });
		socket.on('end', () => resolve(text.trim().split(/\s+/).pop()));
		socket.on('error', reject);
		socket.on('close', () => clearTimeout(timer));
	});
}

async function main(hosts) {
	for await (const host of hosts)
		console.log(await dns.resolve6(host)
			.then(([address]) => fetch(address)).catch((error) => error.code));
}

main(process.argv.length > 2 ? process.argv.slice(2)
	: readline.createInterface({ input: process.stdin }));
