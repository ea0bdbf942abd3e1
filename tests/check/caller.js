// SPDX-License-Identifier: MIT
// Connects to each HOST, on port 5432, and prints what Node calls the failure.
const net = require("net");

function next(hosts) {
	if (hosts.length === 0)
		return;
	const socket = net.connect({ host: hosts[0], port: 5432 });
	const done = (word) => { console.log(word); socket.destroy(); next(hosts.slice(1)); };
	socket.on("error", (error) => done(error.code));
	socket.on("connect", () => done("connected"));
}

next(process.argv.slice(2));
