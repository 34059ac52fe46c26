import {randomBytes} from 'node:crypto';
import {type Answers, missingSecrets, resolve} from '../answers/answers.ts';
import {quote} from '../contract/command.ts';
import {Secret} from '../contract/secret.ts';
import type {Step} from '../contract/step.ts';
import {instanceOf, qualified, recordId} from '../contract/step-id.ts';
import {type Operation, record} from '../remote/recorder.ts';
import {body, stateFolder, stepFolder, title} from '../remote/script.ts';
import {
	type FixRecord,
	type JournalState,
	labelOf,
	type StepRecord,
	stepRecord,
	stepRecords,
} from '../state/journal-state.ts';
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

/** Files as they are to be, and the commands between them. */
function operationLines(operations: readonly Operation[]): string[] {
	const blocks: string[][] = [];
	let commands: string[] = [];
	const endCommands = () => {
		if (commands.length > 0) blocks.push(fenced('sh', commands));
		commands = [];
	};
	for (const operation of operations) {
		if (operation.kind !== 'file') {
			commands.push(...shell(operation));
			continue;
		}

		endCommands();
		const {path, mode, owner, content} = operation;
		blocks.push(
			[`\`${path}\` (mode ${mode}, owner ${owner}):`, ''],
			fenced('', String(content).replace(/\n$/, '').split('\n')),
		);
	}

	endCommands();
	return blocks.flat();
}

/** In a fence that is longer than any in the text. */
function fenced(language: string, lines: readonly string[]): string[] {
	const longest = Math.max(2, ...[...lines.join('\n').matchAll(/`+/g)].map(([ticks]) => ticks.length));
	const fence = '`'.repeat(longest + 1);
	return [`${fence}${language}`, ...lines, fence, ''];
}

/** An operation as a command that stands without boxwizard's own functions. */
function shell(operation: Operation): string[] {
	switch (operation.kind) {
		case 'folder':
			return [`install -d -m ${operation.mode} ${ownerFlags(operation.owner)} ${quote(operation.path)}`];
		case 'line':
			return [
				`# in ${operation.path}${operation.replacing === '' ? '' : `, in place of ${operation.replacing}`}:`,
				`# ${operation.line}`,
			];
		case 'link':
			return [`ln -sfn ${quote(operation.target)} ${quote(operation.path)}`];
		case 'remove':
			return [`rm ${quote(operation.path)}`];
		case 'packages':
			return [`apt-get install --no-install-recommends ${operation.names.join(' ')}`];
		case 'upgrade':
			return ['apt-get update', 'apt-get full-upgrade'];
		case 'backup':
			return [`# kept as it was: ${operation.path}`];
		case 'service':
			return [serviceCommand(operation)];
		case 'handOver':
			return [
				...operation.others.map(
					unit => `systemctl ${operation.how === 'stop' ? 'disable --now' : 'restart'} ${quote(unit)}`,
				),
				`systemctl enable --now ${quote(operation.unit)}`,
			];
		case 'handBack':
			return [
				`systemctl disable --now ${quote(operation.unit)}`,
				...operation.others.map(unit => `systemctl enable --now ${quote(unit)}`),
			];
		case 'records':
			return [`# ${title(operation)}`];
		default:
			return body([operation]).flatMap(text => text.split('\n'));
	}
}

/** What stood before a step lies on the box, below the step's folder: the two functions that fetch it from there. */
const fetching = [
	`kept=${stateFolder}`,
	'back() {',
	'\tif [ -e "$kept/$1/original$2" ] || [ -L "$kept/$1/original$2" ]; then rm -f "$2"; cp -aT "$kept/$1/original$2" "$2"',
	'\telif [ -e "$kept/$1/absent$2" ]; then rm -f "$2"; fi',
	'}',
	'purge() { if [ -e "$kept/$1/packages" ]; then xargs -a "$kept/$1/packages" apt-get purge; fi; }',
];

/** Below /var/lib/boxwizard. */
function folderOf(id: string): string {
	return stepFolder(id).slice(stateFolder.length + 1);
}

function byHand(id: string, operation: Operation): string[] {
	if (operation.kind === 'restore') return [`back ${folderOf(id)} ${quote(operation.path)}`];
	if (operation.kind === 'removePackages') return [`purge ${folderOf(id)}`];
	if (operation.kind !== 'file') return shell(operation);
	const {path, mode, owner, content} = operation;
	return [
		`install -m ${mode} ${ownerFlags(owner)} /dev/stdin ${quote(path)} <<'END'`,
		String(content).replace(/\n$/, ''),
		'END',
	];
}

function serviceCommand({action, unit}: Extract<Operation, {kind: 'service'}>): string {
	return `systemctl ${action}${action === 'enable' || action === 'disable' ? ' --now' : ''} ${quote(unit)}`;
}

function ownerFlags(owner: string): string {
	const [user = 'root', group = user] = owner.split(':');
	return `-o ${quote(user)} -g ${quote(group)}`;
}

/** '2026-11-21 03:10' of an ISO 8601 time. */
function moment(iso: string): string {
	return iso.slice(0, 16).replace('T', ' ');
}
