import type {z} from 'zod';
import type {Coming} from './coming.ts';
import type {Conflict, OptionShape, Options} from './option.ts';
import type {Outside, RecordType} from './outside.ts';
import type {Fit, Release} from './release.ts';
import type {Secret} from './secret.ts';
import type {TroubleParts} from './trouble.ts';

/** A plain text, or one with hidden parts. */
export type Text = string | Secret;

/** What may stand in a `${}` of a command: quoted for the shell, an array as one word each. Never a Secret: `ps` shows arguments. */
export type Argument = string | number | readonly (string | number)[];

/** A file as the box has it. Its content stays there: what it should be is compared by digest. */
export type FileFact = {
	/** SHA-256 of the content, in hex. */
	readonly digest: string;
	/** Octal, four digits: '0644'. */
	readonly mode: string;
	/** 'user:group'. */
	readonly owner: string;
};

/** Looks, from the box (as root) and from the person's machine, and never touches. */
export interface Probe {
	/**
	 * Runs a command and answers what it printed on stdout, without the last newlines. A command that fails answers what
	 * it printed ('' when nothing): write the command so that its output is the answer. All probes of one tick travel as one script, equal
	 * ones once. Throws only when the box can't be reached: a lost connection is never an answer.
	 */
	(pieces: TemplateStringsArray, ...values: readonly Argument[]): Promise<string>;
	/** A file's digest, mode and owner; null where there is none (a link is followed). */
	file(path: string): Promise<FileFact | null>;
	/** What is seen from the person's machine. */
	readonly outside: Outside;
}

export type FileOptions = {
	/** Octal, four digits. '0644' where nothing is said, '0600' for a Secret. */
	readonly mode?: string;
	/** 'user:group'; 'root:root' where nothing is said. */
	readonly owner?: string;
};

export type DnsRecord = {
	readonly name: string;
	readonly type: RecordType;
	readonly value: string;
	readonly ttl: number;
};

/** Where DNS records are made. */
export type DnsServer = {
	readonly server: string;
	readonly zone: string;
	/** TSIG key name and secret (base64, hmac-sha256), RFC 8945. */
	readonly key: string;
	readonly secret: Secret;
};

/** Touches, as root, and never looks: every call answers nothing, so the same `apply` is run, shown or exported. */
export interface Hand {
	/** Runs a command; the run stops at the first one that fails. */
	(pieces: TemplateStringsArray, ...values: readonly Argument[]): void;
	/** A command that reads `text` on its stdin: the way of every secret. */
	input(text: Text): (pieces: TemplateStringsArray, ...values: readonly Argument[]) => void;
	/** A command that may hang, since what it runs is somebody else's: ended after so many minutes, which is told. One program with its arguments, no list or pipeline. */
	within(minutes: number): (pieces: TemplateStringsArray, ...values: readonly Argument[]) => void;
	/** Writes a file, whole or not at all (temporary file beside it, fsync, rename); folders above it are made. The first original is kept for `restore`. */
	file(path: string, content: Text, options?: FileOptions): void;
	/** Sets one line of a file: the first line that `replacing` (extended regular expression) matches, else a new last line; nothing where the line stands already. */
	line(path: string, line: string, replacing?: string): void;
	/** A symbolic link, replaced in one move. */
	link(path: string, target: string): void;
	/** Removes a file or a link; its first original is kept for `restore`. */
	remove(path: string): void;
	/** Keeps a file's first original for `restore`, before a command edits it in place. */
	backup(path: string): void;
	/** A file, link or line-edited file as it was before boxwizard first touched it; gone where it was not there. */
	restore(path: string): void;
	/** Makes a folder with mode and owner; folders above it are made with 0755. */
	folder(path: string, options?: FileOptions): void;
	/** Installs packages in one transaction, without questions; waits for a lock held by others. What comes with it is noted for `removePackages`. */
	packages(names: readonly string[]): void;
	/** Brings all packages to their newest version. */
	upgrade(): void;
	/**
	 * Takes off, with their configuration, the packages that this step's `packages` added (and only those). With `of`: of
	 * those that the step of this id added for the whole box, these (patterns of names, as bash has them) and what only they needed.
	 */
	removePackages(of?: {readonly step: string; readonly names: readonly string[]}): void;
	/** systemctl on a unit. 'enable' and 'disable' also start and stop it; one that can't be started is not left enabled. */
	service(unit: string, action: ServiceAction): void;
	/**
	 * Lets a unit have the ports of others: 'stop' stops and disables those, 'restart' restarts them with settings that this step has
	 * changed before. Where the unit then can't start, all files that the step touched are put back, and the others run as before.
	 */
	handOver(unit: string, others: readonly string[], how: HandOver): void;
	/** All of them run, and start with the box, as before the first `handOver`; nothing where there was none. */
	handBack(unit: string, others: readonly string[]): void;
	/** Makes (or with `undo` takes back) DNS records, from the person's machine. */
	records(server: DnsServer, records: readonly DnsRecord[], action?: 'make' | 'undo'): void;
}

export type HandOver = 'stop' | 'restart';
export type ServiceAction = 'enable' | 'disable' | 'start' | 'stop' | 'restart' | 'reload' | 'try-restart';

/** What a step waits for that others must do (a DNS record, a deploy key): asked again until it is there. */
export type Wait = {
	/** 'microblog.example.com to point to 203.0.113.7' */
	readonly what: string;
	/** Lines to be copied whole: the records, the public key. */
	readonly show: readonly string[];
	/** What else to know for it, a sentence or two each. */
	readonly notes?: readonly string[];
	/** How it stands, line by line: 'ns1.example.net  A  198.51.100.4  not yet'. */
	readonly seen: readonly string[];
	/** Milliseconds until it is asked again. */
	readonly every: number;
};

/** A package of the distribution that a step works with: its name, or more where there is more to say. */
export type WantedPackage = string | Package;

export type Package = {
	readonly name: string;
	/** What Ubuntu calls it, where that is another name. */
	readonly onUbuntu?: string;
	/** The unit that would start as it is installed, and is masked until its step has settled what it must know: that step unmasks it. */
	readonly startsLater?: string;
	/** The answers to what its installation asks, as debconf-set-selections(1) reads them. */
	readonly selections?: string;
};

/** What was found on a box that only the person can decide about, and the option that says how. */
export type Concern = {
	readonly option: string;
	/** What was found, what would come of it, and which answers there are. */
	readonly message: string;
};

/** One version of what a box runs. */
export type Version = {
	/** Full: a git commit. */
	readonly id: string;
	/** What a person knows it by: the first line of a commit's message. */
	readonly title: string;
};

/** What visitors met: requests that were answered, and those of them that failed (5xx). */
export type Visits = {readonly requests: number; readonly failures: number};

/** What an undo saves and then drops for good: done only for a person who has typed its name. */
export type Drop = {
	/** 'the database “microblog”' */
	readonly what: string;
	/** What has to be typed: 'microblog' */
	readonly name: string;
	/** The folder on the box that it is saved into first. */
	readonly savedIn: string;
};

/**
 * One thing that is done to a box, in two hands: `check` looks and `apply` touches.
 * Facts are plain JSON, without secrets: the first ones are journaled as `before` and handed to `undo`.
 */
export interface Step<Shape extends OptionShape = OptionShape, Facts = unknown> {
	/** Stable: in step lists, journals and exports. 'ssh/hardening'; in a plan of several apps, with the app's name before it: 'blog:web/nginx'. */
	readonly id: string;
	/** The app whose step it is; none for the box's own. Set where steps are put into a plan. */
	readonly app?: string;
	/** The service that it brings to the box: it goes with the last app that wants it. */
	readonly service?: string;
	/** It makes or takes away the account that is logged in with: undone at the very end. */
	readonly account?: true;
	/** What the rail shows: at most 18 characters. 'Harden SSH' */
	readonly title: string;
	/** Two sentences: what it is for, and what happens without it. */
	readonly why: string;
	/** Ids of steps that must be in place before. */
	readonly needs?: readonly string[];
	/** 'lockout': guarded, the box takes it back unless a fresh login proves the door; 'reboot': apply reboots the box. */
	readonly hazard?: 'lockout' | 'reboot';
	/** Answers it takes. Equal names in different steps are one answer: shared ones stand in steps/options/shared.ts. */
	readonly options: z.ZodObject<Shape>;
	/** Packages of the distribution that it works with: they come with those of all other steps, in one transaction. Pure. */
	packages?(options: Options<Shape>): readonly WantedPackage[];
	/** It installs what all steps of a plan want (`packages`), and gets that as the answer of this name. */
	readonly installs?: string;
	/** Whether the answers call for it at all (a database step when SQLite is chosen does not). */
	wanted?(options: Options<Shape>): boolean;
	/** Where it was at work and the answers call for it no more, its `check`, `done` and `apply` take away what it made: then it is forgotten. */
	readonly clears?: true;
	/** Whether an answer leaves it out: then what needs it is left out too, where the box does not have it. */
	declined?(options: Options<Shape>): boolean;
	/** What stands in its way on this box and is a person's to decide. Looked for before anything is touched. */
	conflicts?($: Probe): Promise<readonly Conflict[]>;
	check($: Probe, options: Options<Shape>): Promise<Facts>;
	/** Whether the facts are what the options ask for. Pure. */
	done(facts: Facts, options: Options<Shape>): boolean;
	/** What the person must answer for, as the box was found, before anything of it is touched; `before` are the first facts, where the step was at work already. Pure. */
	concern?(facts: Facts, options: Options<Shape>, before: Facts | undefined): Concern | undefined;
	/** Recorded, then run on the box as one script. Pure: only facts and options decide. */
	apply($: Hand, facts: Facts, options: Options<Shape>): void;
	/** What is journaled of the first facts, for `undo`: all, where nothing is said. Pure. */
	before?(facts: Facts): unknown;
	/** What is journaled where the step is done again, with more to do than the first time: what stood there, where nothing is said. Pure. */
	beforeAgain?(first: Facts, facts: Facts): unknown;
	/** Takes it back; `before` is what `check` found the first time. */
	undo?($: Hand, before: Facts, options: Options<Shape>): void;
	/** What undo can't bring back: said before it runs. */
	readonly notUndone?: string;
	/** What undo would drop that was not there before; undefined where it drops nothing. All answers are there, also those of other steps. Pure. */
	drops?(before: Facts, answers: Readonly<Record<string, unknown>>): Drop | undefined;
	/** Answers what is still awaited from others, or undefined when nothing is. */
	wait?($: Probe, options: Options<Shape>): Promise<Wait | undefined>;
	/** What a failed apply's log means, where this step knows better than the exit code. Pure. */
	explain?(log: readonly string[]): TroubleParts | undefined;
	/** Once it is brought about, a version that was made ready before is the one that serves. */
	readonly switches?: true;
	/** Which version of what this step brings is live, and which one is being made ready. Only looks at the box. */
	version?($: Probe, options: Options<Shape>): Promise<{readonly live?: Version; readonly next?: Version}>;
	/** The id of the newest version there is: it may ask others over the network, which `check` must not. Asked by a deploy. @throws Trouble when they don't say */
	newest?($: Probe, options: Options<Shape>): Promise<string>;
	/** The version that a branch, tag or commit names (the branch of the answers, where none is named), and what of it is new. Asks others over the network, as `newest` does. @throws Trouble */
	coming?($: Probe, options: Options<Shape>, ref?: string): Promise<Coming>;
	/** As `apply`, for the very version of this id. */
	bring?($: Hand, facts: Facts, options: Options<Shape>, version: string): void;
	/** The releases that lie on the box, the newest first. Only looks. */
	releases?($: Probe, options: Options<Shape>): Promise<readonly Release[]>;
	/** Makes one of them the one that is to be switched to, by its name. */
	takeUp?($: Hand, options: Options<Shape>, release: string): void;
	/** Whether the code of a release, by its name, fits what this step has made of the database. Only looks. */
	fits?($: Probe, options: Options<Shape>, release: string): Promise<Fit>;
	/** What visitors ask: a mark of now, and what they met since one. Both only look. */
	readonly visits?: {
		mark($: Probe, options: Options<Shape>): Promise<string>;
		since($: Probe, options: Options<Shape>, mark: string): Promise<Visits>;
	};
	/** Takes back what a failed deploy did, so that what ran runs on; `before` is what `check` found as the deploy began. */
	abandon?($: Hand, before: Facts, options: Options<Shape>): void;
	/** Proof from outside: throws a Trouble when it fails. */
	verify?($: Probe, options: Options<Shape>): Promise<void>;
}

/** Gives a step its types: facts and options are inferred from `check` and `options`. */
export function defineStep<Shape extends OptionShape, Facts>(step: Step<Shape, Facts>): Step<Shape, Facts> {
	return step;
}
