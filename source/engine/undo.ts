import {isWanted} from '../answers/answers.ts';
import type {Drop, Step} from '../contract/step.ts';
import {recordId} from '../contract/step-id.ts';
import {asTrouble, Trouble} from '../contract/trouble.ts';
import type {Event, Reply} from '../contract/ui/events.ts';
import {revertOfUndo} from '../remote/guard.ts';
import {type Operation, record} from '../remote/recorder.ts';
import {stepRecord} from '../state/journal-state.ts';
import {perform, performGuarded, undoOperations} from './apply.ts';
import {explained} from './fixes/failure.ts';
import {forgetFix} from './fixes/journaled-fixes.ts';
import {copyJournal, updateRecord} from './run/journaling.ts';
import {answersOf, look, type Outcome, type Run} from './run/run.ts';

/** The last step first; accounts at the very end, since it is they who are logged in. */
export function undoOrder(steps: readonly Step[]): Step[] {
	const reversed = steps.toReversed();
	return [...reversed.filter(step => !step.account), ...reversed.filter(step => step.account)];
}

/** Takes one step back, with the facts that were found before it was first applied. */
export async function* undoStep(run: Run, step: Step): AsyncGenerator<Event, Outcome, Reply> {
	const started = performance.now();
	const recordOf = stepRecord(run.work.session.journal.read(), recordId(step));
	const before = recordOf?.before ?? (yield* foundService(run, step));
	if (!step.undo || before === undefined) {
		yield {type: 'skipped', step: step.id, reason: 'left out'};
		updateRecord(run, step, () => undefined);
		forgetFix(run.work.session.journal, step.id);
		return 'skipped';
	}

	try {
		refuseOwnDoor(run, step);
		refuseUnconfirmed(run, step, before);
		const operations = undoOperations(step, before, answersOf(run, step));
		if (step.hazard !== 'lockout') yield* perform(run.context, step, operations);
		else yield* undoGuarded(run, step, operations, before);
	} catch (error) {
		const reply: Reply = yield {
			type: 'failed',
			step: step.id,
			trouble: (yield* explained(run, step, asTrouble(error))).trouble,
			actions: ['retry', 'skip', 'quit'],
		};
		if (reply?.action === 'retry') return yield* undoStep(run, step);
		return reply?.action === 'skip' ? 'failed' : 'quit';
	}

	updateRecord(run, step, () => undefined);
	forgetFix(run.work.session.journal, step.id);
	await copyJournal(run);
	yield {type: 'undone', step: step.id, seconds: (performance.now() - started) / 1000};
	if (step.hazard === 'lockout') yield* backToFirstLogin(run);
	return 'changed';
}

/**
 * A service that its package alone has set up has no record, and goes all the same: its undo takes off only what boxwizard
 * has brought.
 */
async function* foundService(run: Run, step: Step): AsyncGenerator<Event, unknown, Reply> {
	if (step.service === undefined || !isWanted(step, answersOf(run, step))) return undefined;
	return yield* look(run, step);
}

/**
 * An undo may shut the door as an apply may: a fresh login proves it, or the box takes it back. That of the admin user
 * counts, and so does that of whoever is logged in; at the port there is now, or the one there was at the start.
 */
async function* undoGuarded(
	run: Run,
	step: Step,
	operations: readonly Operation[],
	before: unknown,
): AsyncGenerator<Event, void, Reply> {
	const {context} = run;
	const answers = answersOf(run, step);
	const {box, journal} = run.work.session;
	const admin = typeof answers.user === 'string' && answers.user !== box.user ? [{user: answers.user}] : [];
	const logins = [...admin, {user: box.user, anyWay: true}];
	const ports = [...new Set([box.port, journal.read().port])];
	const apply = record(hand => step.apply(hand, before, answers as never));
	yield* performGuarded(context, step, {
		operations,
		revert: revertOfUndo(recordId(step), apply),
		proofs: logins.flatMap(login => ports.map(port => ({...login, port}))),
		verify: async () => {},
	});
}

/** The user who is logged in is not taken away from under the person: their key and account may be the only door. @throws Trouble */
function refuseOwnDoor(run: Run, step: Step): void {
	const {box, journal} = run.work.session;
	if (!step.account || box.user !== run.answers.user) return;
	const first = journal.read().user;
	throw new Trouble({
		what: `You are logged in as ${box.user}, whose door this would close.`,
		means: `No login as ${first} has proven that the box stays open without it. Everything else is undone.`,
		next: `Run \`boxwizard undo ${first}@${box.host} --all\` with the way in that the box had at the start.`,
		code: 'own-door',
	});
}

/** What holds a person's data is dropped only for whoever has typed its name. @throws Trouble */
function refuseUnconfirmed(run: Run, step: Step, before: unknown): void {
	const drop = step.drops?.(before, answersOf(run, step));
	if (drop && !run.plan.confirmed?.includes(drop.name)) throw unconfirmed([drop]);
}

/** The first login works again once the door is as it was; where it can't be had, the admin user stays logged in. */
async function* backToFirstLogin(run: Run): AsyncGenerator<Event, void, Reply> {
	const {box, journal} = run.work.session;
	const {user} = journal.read();
	if (box.user === user) return;
	const admin = box.user;
	yield {type: 'reconnecting', attempt: 1};
	await run.work.reconnect({user}).catch(() => run.work.reconnect({user: admin}));
}

/** The Trouble of an undo that would drop what nobody has named. */
export function unconfirmed(drops: readonly Drop[]): Trouble {
	const names = [...new Set(drops.map(({name}) => name))];
	const [{savedIn} = {savedIn: ''}] = drops;
	return new Trouble({
		what: `This drops ${drops.map(({what}) => what).join(', and ')}.`,
		means: `It is saved into ${savedIn} on the box first, and then gone. --yes alone does not say that you mean it, so nothing was dropped.`,
		next: `Where you do, add ${names.map(name => `--confirm ${name}`).join(' ')}`,
		code: 'needs-confirmation',
	});
}
