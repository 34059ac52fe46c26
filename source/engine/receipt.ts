import {randomBytes} from 'node:crypto';
import {type Answers, missingSecrets, resolve} from '../answers/answers.ts';
import {Secret} from '../contract/secret.ts';
import type {Step} from '../contract/step.ts';
import {instanceOf, qualified, recordId} from '../contract/step-id.ts';
import {type Operation, record} from '../remote/recorder.ts';
import {
	type FixRecord,
	type JournalState,
	labelOf,
	type StepRecord,
	stepRecord,
	stepRecords,
} from '../state/journal-state.ts';
import {byHand, fenced, fetching, operationLines} from './receipt-commands.ts';
import type {Plan} from './run/run.ts';
import {undoOrder} from './undo.ts';

/**
 * What was done to a box, as Markdown (CommonMark 0.31) for a colleague: when, by whom, every file and command, and how
 * to undo it by hand. It is worked out from the journal alone, so that it can be had of a box that is gone.
 * @param app the one whose steps alone are meant
 */
export function receipt(state: JournalState, plan: Plan, app?: string): string {
	const isMeant = ({step}: Deed) => app === undefined || instanceOf(recordId(step)).app === app;
	const done = deedsOfPlan(state, plan).filter(isMeant);
	const besides = deedsBesides(state, plan).filter(isMeant);
	const ofPlan = undoOrder(plan.steps).flatMap(({id}) => done.find(({step}) => step.id === id) ?? []);
	return [
		...headOf(state, app),
		'## What was done',
		'',
		...done.flatMap(doneLines),
		...(besides.length === 0 ? [] : ['## What was mended besides', '', ...besides.flatMap(doneLines)]),
		'## To undo it by hand',
		'',
		`\`boxwizard undo ${state.host} ${app === undefined ? '--all' : `--app ${app}`}\` does all of this. By hand, as root, the last step first; stay logged in with a second`,
		'terminal until a new login has worked. What stood before lies on the box; two functions fetch it:',
		'',
		...fenced('sh', fetching),
		...[...besides.toReversed(), ...ofPlan].flatMap(undoLines),
	].join('\n');
}

/** Something that was done to the box: a step of the plan, or a fix. */
type Deed = {
	readonly step: Pick<Step, 'id' | 'app' | 'title' | 'why' | 'notUndone'>;
	readonly entry: StepRecord;
	/** Absent where it was not kept. */
	readonly done?: readonly Operation[];
	readonly undo: readonly Operation[];
};

function deedsOfPlan(state: JournalState, plan: Plan): Deed[] {
	const inHand = filled(plan, plan.answers, undefined);
	const others = new Map(Object.entries(plan.apps ?? {}).map(([app, given]) => [app, filled(plan, given, app)]));
	return plan.steps.flatMap(step => {
		const entry = stepRecord(state, recordId(step));
		const answers = others.get(step.app ?? '') ?? inHand;
		if (entry === undefined || entry.state === 'undone') return [];
		const {undo} = step;
		const before = entry.before as never;
		return {
			step,
			entry,
			done: recorded(() => record(hand => step.apply(hand, before, answers))),
			undo: undo ? recorded(() => record(hand => undo(hand, before, answers))) : [],
		};
	});
}

/** What doctor, troubleshoot and the like did: a fix says what it was, and all else its id. */
function deedsBesides(state: JournalState, plan: Plan): Deed[] {
	const {fixes} = state.box;
	const ofPlan = new Set(plan.steps.map(recordId));
	return Object.entries(stepRecords(state)).flatMap(([id, entry]) => {
		if (ofPlan.has(id) || entry.state === 'undone') return [];
		const fix: FixRecord = fixes?.[id] ?? {title: id, why: 'It is no step of a set-up.', undo: []};
		const [done, undo] = [fix.done, fix.undo] as unknown as [Operation[] | undefined, Operation[]];
		return {step: {id, ...fix}, entry, undo, ...(done && {done})};
	});
}

function headOf(state: JournalState, app: string | undefined): string[] {
	const name = labelOf(state);
	const apps = Object.entries(state.apps);
	const leftOut = [
		...state.box.leftOut,
		...apps.flatMap(([app, section]) => section.leftOut.map(id => qualified(app, id))),
	];
	const rows = [
		['Box', `${state.host}${state.port === 22 ? '' : `, ssh port ${state.port}`}`],
		['System', state.os ?? 'not known'],
		['Apps', apps.length === 0 ? 'none' : apps.map(([app, {kind}]) => `${app} (${kind})`).join(', ')],
		['Log in as', state.admin ?? state.user],
		['Host key', state.hostKey ?? 'not known'],
		['Last seen', state.lastSeen === undefined ? 'never' : moment(state.lastSeen)],
		['Steps left out', leftOut.length === 0 ? 'none' : leftOut.join(', ')],
	];
	return [
		`# What boxwizard did ${app === undefined ? 'to' : `for ${app} on`} ${name}`,
		'',
		'| | |',
		'|---|---|',
		...rows.map(([label, text]) => `| ${label} | ${text} |`),
		'',
		'A step that is not listed was in place already. Times are UTC. Secrets are masked.',
		'',
	];
}

function doneLines({step, entry, done}: Deed): string[] {
	const how = {done: 'done', failed: 'failed', started: 'begun, not finished', undone: 'undone'}[entry.state];
	const by = entry.by === undefined ? '' : ` by ${entry.by}`;
	return [
		`### ${step.title} (\`${step.id}\`)`,
		'',
		step.why,
		'',
		`${how.charAt(0).toUpperCase()}${how.slice(1)} ${moment(entry.at)}${by}${entry.state === 'done' ? `, in ${Math.ceil(entry.seconds)} s` : ''}.`,
		'',
		...(done ? operationLines(done) : ['Its files and commands were not kept.', '']),
	];
}

function undoLines({step, done, undo}: Deed): string[] {
	const nothing = done ? 'Nothing to take back.' : 'What would take it back was not kept.';
	const lines = undo.flatMap(operation => byHand(recordId(step), operation));
	return [
		`### ${step.title} (\`${step.id}\`)`,
		'',
		...(lines.length === 0 ? [nothing, ''] : fenced('sh', lines)),
		...(step.notUndone === undefined ? [] : [`It can't bring back everything: ${step.notUndone}`, '']),
	];
}

/** What a step recorded; one whose facts are of another version is listed without. */
function recorded(operations: () => Operation[]): Operation[] {
	try {
		return operations();
	} catch {
		return [];
	}
}

/** The answers with their defaults. Secrets are masked, whatever they are. */
function filled({steps: all, defaults}: Plan, answers: Answers, app: string | undefined): never {
	const steps = app === undefined ? all : all.filter(step => step.app === app);
	const secrets = missingSecrets(steps, defaults, answers);
	// Long enough for every option that asks for a length.
	const masked = Object.fromEntries(secrets.map(({name}) => [name, new Secret(randomBytes(16).toString('hex'))]));
	return resolve(steps, defaults, {...answers, ...masked}).answers as never;
}

/** '2026-11-21 03:10' of an ISO 8601 time. */
function moment(iso: string): string {
	return iso.slice(0, 16).replace('T', ' ');
}
