import {perform, undoOperations} from './apply.ts';
import type {Event, Reply} from './events.ts';
import {copyJournal, type Outcome, type Run, updateRecord} from './run.ts';
import type {Step} from './step.ts';
import {asTrouble, Trouble} from './trouble.ts';

/** The last step first; accounts at the very end, since it is they who are logged in. */
export function undoOrder(steps: readonly Step[]): Step[] {
	const reversed = steps.toReversed();
	return [...reversed.filter(step => !isAccount(step)), ...reversed.filter(isAccount)];
}

function isAccount(step: Step): boolean {
	return step.id.startsWith('account/');
}

/** Takes one step back, with the facts that were found before it was first applied. */
export async function* undoStep(run: Run, step: Step): AsyncGenerator<Event, Outcome, Reply> {
	const started = performance.now();
	const recordOf = run.work.session.journal.read().steps[step.id];
	if (!step.undo || recordOf?.before === undefined) {
		yield {type: 'skipped', step: step.id, reason: 'left out'};
		updateRecord(run, step, () => undefined);
		return 'skipped';
	}

	try {
		refuseOwnDoor(run, step);
		yield* perform(run.means, step, undoOperations(step, recordOf.before, run.answers));
	} catch (error) {
		const reply: Reply = yield {
			type: 'failed',
			step: step.id,
			trouble: asTrouble(error).toJSON(),
			actions: ['retry', 'skip', 'quit'],
		};
		if (reply?.action === 'retry') return yield* undoStep(run, step);
		return reply?.action === 'skip' ? 'failed' : 'quit';
	}

	updateRecord(run, step, () => undefined);
	await copyJournal(run);
	yield {type: 'undone', step: step.id, seconds: (performance.now() - started) / 1000};
	if (step.hazard === 'lockout') yield* backToFirstLogin(run);
	return 'changed';
}

/** The user who is logged in is not taken away from under the person: their key and account may be the only door. @throws Trouble */
function refuseOwnDoor(run: Run, step: Step): void {
	const {box, journal} = run.work.session;
	if (!isAccount(step) || box.user !== run.answers.user) return;
	const first = journal.read().user;
	throw new Trouble({
		what: `You are logged in as ${box.user}, whose door this would close.`,
		means: `No login as ${first} has proven that the box stays open without it. Everything else is undone.`,
		next: `Run \`boxwizard undo ${first}@${box.host}\` with the way in that the box had at the start.`,
		code: 'own-door',
	});
}

/** The first login works again once the door is as it was; where it can't be had, the admin user stays logged in. */
async function* backToFirstLogin(run: Run): AsyncGenerator<Event, void, Reply> {
	const {box, journal} = run.work.session;
	const {user, port} = journal.read();
	if (box.user === user) return;
	const admin = box.user;
	box.setPort(port);
	yield {type: 'reconnecting', attempt: 1};
	await run.work.reconnect({user}).catch(() => run.work.reconnect({user: admin}));
}
