// SPDX-License-Identifier: MIT
// Connects to each host in turn, in one process, and prints the client address that the
// server saw, or the error. Arguments: net, net6, netfirst or fetch (over HTTP), pg or pgfirst
// (over TLS), then hosts. "first": without happy eyeballs, so the first address decides.
// Node, Bun and Deno run it.
'use strict';
const fs = require('fs');
const net = require('net');

const [variant, ...hosts] = process.argv.slice(2);
const TIMEOUT = 2500;

function viaNet(host, options) {
	return new Promise((resolve, reject) => {
		let text = '';
		const socket = net.connect({ host, port: 80, ...options });
		const timer = setTimeout(() => socket.destroy(new Error('timeout')), TIMEOUT);
		socket.on('connect', () => socket.write('GET / HTTP/1.0\r\n\r\n'));
		socket.on('data', (chunk) => { text += chunk; });
		socket.on('end', () => resolve(text.trim().split(/\s+/).pop()));
		socket.on('error', reject);
		socket.on('close', () => clearTimeout(timer));
	});
}

async function viaFetch(host) {
	const answer = await fetch(`http://${host}/`, { signal: AbortSignal.timeout(TIMEOUT) });
	return (await answer.text()).trim();
}

async function viaPg(host) {
	const { Client } = require('pg');
	const ssl = { ca: fs.readFileSync(process.env.CA), servername: host };
	const client = new Client({ host, user: 'tls', database: 'postgres', ssl,
		connectionTimeoutMillis: TIMEOUT });
	try {
		await client.connect();
		const { rows } = await client.query('select host(inet_client_addr())');
		return rows[0].host;
	} finally {
		await client.end();
	}
}

const clients = {
	net: (host) => viaNet(host, {}),
	net6: (host) => viaNet(host, { family: 6 }),
	netfirst: (host) => viaNet(host, {}),
	fetch: viaFetch,
	pg: viaPg,
	pgfirst: viaPg,
};

function reason(error) {
	return error.code || (/timeout/.test(error.message) ? 'timeout' : error.message);
}

async function main() {
	if (variant.endsWith('first') && net.setDefaultAutoSelectFamily)
		net.setDefaultAutoSelectFamily(false);
	for (const host of hosts)
		console.log(await clients[variant](host).catch(reason));
}

main();
