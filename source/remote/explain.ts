import {mask, Secret} from '../contract/secret.ts';
import type {Step} from '../contract/step.ts';
import {timeIsOver} from '../contract/time-limit.ts';
import {Trouble} from '../contract/trouble.ts';

/** How many of a log's last lines are shown as evidence. */
const shownLines = 12;

const outOfMemory = {
	pattern: /^Killed$|: line \d+: +\d+ Killed |Out of memory|Cannot allocate memory/,
	means: 'The box ran out of memory, and its kernel killed what took most of it.',
	next: 'Add swap (the step system/swap does) or memory, and retry. `journalctl -k -g oom` on the box names what was killed.',
};

const lockedNext =
	'Retry: it is waited for again, and never ended. `ps -f PROCESS` on the box tells more of one that does not come to an end.';

/** What a shell ends with when its last command was ended by SIGKILL, 9: 128 more (bash(1), EXIT STATUS). */
const killed = 137;

type Cause = {
	readonly pattern: RegExp;
	/** Groups of the pattern stand in it as `$<name>`. */
	readonly means: string;
	readonly next: string;
};

/** What some endings of a log mean, whatever the step (facts of the field; each is a message of apt, dpkg, bash or the kernel). */
const causes: readonly Cause[] = [
	{
		pattern: timeIsOver,
		means:
			'The program that ran, which is not a part of boxwizard, had not come to an end after $<minutes> minutes: it was ended. What came before it is done.',
		next: 'See by the last lines what it waits for (another service, a lock, an address that does not answer), mend that, and retry.',
	},
	{
		pattern: /No space left on device/,
		means: 'The disk of the box is full. Files are written whole or not at all, so the old ones are still there.',
		next: 'Make room (`df -h` and `df -i` show where) and retry.',
	},
	{
		pattern: /^(?<name>.+) \((?<pid>\d+)\) has held (?<file>\/\S+) for (?<minutes>\d+) minutes/,
		means:
			'Another program, $<name> (process $<pid>), is at work on the packages, and has not finished in $<minutes> minutes.',
		next: lockedNext,
	},
	{
		pattern: /lock (?<file>\/\S+?)\.? It is held by process (?<pid>\d+)(?: \((?<name>.+)\))?/,
		means: 'Another program, $<name> (process $<pid>), is at work on the packages: it holds $<file>.',
		next: lockedNext,
	},
	{
		pattern: /Could not get lock|Unable to lock directory|is another process using it|locked by another process/,
		means: 'Another program is at work on the packages of the box.',
		next: lockedNext,
	},
	{
		pattern: /Hash Sum mismatch|File has unexpected size/,
		means: 'The package mirror was caught in the middle of a change: its lists and its packages don’t fit together.',
		next: 'Retry in some minutes; the lists are read anew then. If it stays, name another mirror in /etc/apt/sources.list.',
	},
	{
		pattern: /is not valid yet|Not live until/,
		means: 'The clock of the box is slow: what the package mirror has signed lies in its future.',
		next: '`timedatectl` on the box shows its time, and `timedatectl set-ntp true` has it asked for. Retry when it is right.',
	},
	{
		pattern: /Could not resolve|Temporary failure resolving|Failed to fetch/,
		means: 'The package mirror could not be read: its network, its name, or the clock of the box.',
		next: 'Look at the network and the time of the box, and retry.',
	},
	outOfMemory,
];

/** bash reads a job's commands as a whole before it runs the first: what it can't read leaves no exit code. */
const unreadable =
	/\/jobs\/[^/ ]+\/script: (?:line \d+: )?(?:syntax error|unexpected EOF|command substitution: line \d+: syntax error)/;

function scriptUnreadable(step: Step, fault: string): Trouble {
	return new Trouble({
		what: `“${step.title}” was not begun: bash can’t read its script.`,
		means:
			'An answer, or something on the box, stands in it in a way that boxwizard did not foresee. Nothing of it was run.',
		next: `Report the line below as a fault of boxwizard. Until it is mended, another answer may help, or --leave-out ${step.id}.`,
		evidence: [fault],
		code: 'script-unreadable',
	});
}

/** Why a job failed, as a Trouble: the step's own knowledge first, then what is known of all, then the plain facts. */
export function explainFailure(step: Step, code: number | 'lost', log: readonly string[]): Trouble {
	const own = code === 'lost' ? undefined : step.explain?.(log);
	if (own) return new Trouble(own);
	const evidence = log.filter(line => line.trim() !== '').slice(-shownLines);
	if (code === 'lost') {
		const fault = log.find(line => unreadable.test(line));
		if (fault !== undefined) return scriptUnreadable(step, fault);
		return new Trouble({
			what: `“${step.title}” was cut off on the box.`,
			means: 'The box lost power, was rebooted, or ended the work. What was done so far stays.',
			next: 'Retry: it looks at the box again and goes on from there.',
			evidence,
			code: 'job-lost',
		});
	}

	const command = log.findLast(line => line.startsWith('$ '))?.slice(2) ?? 'a command';
	const cause = causeOf(log.slice(-40)) ?? (code === killed ? outOfMemory : undefined);
	return new Trouble({
		what: `“${step.title}” stopped: ${command} failed with exit code ${code}.`,
		means: cause?.means ?? 'What came before it is done; nothing after it was started.',
		next: cause?.next ?? 'Read the last lines, mend what they name, and retry.',
		evidence,
		code: 'job-failed',
	});
}

/** The first cause that a line speaks of, with what the line says put into its words. */
function causeOf(lines: readonly string[]): Cause | undefined {
	for (const cause of causes) {
		const line = lines.find(text => cause.pattern.test(text));
		const said = line === undefined ? null : cause.pattern.exec(line);
		if (!said) continue;
		return {
			...cause,
			means: cause.means.replaceAll(/\$<(\w+)>/g, (_, name: string) => said.groups?.[name] ?? 'unknown'),
		};
	}

	return undefined;
}

/** A cleaner for lines of a log: hidden parts of the answers' secrets are masked, wherever they turn up. */
export function redactor(answers: Readonly<Record<string, unknown>>): (line: string) => string {
	const hidden = Object.values(answers)
		.flatMap(answer => (answer instanceof Secret ? answer.hidden().flatMap(text => [text, ...text.split('\n')]) : []))
		.filter(text => text.length >= 6)
		.sort((one, other) => other.length - one.length);
	return line => hidden.reduce((cleaned, text) => cleaned.replaceAll(text, mask), line);
}
