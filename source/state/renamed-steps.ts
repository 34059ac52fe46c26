import {instanceOf, qualified} from '../contract/step-id.ts';
import type {RawJournal} from './journal-versions.ts';

/** What steps of an app were called in version 2. */
const renamed: Readonly<Record<string, string>> = {
	'app/goLive': 'app/switchRelease',
	'app/rehearsal': 'app/loadCheck',
};

type Entries = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Entries =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const nameOf = (id: string): string => renamed[id] ?? id;

/** Makes a journal of version 2 into one of version 3: steps, and parts of fixes, that have other names. Pure. */
export function renameSteps(raw: RawJournal): RawJournal {
	const {box, apps, draft, job, seconds, unmoved} = raw;
	return {
		...raw,
		version: 3,
		box: sectionWith(box),
		...(isObject(apps) && {
			apps: Object.fromEntries(Object.entries(apps).map(([name, app]) => [name, sectionWith(app)])),
		}),
		...(draft !== undefined && {draft: sectionWith(draft)}),
		...(isObject(job) && {job: {...job, step: recordWith(String(job.step))}}),
		...(isObject(seconds) && {seconds: keysWith(seconds)}),
		...(isObject(apps) && movedWith(unmoved, apps)),
	};
}

const keysWith = (entries: Entries): Entries =>
	Object.fromEntries(Object.entries(entries).map(([id, value]) => [nameOf(id), value]));

/** A record id (step-id.ts) with the step's name of now. */
function recordWith(record: string): string {
	const {app, id} = instanceOf(record);
	return qualified(app, nameOf(id));
}

/** What is damaged stays as it is: it is told once the journal is in its newest form. */
function sectionWith(section: unknown): unknown {
	if (!isObject(section)) return section;
	const {steps, leftOut, fixes} = section;
	return {
		...section,
		...(isObject(steps) && {steps: keysWith(steps)}),
		...(Array.isArray(leftOut) && {leftOut: leftOut.map(id => (typeof id === 'string' ? nameOf(id) : id))}),
		...(isObject(fixes) && {
			fixes: Object.fromEntries(Object.entries(fixes).map(([id, fix]) => [id, fixWith(fix)])),
		}),
	};
}

/** `keeps` is called `notUndone` since, and the operation `keep` is called `backup`. */
function fixWith(fix: unknown): unknown {
	if (!isObject(fix)) return fix;
	const {notUndone, done, undo, ...rest} = fix;
	return {
		...rest,
		...(notUndone !== undefined && {notUndone: notUndone}),
		...(done !== undefined && {done: operationsWith(done)}),
		...(undo !== undefined && {undo: operationsWith(undo)}),
	};
}

function operationsWith(operations: unknown): unknown {
	if (!Array.isArray(operations)) return operations;
	return operations.map(operation =>
		isObject(operation) && operation.kind === 'keep' ? {...operation, kind: 'backup'} : operation,
	);
}

/** The folders of renamed steps on the box, behind those that version 1 still has to move: a folder may be moved twice. */
function movedWith(unmoved: unknown, apps: Entries): {readonly unmoved?: unknown} {
	const folders = Object.entries(apps).flatMap(([app, section]) =>
		Object.keys(isObject(section) && isObject(section.steps) ? section.steps : {})
			.filter(id => id in renamed)
			.map(id => [`apps/${app}/${id}`, `apps/${app}/${nameOf(id)}`]),
	);
	if (folders.length === 0) return {};
	const earlier = isObject(unmoved) ? unmoved : {folders: [], originals: []};
	return {unmoved: {...earlier, folders: [...(Array.isArray(earlier.folders) ? earlier.folders : []), ...folders]}};
}
