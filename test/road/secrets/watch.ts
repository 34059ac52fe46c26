/*
 * Looks at every process of this machine, the boxes' among them, as often as it can, until its stdin ends. Then it
 * prints what it saw, each thing once, one JSON text a line: {"what": "cmdline" | "environ", "user", "name", "text"}; last the number of rounds.
 * It is told no secret, so that it can't be what holds one.
 */
import {readdirSync, readFileSync, readlinkSync, statSync} from 'node:fs';
import {setImmediate} from 'node:timers/promises';

/** What each process was when it was last looked at: another command line is another program (execve(2)). */
const last = new Map<string, string>();
const told = new Set<string>();
let rounds = 0;
let watching = true;

process.stdin.on('end', () => {
	watching = false;
});
process.stdin.resume();
console.log('watching');
while (watching) {
	for (const id of readdirSync('/proc')) if (/^\d+$/.test(id)) look(id);
	rounds += 1;
	await setImmediate();
}

for (const line of told) console.log(line);
console.log(JSON.stringify({rounds}));

function look(id: string): void {
	try {
		const text = readFileSync(`/proc/${id}/cmdline`, 'latin1');
		if (text === last.get(id)) return;
		last.set(id, text);
		const {uid: user} = statSync(`/proc/${id}`);
		const name = readFileSync(`/proc/${id}/comm`, 'latin1').trim();
		told.add(JSON.stringify({what: 'cmdline', user, name, text}));
		const environment = readFileSync(`/proc/${id}/environ`, 'latin1');
		const program = readlinkSync(`/proc/${id}/exe`);
		told.add(JSON.stringify({what: 'environ', user, name: program, text: environment}));
	} catch {
		// It ended in the meantime, or is one of the kernel's own.
	}
}
