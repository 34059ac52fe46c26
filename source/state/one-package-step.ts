import type {RawJournal} from './journal-versions.ts';

/** The step of version 3 that installed the tools of the box, and the one that installs all packages since. */
const tools = 'system/basePackages';
const step = 'services/packages';
const former = [tools, step];

type Facts = Readonly<Record<string, unknown>>;
type StepEntry = Facts & {readonly before?: Facts};

/** Makes two steps that installed packages (version 3) into one (version 4). Pure. What is damaged stays as it is. */
export function onePackageStep(raw: RawJournal): RawJournal {
	const {box, job, seconds, unmoved} = raw;
	if (!isObject(box) || !isObject(box.steps)) return {...raw, version: 4};
	const steps = box.steps as Readonly<Record<string, StepEntry>>;
	const found = former.filter(id => steps[id] !== undefined);
	const moves = {folders: [], originals: [], ...(isObject(unmoved) && unmoved)};
	return {
		...raw,
		version: 4,
		box: {
			...box,
			// Who left only the tools of the box out did not mean the packages of the apps.
			leftOut: Array.isArray(box.leftOut) ? box.leftOut.filter(id => id !== tools) : box.leftOut,
			steps: {
				...without(steps),
				...(found.length > 0 && {[step]: joined(found.map(id => steps[id] as StepEntry))}),
			},
		},
		...(isObject(job) && {job: {...job, step: job.step === tools ? step : job.step}}),
		...(isObject(seconds) && {seconds: joinedSeconds(seconds)}),
		...(steps[tools] !== undefined && {unmoved: {...moves, packages: [[`box/${tools}`, `box/${step}`]]}}),
	};
}

/** One record of several: begun or failed where one of them was, with what was there before the first of them. */
function joined(records: readonly StepEntry[]): Facts {
	const unfinished = records.find(({state}) => state !== 'done');
	const befores: Facts[] = records.flatMap(({before}) => (before === undefined ? [] : [before]));
	const lists = (...names: readonly string[]) => [
		...new Set(befores.flatMap(before => names.flatMap(name => (Array.isArray(before[name]) ? before[name] : [])))),
	];
	return {
		...records.at(-1),
		...(unfinished && {state: unfinished.state}),
		...(befores.length > 0 && {
			before: {
				names: lists('names', 'missing'),
				missing: lists('missing'),
				held: befores.some(({portsTaken}) => portsTaken === true) ? ['nginx.service'] : [],
				selections: '',
				residue: lists('residue'),
			},
		}),
	};
}

function joinedSeconds(seconds: Facts): Facts {
	const took = former.flatMap(id => (typeof seconds[id] === 'number' ? [seconds[id]] : []));
	return {...without(seconds), ...(took.length > 0 && {[step]: took.reduce((sum, one) => sum + one)})};
}

const without = (map: Facts) => Object.fromEntries(Object.entries(map).filter(([id]) => !former.includes(id)));

const isObject = (value: unknown): value is Facts =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
