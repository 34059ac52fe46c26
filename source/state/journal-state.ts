import {instanceOf, qualified} from '../contract/step-id.ts';

/** What can stand in a JSON file. */
export type Json = null | boolean | number | string | readonly Json[] | {readonly [key: string]: Json};

/** What became of a step. Times are ISO 8601 in UTC. */
export type StepRecord = {
	readonly state: 'done' | 'failed' | 'undone' | 'started';
	readonly at: string;
	readonly seconds: number;
	/** The facts `check` found first; later runs never overwrite them. */
	readonly before?: Json;
	/** Who brought it about: 'jessica@laptop'. */
	readonly by?: string;
};

/** A fix that was made on the spot: all that its undo needs, and what a receipt tells of it. */
export type FixRecord = {
	readonly title: string;
	readonly why: string;
	/** What its undo can't bring back. */
	readonly notUndone?: string;
	/** What it did, as recorded operations, secrets masked; absent where an earlier boxwizard made it. */
	readonly done?: readonly Json[];
	/** Recorded operations (recorder.ts), without secrets; none where it can't be taken back. */
	readonly undo: readonly Json[];
};

/** What is remembered of the box itself, or of one of its apps. */
export type SectionState = {
	readonly answers: Readonly<Record<string, Json>>;
	/** Ids of the steps the person left out. */
	readonly leftOut: readonly string[];
	/** By the step's id, without the app's name. */
	readonly steps: Readonly<Record<string, StepRecord>>;
	/** Fixes that no step list has, by id, with the operations that take them back. */
	readonly fixes?: Readonly<Record<string, FixRecord>>;
};

export type AppState = SectionState & {
	/** 'python' */
	readonly kind: string;
	/** When its certificate ends, as it was seen last. ISO 8601, UTC. */
	readonly certificateExpires?: string;
	/** Its answers leave the web to a server that was there: no site and no certificate of its own are to be looked for. */
	readonly withoutSite?: boolean;
};

/** All that is remembered of a box. Never a secret: those are in the vault. */
export type JournalState = {
	readonly version: 5;
	readonly host: string;
	readonly port: number;
	/** The login it began with. */
	readonly user: string;
	/** The admin user, once made. */
	readonly admin?: string;
	/** Path of the private key that opens the door. */
	readonly identity?: string;
	/** 'SHA256:…' */
	readonly hostKey?: string;
	readonly resolver?: string;
	/** The practice box's name, where it is one. */
	readonly practice?: string;
	/** PEM of a CA to be trusted for this box's site. */
	readonly acmeCa?: string;
	readonly box: SectionState;
	/** By name, in the order in which they came. */
	readonly apps: Readonly<Record<string, AppState>>;
	/** Answers for an app that has no name yet. */
	readonly draft?: Pick<AppState, 'kind' | 'answers' | 'leftOut'>;
	/** How far the last run came: how many of the steps that the answers call for were in place; and of which app it was. */
	readonly progress?: {
		readonly inPlace: number;
		readonly wanted: number;
		readonly app?: string;
		/** What was taken back since, as records are called: it was in place then. */
		readonly undone?: readonly string[];
	};
	/** What older versions left on the box and in the keychain, where this one does not look: moved by the next run. */
	readonly unmoved?: Unmoved;
	/** The job that runs now: what a next run re-attaches to. */
	readonly job?: {readonly id: string; readonly step: string; readonly startedAt: string};
	readonly os?: string;
	readonly lastSeen?: string;
	/** The last check of the whole box: when (ISO 8601, UTC), and how many steps differed. */
	readonly checked?: {readonly at: string; readonly differing: number};
	/** Seconds each step took, for the time left. */
	readonly seconds?: Readonly<Record<string, number>>;
};

/** What has another place since. */
export type Unmoved = {
	/** The app that the secrets without an app's name belong to. */
	readonly app?: string;
	/** Folders below /var/lib/boxwizard, from and to. */
	readonly folders: readonly (readonly [string, string])[];
	/** Originals that another step looks after now: the path, and the two steps' folders. */
	readonly originals: readonly {readonly path: string; readonly from: string; readonly to: string}[];
	/** Folders of steps whose packages are counted as another step's since, from and to; that one came later. */
	readonly packages?: readonly (readonly [string, string])[];
};

export const emptySection: SectionState = {answers: {}, leftOut: [], steps: {}};

/** What is remembered of an app, or without a name of the box itself; undefined for an app that there is not. */
export function sectionOf(state: JournalState, app: string | undefined): SectionState | undefined {
	return app === undefined ? state.box : state.apps[app];
}

/** The state with a section changed. An app that is not there yet is added, where its kind is told. */
export function withSection(
	state: JournalState,
	app: string | undefined,
	change: (section: SectionState) => SectionState,
	kind = '',
): JournalState {
	if (app === undefined) return {...state, box: change(state.box)};
	const before: AppState = state.apps[app] ?? {...emptySection, kind};
	return {...state, apps: {...state.apps, [app]: {...before, ...change(before)}}};
}

/** What became of a step, by its record id (step-id.ts). */
export function stepRecord(state: JournalState, id: string): StepRecord | undefined {
	const {app, id: own} = instanceOf(id);
	return sectionOf(state, app)?.steps[own];
}

/** Records of the box and of all apps, by record id. */
export function stepRecords(state: JournalState): Readonly<Record<string, StepRecord>> {
	const records = (app: string | undefined, {steps}: SectionState) =>
		Object.entries(steps).map(([id, record]) => [qualified(app, id), record] as const);
	const apps = Object.entries(state.apps).flatMap(([app, section]) => records(app, section));
	return Object.fromEntries([...records(undefined, state.box), ...apps]);
}

/** The name that a person knows the box by: the domain of its first app, else its address. */
export function labelOf({host, apps, draft}: JournalState): string {
	const domains = [...Object.values(apps), ...(draft ? [draft] : [])].map(({answers}) => answers.domain);
	return domains.find(domain => typeof domain === 'string' && domain !== '')?.toString() ?? host;
}
