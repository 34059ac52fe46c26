import type {Detection} from './detection.ts';
import type {AppOnBox} from './diagnosis/cause.ts';
import type {Probe, Step} from './step.ts';

/** Steps in their order, and defaults for their options by name, over those of the schemas. */
export type StepList = {
	readonly steps: readonly Step[];
	readonly defaults: Readonly<Record<string, unknown>>;
};

/** What is run in an app: its own command, its shell, or the client of its database. */
export type Inside =
	| {readonly run: 'command'; readonly words: readonly string[]}
	| {readonly run: 'console'}
	| {readonly run: 'database'};

/** What only the person does once an app runs, by a command in it on their own terminal. */
export type FirstThing = {
	/** 'Make yourself Django’s first user' */
	readonly title: string;
	readonly words: readonly string[];
};

/** What an app is made of, as data: the steps that every app of the kind goes through. */
export type Kind = StepList & {
	/** 'python' */
	readonly name: string;
	/** What answers files written for earlier versions call it. */
	readonly formerNames?: readonly string[];
	readonly title: string;
	readonly description: string;
	/** What of a recognised app its steps can't do yet, each as the rest of “it can’t be set up yet: ”. Pure; none where left out. */
	readonly obstacles?: (app: Detection) => readonly string[];
	/** What a recognised app answers of the options of its steps, by their names. Pure; nothing where left out. */
	readonly answers?: (app: Detection) => Readonly<Record<string, unknown>>;
	/** How a command is run in an app: bash scripts (root) for the box. */
	readonly inside: {
		/** As the app's own user, in its live release, with its environment and nothing else. Ends with the exit code of what it ran. @param answers the app's, its name among them @param term the kind of terminal: 'xterm-256color' */
		script(answers: Readonly<Record<string, unknown>>, inside: Inside, term: string | undefined): string;
		/** Prints 'yes' where a release is live that commands can be run in. */
		isLive(app: string): string;
	};
	/** What only the person does once such an app runs. Pure; nothing where left out. */
	readonly firstThings?: (answers: Readonly<Record<string, unknown>>) => readonly FirstThing[];
	/** The app as its steps make it, with what the box has of it by now. */
	readonly app?: ($: Probe, answers: Readonly<Record<string, unknown>>) => Promise<AppOnBox>;
	/** Names of the services that an app with these answers wants of its box. Pure. */
	services(answers: Readonly<Record<string, unknown>>): readonly string[];
	/** Ids of the steps that a new version of the app goes through; one of them knows which is the newest. */
	readonly deploy: readonly string[];
	/** Ids of the steps that a release of before goes through: those of a deploy that have an existing one take over. */
	readonly rollback: readonly string[];
	/** Ids of the steps that a change of the app's own variables goes through: what keeps them, and what reads them. */
	readonly settings: readonly string[];
};

/** All that can be done to a box: its own steps, those that look after all apps together, and the kinds of apps. */
export type Catalogue = {
	/** Before any app. */
	readonly box: readonly Step[];
	/** Once apps are there: what renews and reminds. */
	readonly afterApps: readonly Step[];
	readonly kinds: readonly Kind[];
};
