import {text} from 'node:stream/consumers';
import {askNobody} from '../../../source/cli/terminal/ask-nobody.ts';
import {createWizard} from '../../../source/cli/wizard/wizard.ts';
import type {Catalogue} from '../../../source/contract/kind.ts';
import {Secret} from '../../../source/contract/secret.ts';
import type {Step} from '../../../source/contract/step.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import type {Event, Reply} from '../../../source/contract/ui/events.ts';
import {adminUser} from '../../../steps/account/adminUser.ts';
import {authorizedKeys} from '../../../steps/account/authorizedKeys.ts';
import {ufw} from '../../../steps/firewall/ufw.ts';
import {catalogue} from '../../../steps/index.ts';
import {python} from '../../../steps/python/kind.ts';
import {packages} from '../../../steps/services/packages.ts';
import {hardening} from '../../../steps/ssh/hardening.ts';
import {ready} from '../../../steps/system/ready.ts';

/** What the wizard is told on stdin, as JSON. */
export type Wanted = {
	readonly target: string;
	readonly password: string;
	readonly identity: string;
	readonly hostKey: string;
	readonly knownHosts: string;
	readonly vaultFile: string;
	readonly authorizedKeys: readonly string[];
	readonly leftOut: readonly string[];
	/** These steps of a Flask app's box alone, without what they need, in place of the door. */
	readonly steps?: readonly string[];
	/** Answers beside the user and the keys. */
	readonly answers?: Readonly<Record<string, unknown>>;
	/** Answers to try again with, where a step fails. */
	readonly edit?: Readonly<Record<string, unknown>>;
	/** Steps to take back, in place of a run. */
	readonly undo?: readonly string[];
	/** Seconds; the real window where nothing is said. */
	readonly guardWindow?: number;
	/** The event to stop at for good, with the connection and the lock in hand: 'proving ssh/hardening'. */
	readonly holdAt?: string;
};

/** What it prints, a line of JSON each: the engine's events, or why there were none. */
export type Told = Event | {readonly type: 'trouble'; readonly code: string; readonly what: string};

/** The guard is tried with keys that don't open the door: the engine would not go as far as that. */
const unaware = {...hardening, needs: []};

/** The door of a box, and no more than that door stands on. */
const door = [ready, packages, adminUser, authorizedKeys, unaware, ufw] as unknown as readonly Step[];

/** The door, or single steps. */
function catalogueOf({steps: wanted}: Wanted): Catalogue {
	const only = (steps: readonly Step[]) =>
		steps.filter(({id}) => wanted?.includes(id)).map(step => ({...step, needs: []}));
	return {
		box: wanted ? only(catalogue.box) : door,
		afterApps: only(catalogue.afterApps),
		kinds: [{...python, steps: only(python.steps)}],
	};
}

const tell = (told: Told) => process.stdout.write(`${JSON.stringify(told)}\n`);

async function walk(wanted: Wanted): Promise<void> {
	const {target, identity, hostKey, knownHosts, vaultFile, leftOut, guardWindow} = wanted;
	const password = new Secret(wanted.password);
	const connection = {identity, hostKey, knownHosts, vaultFile, password};
	const window = guardWindow === undefined ? {} : {guardWindow};
	const wizard = createWizard({catalogue: catalogueOf(wanted), connection, answers: {}, kind: python.name, ...window});
	try {
		const {answers} = await wizard.open(target, askNobody({password}), () => undefined);
		const given = {user: 'jessica', authorizedKeys: wanted.authorizedKeys, ...wanted.answers};
		const setup = {kind: python.name, answers: {...answers, ...given}, leftOut};
		await hear(wanted.undo ? wizard.undo(setup, wanted.undo) : wizard.run(setup), wanted);
	} finally {
		await wizard.leave();
	}
}

async function hear(events: AsyncGenerator<Event, unknown, Reply>, {holdAt, edit}: Wanted): Promise<void> {
	let answers = edit;
	for (let reply: Reply; ; ) {
		const next = await events.next(reply);
		if (next.done) return;
		const event = next.value;
		tell(event);
		// The engine goes on when it is asked for its next event, and it never is.
		if ('step' in event && `${event.type} ${event.step}` === holdAt) await new Promise(() => {});
		reply = undefined;
		if (event.type === 'failed') {
			reply = answers ? {action: 'edit', answers} : {action: 'quit'};
			answers = undefined;
		}
	}
}

try {
	await walk(JSON.parse(await text(process.stdin)) as Wanted);
} catch (error) {
	if (!(error instanceof Trouble)) throw error;
	tell({type: 'trouble', code: error.code, what: error.what});
}
