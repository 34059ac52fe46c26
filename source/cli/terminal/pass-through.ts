import type {Readable} from 'node:stream';
import type {Interaction, TerminalShape} from '../../transport/index.ts';

/** The person's terminal, for a program on the box; undefined where one of the two ends is a pipe or a file. */
export function terminalShape(): TerminalShape | undefined {
	if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
	const {columns, rows} = process.stdout;
	return {term: termName(process.env.TERM), columns, rows};
}

/** The name of a terminal, as terminfo(5) has them. */
function termName(term: string | undefined): string {
	return term !== undefined && /^[\w.+-]{1,64}$/.test(term) ? term : 'xterm-256color';
}

/**
 * Joins a program on the box to this machine's streams until it ends, and answers its exit code. With a terminal each key
 * goes to it as it is; without, Ctrl-C ends it there by `end`.
 */
export async function passThrough(program: Interaction, end: () => Promise<void>): Promise<number> {
	const isRaw = process.stdin.isTTY && process.stdout.isTTY;
	const resize = () => program.resize(process.stdout.columns, process.stdout.rows);
	const interrupt = () => void end();
	const leave = (bytes: Buffer) => program.stdin.write(bytes);
	const over = () => program.stdin.end();
	// The screens have let go of it where they had it; a file has no such hold.
	if (isRaw) process.stdin.setRawMode(true).ref();
	process.stdin.on('data', leave).once('end', over).resume();
	process.stdout.on('resize', resize);
	process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
	const told = Promise.all([handOn(program.stdout, process.stdout), handOn(program.stderr, process.stderr)]);
	try {
		const code = await program.ended;
		await told;
		return code;
	} finally {
		if (isRaw) process.stdin.setRawMode(false);
		process.stdin.off('data', leave).off('end', over).pause();
		process.stdout.off('resize', resize);
		process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
	}
}

/** Writes what comes, no faster than it is read here. */
async function handOn(from: Readable, to: NodeJS.WriteStream): Promise<void> {
	for await (const bytes of from) {
		if (!to.write(bytes)) await new Promise(resolve => to.once('drain', resolve));
	}
}
