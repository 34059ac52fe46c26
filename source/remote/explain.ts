import {mask, Secret} from '../contract/secret.ts';
import type {Step} from '../contract/step.ts';
import {timeIsOver} from '../contract/time-limit.ts';
import {Trouble} from '../contract/trouble.ts';

/** How many of a log's last lines are shown as evidence. */
const shownLines = 12;

/** What a shell ends with when its last command was ended by SIGKILL, 9: 128 more (bash(1), EXIT STATUS). */
const killed = 137;

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

/** Why a job failed, as a Trouble: the step's own knowledge first, then the plain facts. What its programs have said is for the causes to tell (engine/fixes). */
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
	const over = log.slice(-40).find(line => timeIsOver.test(line));
	const minutes = timeIsOver.exec(over ?? '')?.groups?.minutes;
	return new Trouble({
		what: `“${step.title}” stopped: ${command} failed with exit code ${code}.`,
		means:
			minutes === undefined
				? 'What came before it is done; nothing after it was started.'
				: `The program that ran, which is not a part of boxwizard, had not come to an end after ${minutes} minutes: it was ended. What came before it is done.`,
		next:
			minutes === undefined
				? 'Read the last lines, mend what they name, and retry.'
				: 'See by the last lines what it waits for (another service, a lock, an address that does not answer), mend that, and retry.',
		// Nothing is printed of a kill: the causes that are known go by lines.
		evidence: [...evidence, ...(code === killed ? [`It was ended by a kill: exit code ${killed}`] : [])],
		code: 'job-failed',
	});
}

/** A cleaner for lines of a log: hidden parts of the answers' secrets are masked, wherever they turn up. */
export function redactor(answers: Readonly<Record<string, unknown>>): (line: string) => string {
	const hidden = Object.values(answers)
		.flatMap(answer => (answer instanceof Secret ? answer.hidden().flatMap(text => [text, ...text.split('\n')]) : []))
		.filter(text => text.length >= 6)
		.sort((one, other) => other.length - one.length);
	return line => hidden.reduce((cleaned, text) => cleaned.replaceAll(text, mask), line);
}
