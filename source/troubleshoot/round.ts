import type {Line} from '../contract/diagnosis/cause.ts';
import {asTrouble, Trouble} from '../contract/trouble.ts';
import type {Event, Reply} from '../contract/ui/events.ts';
import type {AppSummary, TroubleshootReply, TroubleshootSummary} from '../contract/ui/troubleshooting.ts';
import {diagnose} from '../engine/fixes/diagnose.ts';
import {type AnyFix, offersFor} from '../engine/fixes/offers.ts';
import {applyFix, typedAnswers} from '../engine/run/run-step.ts';
import {type Heard, runInForeground} from './foreground-run.ts';
import type {Mode} from './foreground-unit.ts';
import {awaitRunning, handBack} from './hand-back.ts';
import {lookAtApp, type Situation} from './look.ts';
import {steadily, type Telling, type TroubleshootSession, withAnswers} from './session.ts';
import {canRunBeside} from './spare-port.ts';

/** How a session ends. */
export type End = Pick<TroubleshootSummary, 'outcome' | 'app' | 'url' | 'log'>;

/** Looks, runs, diagnoses, and does what is asked for. Undefined to go round again. */
export async function* round(session: TroubleshootSession): Telling<End | undefined> {
	const {run} = session;
	const first = yield* lookAround(session);
	yield {type: 'app', app: summaryOf(first)};
	const mode = modeOf(session, first.situation);
	const heard = yield* runInForeground(run.work, first.situation, mode);
	if (heard.cut) return undefined;
	const seen = yield* seenAfter(session, first, {heard, mode});
	session.since = heard.clock;
	const {situation, faults} = seen;
	const matches = diagnose(yield* allLines(session, seen, heard), session.input.causes, situation.app);
	const app = summaryOf(seen);
	const end = (outcome: End['outcome']): End => ({
		outcome,
		app: app.name,
		log: app.log,
		...(app.url !== undefined && {url: app.url}),
	});
	if (heard.well && matches.length === 0 && faults.length === 0)
		return end(session.fixed.length > 0 ? 'mended' : 'well');
	const {findings, fixes} = yield* steadily(run, () => offersFor(run, matches, situation.app, session.answered));
	for (const {cause} of findings) session.causes.add(cause);
	const {trouble} = session;
	session.trouble = undefined;
	const otherMode: Mode = mode === 'in its place' && canRunBeside(first.situation) ? 'beside' : 'in its place';
	const reply = yield {type: 'diagnosis', well: heard.well, findings, otherMode, ...(trouble && {trouble})};
	if (reply?.action === 'again') session.mode = reply.mode ?? session.mode;
	else if (reply?.action === 'fix') yield* apply(session, fixes.get(reply.fix), reply);
	else return end(findings.length > 0 ? 'found' : 'unknown');
	return undefined;
}

type Seen = {readonly situation: Situation; readonly faults: readonly string[]};

/**
 * How it stands once it was well in the foreground: what was put right, or was away meanwhile, is handed back to the
 * process manager first, and that and what was not well before is looked at again.
 */
async function* seenAfter(
	session: TroubleshootSession,
	before: Seen,
	{heard: {well}, mode}: {readonly heard: Heard; readonly mode: Mode},
): Telling<Seen> {
	const {run} = session;
	const fixed = session.fixed.length > session.handedBack;
	const {app, supervised} = before.situation;
	const started = mode === 'in its place' && supervised !== 'stopped';
	const away = started && supervised === 'running';
	if (!well || (!fixed && !away && isInstalled(before.situation) && before.faults.length === 0)) return before;
	if (fixed || away) {
		session.handedBack = session.fixed.length;
		yield {type: 'handing back', manager: app.manager};
		yield* steadily(run, () => (fixed ? handBack(run.work.box, app, started) : awaitRunning(run.work.box, app)));
	}

	return yield* lookAround(session);
}

async function* lookAround(session: TroubleshootSession): Telling<Seen> {
	const {run, input} = session;
	const looked = yield* steadily(run, () => lookAtApp(run.work.probe, input.name, input.known));
	const situation = session.since === undefined ? looked : {...looked, since: session.since};
	return {situation, faults: yield* siteFaults(session, situation)};
}

async function* siteFaults({run, input}: TroubleshootSession, {app}: Situation): Telling<readonly string[]> {
	const {domain} = app;
	if (domain === undefined) return [];
	yield {type: 'proving', url: `https://${domain}`};
	return yield* steadily(run, async () =>
		input.site(run.work.probe, domain).catch((error: unknown) => [asTrouble(error).what]),
	);
}

/** As the person asked for, else beside what runs well enough to answer; in the place of all else. */
function modeOf({mode}: TroubleshootSession, situation: Situation): Mode {
	if (!canRunBeside(situation)) return 'in its place';
	return mode ?? (situation.supervised === 'running' && situation.answers !== 0 ? 'beside' : 'in its place');
}

const isInstalled = ({supervised, answers}: Situation): boolean =>
	supervised === 'running' && (answers === undefined || (answers > 0 && answers < 500));

/**
 * What is to be matched. An app that is well in the foreground has said nothing that is wrong with it now; one that is
 * not well under its process manager all the same is a finding of its own.
 */
async function* allLines({run, input}: TroubleshootSession, {situation, faults}: Seen, heard: Heard): Telling<Line[]> {
	const {app} = situation;
	const looks = yield* steadily(run, () =>
		Promise.all(input.causes.flatMap(cause => cause.look?.(run.work.probe, app).then(text => text.split('\n')) ?? [])),
	);
	const seen = looks.flat().filter(text => text !== '');
	const box: Line[] = seen.map(text => ({from: 'box', text}));
	const site: Line[] = faults.map(text => ({from: 'site', text}));
	if (!heard.well) return [...heard.lines, ...box, ...site];
	const unsavedSecrets: Line[] = isInstalled(situation)
		? []
		: [{from: 'box', text: `${app.name} is well in the foreground, but ${situation.supervised} under ${app.manager}`}];
	const nginx = faults.length > 0 ? heard.lines.filter(({from}) => from === 'nginx') : [];
	return [...unsavedSecrets, ...box, ...nginx, ...site];
}

/** Brings a fix about; what it fails with is told beside the next diagnosis. */
async function* apply(
	session: TroubleshootSession,
	chosen: AnyFix | undefined,
	reply: Extract<TroubleshootReply, {action: 'fix'}>,
): Telling<void> {
	if (!chosen) return;
	if ('asks' in chosen && !reply.typed) return;
	const fix = 'asks' in chosen && reply.typed ? chosen.with(reply.typed) : chosen;
	if ('asks' in fix) return;
	const {run} = session;
	yield {type: 'mending', fix: fix.id, title: fix.title};
	try {
		if (!fix.id.startsWith('fix/')) yield* withAnswers(run, false);
		yield* told(applyFix(run, fix));
		const answers = reply.typed && (await typedAnswers(run, chosen, reply.typed));
		if (answers) run.answers = {...run.answers, ...answers};
	} catch (error) {
		session.trouble = asTrouble(error).toJSON();
	}

	// Also one that failed: some of it may have been done, and its proof may have come too early.
	session.fixed.push(fix.id);
}

/** The engine's events, as part of this; a failure is not asked about, but thrown. */
export async function* told<Value>(events: AsyncGenerator<Event, Value, Reply>): Telling<Value> {
	let next = await events.next();
	while (!next.done) {
		const event = next.value;
		yield {type: 'step', event};
		if (event.type === 'failed') {
			await events.next({action: 'quit'});
			throw new Trouble(event.trouble);
		}

		next = await events.next();
	}

	return next.value;
}

function summaryOf({situation: {app, supervised, answers}, faults}: Seen): AppSummary {
	return {
		name: app.name,
		manager: app.manager,
		command: app.words.join(' '),
		user: app.user,
		folder: app.folder,
		log: app.log,
		supervised,
		faults,
		...(answers !== undefined && {answers}),
		...(app.port !== undefined && {port: app.port}),
		...(app.domain !== undefined && {url: `https://${app.domain}`}),
	};
}
