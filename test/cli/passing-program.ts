/** A terminal that the screens have let go of, and a program that repeats what it is told until “q”: a program of test/cli/asking.test.ts. */
import {PassThrough} from 'node:stream';
import {passThrough} from '../../source/cli/terminal/pass-through.ts';

const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
const {promise: ended, resolve: end} = Promise.withResolvers<number>();
// As the screens leave it.
if (process.stdin.isTTY) {
	process.stdin
		.setRawMode(true)
		.setEncoding('utf8')
		.on('data', () => undefined);
	process.stdin.removeAllListeners('data').pause().unref();
}

stdin.on('data', (typed: Buffer) => {
	stdout.write(`<${typed}>`);
	if (!typed.includes('q')) return;
	stdout.end();
	stderr.end();
	end(3);
});
stdout.write('ready ');
// The connection to the box keeps the program running meanwhile.
const connection = setInterval(() => undefined, 1000);
const code = await passThrough(
	{stdin, stdout, stderr, ended, resize: () => undefined, group: 0},
	async () => undefined,
);
clearInterval(connection);
process.exitCode = code;
