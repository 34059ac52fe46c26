import {execFileSync} from 'node:child_process';
import {expect, test} from 'vitest';

const module = (path: string) => JSON.stringify(new URL(`../../source/practice/${path}`, import.meta.url).href);

/** Raises and lowers networks of two folders, in a network namespace of its own, and answers what the kernel forwards after each. */
function forwarded(steps: string): number[] {
	const program = `import {readFileSync} from 'node:fs';
import {lowerNetwork, raiseNetwork} from ${module('engines/network.ts')};
import {placeIn} from ${module('place.ts')};
const [one, other] = [placeIn('/tmp/one'), placeIn('/tmp/other')];
const seen = [];
const look = () => seen.push(Number(readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8')));
for (const step of [${steps}]) {
	await step();
	look();
}
console.log(JSON.stringify(seen));`;
	// What is remembered lies below /run.
	const script =
		'mount -t tmpfs none /run; sysctl -q -w net.ipv4.ip_forward=0; exec "$0" --input-type=module --eval "$1"';
	const words = ['--net', '--mount', 'bash', '-euc', script, process.execPath, program];
	return JSON.parse(execFileSync('unshare', words, {encoding: 'utf8'})) as number[];
}

test('a network that is taken away leaves another one its way out, and the last one gives back what it found', () => {
	const steps =
		'() => raiseNetwork(one), () => raiseNetwork(other), () => lowerNetwork(one), () => lowerNetwork(other)';
	expect(forwarded(steps)).toEqual([1, 1, 1, 0]);
});

test('two at once get in nobody’s way', () => {
	const both = (what: string) => `() => Promise.all([${what}(one), ${what}(other)])`;
	expect(forwarded([both('raiseNetwork'), both('lowerNetwork'), both('raiseNetwork')].join(', '))).toEqual([1, 0, 1]);
});
