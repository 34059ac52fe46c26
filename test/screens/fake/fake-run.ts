import {Secret} from '../../../source/contract/secret.ts';
import type {Event, Reply, Summary} from '../../../source/contract/ui/events.ts';
import type {Answers} from '../../../source/contract/ui/setup.ts';
import type {Finding as AppFinding} from '../../../source/contract/ui/troubleshooting.ts';
import type {Outcome} from '../../../source/contract/ui/wizard.ts';
import {steps} from './fake-forms.ts';
import type {FakeOptions} from './fake-options.ts';

export const planned: Event = {
	type: 'planned',
	name: 'python',
	steps: steps.map(([id, title, why, , hazard]) => ({id, title, why, hazard})),
};

export const outcome: Outcome = {
	url: 'https://microblog.example.com',
	login: 'ssh jessica@microblog.example.com',
	commands: [
		{title: 'Restart the app', command: 'sudo supervisorctl restart microblog'},
		{title: 'Its log', command: 'sudo tail -f /srv/microblog/shared/log/app.log'},
		{title: 'Deploy again', command: 'boxwizard setup jessica@microblog.example.com'},
	],
	firstThings: [],
	next: ['Open the site and register the first user.', 'Make a backup of the keychain entry “boxwizard”.'],
	secrets: [
		{title: 'Sudo password', where: 'keychain', secret: new Secret('correct-horse-battery')},
		{title: 'Database', where: 'box', secret: new Secret('x7Rk2mQp0Zt4')},
	],
};

const output = [
	'Reading package lists...',
	'Building dependency tree...',
	'\u001b[32mGet:1\u001b[0m http://deb.debian.org/debian bookworm/main amd64 nginx amd64 1.22.1-9+deb12u3 [527 kB]',
	'Get:2 http://deb.debian.org/debian bookworm/main amd64 supervisor all 4.2.5-1 [309 kB]',
	'Fetched 836 kB in 0s (4,112 kB/s)',
	'Setting up nginx (1.22.1-9+deb12u3) ...',
];

/** The whole set-up, as it goes by these options. */
export async function* play(
	answers: Answers,
	options: FakeOptions,
	pause: (times?: number) => Promise<void>,
): AsyncGenerator<Event, Summary, Reply> {
	yield planned;
	const changed: string[] = [];
	for (const [index, [id, , , , hazard]] of steps.entries()) {
		yield {type: 'checking', step: id};
		await pause();
		if (index < 2) {
			yield {type: 'skipped', step: id, reason: 'in place'};
			continue;
		}

		if (options.fails === id) {
			const reply: Reply = yield {...failure(id), ...(options.knowsCause && {findings: [missingVariable]})};
			options.heard?.('reply', reply, answers);
			if (reply?.action === 'quit') return {changed, inPlace: [], skipped: [], failed: [id], seconds: 12};
		}

		if (hazard) yield {type: 'arming', step: id, window: 60};
		yield {type: 'running', step: id, job: `boxwizard-${id.replace('/', '-')}`, attached: false};
		for (const line of output) {
			yield {type: 'output', step: id, line};
			await pause();
		}

		if (id === 'dns/records' && options.waits) yield* endlessWait(options);
		if (id === 'dns/records') yield* dns(options.rests === id, pause);
		yield {
			type: 'proving',
			step: id,
			what: hazard ? 'a fresh login as jessica' : 'seen from outside',
		};
		if (options.rests === id) await new Promise(() => undefined);
		await pause(3);
		yield {type: 'verified', step: id, seconds: 4 + index};
		changed.push(id);
	}

	const summary = {changed, inPlace: ['system/ready', 'system/time'], skipped: [], failed: [], seconds: 161};
	yield {type: 'done', summary};
	return summary;
}

async function* endlessWait({heard}: FakeOptions): AsyncGenerator<Event, void, Reply> {
	const wait = {what: 'the records', show: ['x A 203.0.113.7'], notes: ['A proxy has to be off.'], seen: [], every: 5};
	try {
		let reply: Reply;
		while (reply?.action === undefined) {
			await new Promise(resolve => setTimeout(resolve, wait.every));
			reply = yield {type: 'waiting', step: 'dns/records', wait};
		}

		yield failure('dns/records');
	} finally {
		heard?.('ended');
	}
}

async function* dns(rests: boolean, pause: (times?: number) => Promise<void>): AsyncGenerator<Event, void, Reply> {
	for (const seen of [
		['not yet', 'not yet'],
		['203.0.113.7', 'not yet'],
		['203.0.113.7', '203.0.113.7'],
	]) {
		yield {
			type: 'waiting',
			step: 'dns/records',
			wait: {
				what: 'microblog.example.com to point to 203.0.113.7',
				show: ['microblog.example.com.  A     203.0.113.7', 'microblog.example.com.  AAAA  2001:db8::7'],
				seen: [`ns1.example.net   A  ${seen[0]}`, `1.1.1.1           A  ${seen[1]}`],
				every: 5000,
			},
		};
		if (rests && seen[0] !== seen[1]) await new Promise(() => undefined);
		await pause(6);
	}
}

const missingVariable: AppFinding = {
	cause: 'settings/missing-variable',
	title: 'The variable STRIPE_KEY is not set.',
	means: 'The app reads it at its start.',
	next: 'Add a line.',
	evidence: {from: 'output', text: "KeyError: 'STRIPE_KEY'"},
	before: [],
	fixes: [
		{id: 'fix/variable-stripe-key', title: 'Set STRIPE_KEY', why: 'It is written into .env.', asks: 'STRIPE_KEY'},
	],
};

const failure = (step: string): Extract<Event, {type: 'failed'}> => ({
	type: 'failed',
	step,
	trouble: {
		what: 'git could not clone https://github.com/you/microblog.git.',
		means: 'The address is wrong, or the repository is private. Nothing was changed on the box.',
		next: 'Edit the address, or make the repository readable, then try again.',
		evidence: ['remote: Repository not found.', 'fatal: repository not found (exit 128)'],
	},
	actions: ['retry', 'edit', 'skip', 'undo', 'quit'],
});
