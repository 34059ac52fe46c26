import type {Secret} from '../secret.ts';
import type {Probe} from '../step.ts';
import type {Fix} from './fix.ts';

/** Where a line was heard: the app in the foreground, its log under the supervisor, nginx's error log, a look at the box, the site as visitors see it. */
export type LineSource = 'output' | 'log' | 'nginx' | 'box' | 'site';

export type Line = {readonly from: LineSource; readonly text: string};

/** An app as the box itself has it: from the supervisor's configuration or the unit, not from anyone's answers. Without secrets. */
export type AppOnBox = {
	/** What people call it. */
	readonly name: string;
	/** The supervisor's program, or the unit without '.service': of an app's server, the one that is live. */
	readonly program: string;
	readonly manager: 'supervisor' | 'systemd';
	/** Path of the configuration or unit. */
	readonly configuration: string;
	/** Program and arguments. */
	readonly words: readonly string[];
	readonly user: string;
	/** Working directory. */
	readonly folder: string;
	/** The working directory without links: the release that is served. */
	readonly release: string;
	/** Names in the working directory: a module of that name is the app's own. */
	readonly own: readonly string[];
	/** Where it listens; none for a worker. */
	readonly port?: number;
	/** Under which name nginx serves it. */
	readonly domain?: string;
	/** The .env file that it, or its unit, reads. */
	readonly environment?: string;
	/** A file, or the command that shows the log. */
	readonly log: string;
	/** boxwizard's own set-up made it: its steps can be done again. */
	readonly isOwn: boolean;
};

/** What the named groups of a pattern took from a line. */
export type Groups = Readonly<Record<string, string>>;

/** A fix that must be told something first, such as the value of a missing variable: `with` makes it. */
export type OpenFix = {
	readonly id: string;
	readonly title: string;
	readonly why: string;
	/** The label of what is typed. It is treated as a secret. */
	readonly asks: string;
	readonly with: (typed: Secret) => Fix;
	/** The answers with what was typed in them, where one of them holds such things: else a next run would write the old ones again. */
	readonly answers?: (typed: Secret, answers: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
};

/** Words for a person: fixed, or made of what was found and of the app. */
export type Words = string | ((found: Groups, app: AppOnBox) => string);

/** Those words, for this app. */
export function sayWords(words: Words, found: Groups, app: AppOnBox): string {
	return typeof words === 'string' ? words : words(found, app);
}

/**
 * How near to the root a message is. 'root': it names the fault itself (a header that is missing). 'kind': it names a sort
 * of fault, of which another message may say more (a module that is not found). 'after': it only follows from another
 * fault (a worker that did not boot), and is no news beside one.
 */
export type Depth = 'root' | 'kind' | 'after';

/** The nearest to the root first. */
export const depths: readonly Depth[] = ['root', 'kind', 'after'];

/**
 * One thing that is known to go wrong with apps and what carries them: data, in steps/causes, one file for each subject.
 * Its fixtures, real messages, stand in test/steps/causes. The same list speaks in set-up, deploy, doctor and troubleshoot.
 */
export type Cause = {
	/** 'python/missing-package' */
	readonly id: string;
	/** As a person would say it, with what was found: 'The Python package redis is missing.' */
	readonly title: Words;
	/** Tried on each line by itself, without what a log writes before it (see engine/fixes/log-line.ts); a named group is part of what was found. */
	readonly match: readonly RegExp[];
	/** Which lines are looked at; all words of programs where nothing is said, not what boxwizard's own looks say. */
	readonly from?: readonly LineSource[];
	/** What other lines of the same source add to what was found, by named groups: the last line that has one counts. */
	readonly adds?: readonly RegExp[];
	/** Another line of the same source must say this too. */
	readonly beside?: RegExp;
	/** No line of the same source may say this: then it is another fault. */
	readonly unless?: RegExp;
	/** Whether a match means this, for this app. */
	readonly when?: (found: Groups, app: AppOnBox) => boolean;
	/** 'root' where nothing is said. */
	readonly depth?: Depth;
	/** Ids of causes that are no news beside this one. */
	readonly over?: readonly string[];
	/** What it means, in a sentence or two. */
	readonly means: Words;
	/** What the person does where no fix serves. No command for the box: what boxwizard can do there is a fix. */
	readonly next: Words;
	/** What may put it right, the likeliest first. Which of them has something to do is looked at when it is found. */
	readonly fixes?: (found: Groups, app: AppOnBox) => readonly (Fix | OpenFix)[];
	/** Looks for itself where no log tells; what it answers are lines from 'box', for `match`. */
	readonly look?: ($: Probe, app: AppOnBox) => Promise<string>;
};
