import {type Box, Disconnected} from '../contract/box.ts';
import type {DnsRecord, DnsServer, Step} from '../contract/step.ts';
import {recordId} from '../contract/step-id.ts';
import {asTrouble, Trouble} from '../contract/trouble.ts';
import type {Event, Reply} from '../contract/ui/events.ts';
import {explainFailure} from '../remote/explain.ts';
import {
	armedStep,
	armScript,
	notReverted,
	type Proof,
	proveAndDisarm,
	type Revert,
	restartWindow,
	takeBack,
} from '../remote/guard.ts';
import {followJob, type Job, jobUnit, newJob, secretsFolder, startJob, stopJob} from '../remote/jobs.ts';
import {LogTail} from '../remote/log-tail.ts';
import {type Operation, record} from '../remote/recorder.ts';
import {type Script, script} from '../remote/script.ts';
import {reconnections, type Work} from './session.ts';

/** What makes DNS records from the person's machine. */
export type SendRecords = (server: DnsServer, records: readonly DnsRecord[], action: 'make' | 'undo') => Promise<void>;

/** What an apply needs beside the work itself. */
export type ApplyContext = {
	readonly work: Work;
	readonly sendRecords: SendRecords;
	/** Masks secrets in a line of a log. */
	readonly redact: (line: string) => string;
	readonly now: () => Date;
	/** Seconds until the box takes an unproven change of the door back. */
	readonly guardWindow: number;
};

/** A change that may shut the door. */
export type Guarded = {
	readonly operations: readonly Operation[];
	readonly revert: Revert;
	/** The logins that prove it: one is enough, the first that opens. */
	readonly proofs: readonly Proof[];
	/** What has to hold besides. @throws Trouble */
	readonly verify: () => Promise<void>;
};

/** Runs recorded operations as one job on the box, then what is done from here. @throws Trouble when a command fails */
export async function* perform(
	context: ApplyContext,
	step: Step,
	operations: readonly Operation[],
): AsyncGenerator<Event, void, Reply> {
	const onBox = operations.filter(operation => operation.kind !== 'records');
	const job = newJob(recordId(step), context.now());
	if (onBox.length > 0) yield* work(context, step, job, script(recordId(step), onBox, secretsFolder(job)));
	for (const operation of operations) {
		if (operation.kind === 'records') await context.sendRecords(operation.server, operation.records, operation.action);
	}
}

/**
 * A guarded change (design: the dead man's switch): arm, change, prove with a fresh login, and only that login disarms.
 * @throws Trouble when the door was not proven; by then the box has taken the change back
 */
export async function* performGuarded(
	context: ApplyContext,
	step: Step,
	{operations, revert, proofs, verify}: Guarded,
): AsyncGenerator<Event, void, Reply> {
	const job = newJob(recordId(step), context.now());
	const {box} = context.work;
	box.trustHostKeys(yield* hostKeys(context.work));
	const portBefore = box.port;
	const change = script(recordId(step), operations, secretsFolder(job), true);
	const arm = armScript(recordId(step), jobUnit(job), revert, context.guardWindow);
	yield {type: 'arming', step: step.id, window: context.guardWindow};
	context.work.otherDoor = proofs[0];
	try {
		yield* work(context, step, job, {...change, text: [arm, change.text, restartWindow].join('\n')});
		yield* proven(context.work, step, proofs, verify);
	} catch (error) {
		box.setPort(portBefore);
		try {
			yield* takenBack(context.work, step);
		} catch (lost) {
			throw leftToTheBox(step, asTrouble(lost), context.guardWindow);
		}

		throw asTrouble(error);
	} finally {
		context.work.otherDoor = undefined;
	}
}

/** The door may show another of its keys from now on: what this verified connection tells of them is believed. */
function hostKeys(work: Work): AsyncGenerator<Event, string[], Reply> {
	return work.steadily(async () =>
		(await work.box.run('cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null')).stdout.split('\n'),
	);
}

/** The way back to the box is lost: it does alone what it would have been told to do. */
function leftToTheBox(step: Step, trouble: Trouble, window: number): Trouble {
	if (trouble.code === notReverted) return trouble;
	const {means, ...parts} = trouble.toJSON();
	const alone = `No login has proven “${step.title}”, so the box takes it back by itself, within ${window} s.`;
	return new Trouble({...parts, means: `${means} ${alone}`}, trouble);
}

async function* proven(
	work: Work,
	step: Step,
	[proof, ...others]: readonly Proof[],
	verify: () => Promise<void>,
): AsyncGenerator<Event, void, Reply> {
	if (!proof) throw new TypeError(`Nothing would prove ${step.id}`);
	work.box.setPort(proof.port);
	yield {type: 'proving', step: step.id, what: `a fresh login as ${proof.user}`};
	try {
		yield* work.steadily(verify);
		await proveAndDisarm(work.box, proof);
	} catch (error) {
		if (others.length === 0) throw error;
		yield* proven(work, step, others, verify);
	}
}

/** A guard that an earlier run left armed: proven now, or taken back. @param nameOf what a step is called in this plan, by its record id */
export async function* settleArmedGuard(
	work: Work,
	user: string | undefined,
	nameOf: (record: string) => string,
): AsyncGenerator<Event, void, Reply> {
	const record = yield* work.steadily(() => armedStep(work.box));
	if (record === undefined) return;
	const step = nameOf(record);
	try {
		if (user === undefined) throw new Trouble({what: 'No user to log in as', means: '', next: ''});
		yield {type: 'proving', step, what: `a fresh login as ${user}`};
		await proveAndDisarm(work.box, {user});
	} catch {
		yield* takenBack(work, {id: step});
	}
}

/** Goes on with a job that an earlier run left on the box, until it ends or is to be ended. Returns its exit code. @param step what its step is called in this plan */
export async function* attach(
	context: ApplyContext,
	job: Job,
	step: string,
): AsyncGenerator<Event, number | 'lost', Reply> {
	const {box, stopsJob} = context.work.session;
	yield {type: 'running', step, job: job.id, attached: true};
	// Where the connection is lost just then, the log's next one begins with it.
	const stop = () => void stopJob(box, job).catch(() => undefined);
	stopsJob?.addEventListener('abort', stop, {once: true});
	try {
		const code = yield* logOf(context, step, new LogTail(), seen => followOrStop(box, job, seen, stopsJob));
		if (stopsJob?.aborted) yield {type: 'output', step, line: 'This work of an earlier run was ended, as you asked.'};
		return code;
	} finally {
		stopsJob?.removeEventListener('abort', stop);
	}
}

async function* followOrStop(
	box: Box,
	job: Job,
	seen: number,
	stops: AbortSignal | undefined,
): AsyncGenerator<string, number | 'lost', void> {
	if (stops?.aborted) await stopJob(box, job);
	return yield* followJob(box, job, seen);
}

async function* takenBack(work: Work, step: Pick<Step, 'id'>): AsyncGenerator<Event, void, Reply> {
	yield* work.steadily(() => takeBack(work.box));
	yield {type: 'reverted', step: step.id};
}

async function* work(context: ApplyContext, step: Step, job: Job, content: Script): AsyncGenerator<Event, void, Reply> {
	const {journal, box} = context.work.session;
	journal.update(state => ({...state, job: {id: job.id, step: job.step, startedAt: context.now().toISOString()}}));
	yield {type: 'running', step: step.id, job: job.id, attached: false};
	const log = new LogTail();
	const code = yield* logOf(context, step.id, log, seen => startJob(box, job, content, seen));
	journal.update(({job: _ended, ...state}) => state);
	if (code !== 0) throw explainFailure(step, code, log.lines);
}

/** A job's log as events, through as many connections as it takes; a lost one leaves no gap and doubles no line. */
export async function* logOf(
	context: Pick<ApplyContext, 'work' | 'redact'>,
	step: string,
	log: LogTail,
	open: (seen: number) => AsyncGenerator<string, number | 'lost', void>,
): AsyncGenerator<Event, number | 'lost', Reply> {
	for (let attempt = 1; ; attempt++) {
		const lines = open(log.seen);
		try {
			for (let next = await lines.next(); ; next = await lines.next()) {
				if (next.done) return next.value;
				const line = context.redact(next.value);
				log.add(line);
				yield {type: 'output', step, line};
			}
		} catch (error) {
			if (!(error instanceof Disconnected) || attempt > reconnections) throw error;
			yield* context.work.again(attempt);
		} finally {
			// Whoever leaves in the middle leaves no reader of the log on the box.
			await lines.return('lost');
		}
	}
}

/** The operations of a step's undo. @throws TypeError where a step has none */
export function undoOperations(step: Step, before: unknown, answers: Readonly<Record<string, unknown>>): Operation[] {
	if (!step.undo) throw new TypeError(`${step.id} has no undo`);
	return record(hand => step.undo?.(hand, before, answers as never));
}
