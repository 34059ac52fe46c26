import {openSession} from '../source/cli/boxes/box-session.ts';
import {keptSecrets} from '../source/cli/boxes/secrets.ts';
import {planOf, wholePlan} from '../source/cli/plans/setup-plan.ts';
import {statusOf} from '../source/cli/wizard/status.ts';
import {check} from '../source/engine/engine.ts';
import type {Session} from '../source/engine/session.ts';
import {WaitingUpdates} from '../steps/app/updates.ts';
import {catalogue} from '../steps/index.ts';
import {answerOf, type BenchBox} from './boxes.ts';

/** What a look at a box took after login. */
export type LookedOver = {
	readonly roundTrips: number;
	/** Questions, each a command or a few: what the box has to do. */
	readonly questions: number;
	/** Processes that were started on the box meanwhile: nearly all of them by the scripts. */
	readonly processes: number;
	/** Bytes of the scripts that went to the box. */
	readonly bytes: number;
	/** Milliseconds of processor time of all that the scripts ran on the box. */
	readonly processor: number;
};

/**
 * Checks a finished box in this process, with the modules of the program, and counts.
 * @param what the box with all its apps, or with the one that it was made with
 * @throws Error where anything differs
 */
export async function lookOver(finished: BenchBox, what: 'all apps' | 'one app'): Promise<LookedOver> {
	const {start} = finished;
	return await counted(finished, async session => {
		const secrets = await keptSecrets(session.vault, catalogue, answerOf(finished, 'app'));
		const state = session.journal.read();
		// What the set-up has found in the repository stands there too.
		const known = {...state.box.answers, ...state.apps[answerOf(finished, 'app')]?.answers};
		const setup = {kind: start.kind, answers: {...start.answers, ...known, ...secrets}, leftOut: []};
		const events = check((what === 'one app' ? planOf : wholePlan)(catalogue, setup, state), session);
		let next = await events.next();
		while (!next.done) next = await events.next();
		if (next.value.failed.length > 0) throw new Error(`The check found ${next.value.failed.join(', ')}`);
	});
}

/** One look of the page of a box, likewise. */
export async function lookForPage(finished: BenchBox): Promise<LookedOver> {
	return await counted(finished, session => statusOf(catalogue, session, new WaitingUpdates()));
}

async function counted({box, start, env}: BenchBox, task: (session: Session) => Promise<unknown>): Promise<LookedOver> {
	process.env.BOXWIZARD_HOME = env.BOXWIZARD_HOME;
	const refuse = () => Promise.reject(new Error('A look asks nothing'));
	const opened = await openSession(box.address, refuse, start.connection, () => {});
	let questions = 0;
	let processes = 0;
	let bytes = 0;
	let processor = 0;
	const run = opened.box.run.bind(opened.box);
	opened.box.run = async script => {
		// As source/remote/probe.ts writes them.
		questions += [...script.matchAll(/ > \/run\/boxwizard-\w+\/\d+ 2> \/dev\/null < \/dev\/null &$/gm)].length;
		bytes += Buffer.byteLength(script);
		const result = await run(`read -r first < ${newestProcess}\n${script}\n${afterwards}`);
		const [, first = 0, last = 0] = /^processes (\d+) (\d+)$/m.exec(result.stderr) ?? [];
		processes += Number(last) - Number(first);
		processor += millisecondsIn(result.stderr);
		return result;
	};
	try {
		await task(opened.session);
		return {roundTrips: opened.box.roundTrips, questions, processes, bytes, processor};
	} finally {
		await opened.box.close();
	}
}

/** The newest process of the box, which has numbers of its own (pid_namespaces(7)): they are given out one after the other. */
const newestProcess = '/proc/sys/kernel/ns_last_pid';

const afterwards = `times >&2; read -r last < ${newestProcess}; echo "processes $first $last" >&2`;

/** What bash's own `times` said: user and system time of the shell, then of what it ran: '0m0.012s 0m0.004s'. */
function millisecondsIn(said: string): number {
	const times = [...said.matchAll(/\b(\d+)m([\d.]+)s\b/g)];
	return times.reduce((sum, [, minutes, seconds]) => sum + 60_000 * Number(minutes) + 1000 * Number(seconds), 0);
}
