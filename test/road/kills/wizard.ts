import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import type {TroubleParts} from '../../../source/contract/trouble.ts';
import type {Event} from '../../../source/contract/ui/events.ts';

const program = fileURLToPath(new URL('../../../dist/boxwizard.js', import.meta.url));

/** What `setup --json` tells, one object a line; `at` in milliseconds, when it was heard. */
export type Told = (Distribute<Event> | {readonly event: 'error'; readonly trouble: TroubleParts}) & {
	readonly at: number;
};
type Distribute<Union> = Union extends {readonly type: infer Type} ? Omit<Union, 'type'> & {event: Type} : never;

/** boxwizard as it was built, at work in a process group of its own. */
export type Wizard = {
	readonly told: readonly Told[];
	/** The first event, told already or yet to come, that `wanted` takes; undefined when the wizard ends without. */
	readonly first: (wanted: (told: Told) => boolean) => Promise<Told | undefined>;
	/** SIGSTOP: it does nothing from here on, and its connection stays. */
	readonly freeze: () => void;
	/** SIGKILL, to it and to whatever it has started. */
	readonly kill: () => Promise<void>;
	/** Its exit code, -1 when it was killed. */
	readonly ended: Promise<number>;
	/** What it said beside the events. */
	readonly errors: () => string;
};

/** @param words of the command line; @param home where its journals are; @param environment variables besides, such as another HOME */
export function startWizard(
	words: readonly string[],
	home: string,
	environment: Readonly<Record<string, string>> = {},
): Wizard {
	const child = spawn(process.execPath, [program, ...words], {
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
		env: {...process.env, BOXWIZARD_HOME: home, SSH_AUTH_SOCK: '', ...environment},
	});
	const told: Told[] = [];
	const listeners = new Set<(one: Told) => void>();
	createInterface(child.stdout).on('line', line => {
		const one: Told = {...(JSON.parse(line) as Told), at: performance.now()};
		told.push(one);
		for (const listener of listeners) listener(one);
	});
	let errors = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		errors += text;
	});
	const ended = new Promise<number>(resolve => child.on('close', code => resolve(code ?? -1)));
	const signal = (name: 'SIGKILL' | 'SIGSTOP') => {
		if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) process.kill(-child.pid, name);
	};
	return {
		told,
		async first(wanted) {
			const known = told.find(wanted);
			if (known) return known;
			const heard = new Promise<Told>(resolve => {
				const listener = (one: Told) => {
					if (!wanted(one)) return;
					listeners.delete(listener);
					resolve(one);
				};
				listeners.add(listener);
			});
			return await Promise.race([heard, ended.then(() => told.find(wanted))]);
		},
		freeze: () => signal('SIGSTOP'),
		async kill() {
			signal('SIGKILL');
			await ended;
		},
		ended,
		errors: () => errors,
	};
}
