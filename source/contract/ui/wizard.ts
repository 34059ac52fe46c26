import type {Coming} from '../coming.ts';
import type {Health} from '../diagnosis/examination.ts';
import type {BoxDue} from '../due.ts';
import type {FirstThing, Inside} from '../kind.ts';
import type {LogEvent} from '../log-source.ts';
import type {Fit, Release} from '../release.ts';
import type {Secret} from '../secret.ts';
import type {NamedService, ServiceCommand} from '../service.ts';
import type {AppSettings, Setting} from '../settings.ts';
import type {BoxStatus, ForeignProgram, Reached} from '../status.ts';
import type {Event, Problem, Reply, Summary} from './events.ts';
import type {Field} from './field.ts';
import type {FileEdit, FoundApp, SaidOfApp} from './found-app.ts';
import type {Forgetting, KnownApp, KnownHost} from './known-host.ts';
import type {Preview} from './preview.ts';
import type {Ask} from './question.ts';
import type {Answers, KindSummary, Resumable, Setup, StepForm} from './setup.ts';
import type {Survey} from './survey.ts';
import type {TroubleshootEvent, TroubleshootReply, TroubleshootSummary} from './troubleshooting.ts';

/** The box, opened. */
export type Opened = {
	/** 'microblog.example.com', else the address. */
	readonly label: string;
	readonly host: string;
	readonly port: number;
	/** Who is logged in. */
	readonly user: string;
	readonly survey: Survey;
	readonly resumable?: Resumable;
	/** Answers that are known before anything is asked: the practice box's names, those of --answers. */
	readonly answers: Answers;
	/** The kind that is given beforehand: by --kind or by the practice box. */
	readonly kind?: string;
	/** The apps that it carries already. */
	readonly apps: readonly KnownApp[];
	/** A practice box that goes when the wizard ends. */
	readonly passing?: boolean;
};

/** A public key of the person. */
export type LocalKey = {
	readonly comment: string;
	/** 'ed25519', 'rsa 4096' */
	readonly type: string;
	/** 'SHA256:…' */
	readonly fingerprint: string;
	/** The authorized_keys line. */
	readonly line: string;
	/** '~/.ssh/id_ed25519.pub', 'ssh-agent', 'github.com/jessica' */
	readonly where: string;
};

/** How it ended: what the last screen shows and what stays on the normal screen. */
export type Outcome = {
	/** 'https://microblog.example.com'; none where the app serves nothing. */
	readonly url?: string;
	/** 'ssh jessica@microblog.example.com' */
	readonly login: string;
	/** Commands to know from now on: {title: 'Restart the app', command: 'sudo supervisorctl restart microblog'}. */
	readonly commands: readonly {readonly title: string; readonly command: string}[];
	/** What only the person does once the app runs, by `runInApp`: the same as a command line is 'boxwizard run HOST APP -- …'. */
	readonly firstThings: readonly (FirstThing & {readonly app: string; readonly command: string})[];
	/** What to do next, a sentence each. */
	readonly next: readonly string[];
	/** Passwords that were generated. */
	readonly secrets: readonly {
		readonly title: string;
		/** Where it is kept: 'keychain', 'file' a private file, 'box' the box itself, 'memory' nowhere, so it is shown once. */
		readonly where: 'keychain' | 'file' | 'box' | 'memory';
		readonly secret: Secret;
	}[];
};

/**
 * All that the screens may ask for. One box is open at a time; every call after `open` is about that one.
 * Every promise rejects with a Trouble.
 */
export interface Wizard {
	/** Boxes of this machine's journals, last seen first, and their dates as they are remembered: nobody is asked. */
	hosts(): Promise<{readonly hosts: readonly KnownHost[]; readonly dues: readonly BoxDue[]}>;
	kinds(): readonly KindSummary[];
	/** Connects (seconds; `progress` tells what is going on) and looks at the box without touching it; asks what it must. */
	open(target: string, ask: Ask, progress: (line: string) => void): Promise<Opened>;
	/** Boots a throw-away box on this machine and answers its target; absent where this machine can't. */
	practice?(progress: (line: string) => void): Promise<string>;
	/** The steps of the box and of an app of this kind, in their order, wanted or not; of a new app, a name or domain that another one has is refused. Pure and quick: called at every key of a form. */
	steps(kind: string, answers: Answers, isNew?: boolean): readonly StepForm[];
	/** The repository that a person most likely means: what is given or remembered, else the origin of the folder they stand in; '' where nothing says it. */
	likelyRepository(isNew?: boolean): string;
	/** What is wrong with an address of a repository, in words; undefined when nothing is. Pure. */
	repositoryProblem(address: string): string | undefined;
	/** Reads an app's files (seconds; of the branch that is given beforehand, else of its default one, where none is named) and says what is found in them. Nothing of them runs. */
	findApp(repository: string, branch: string | undefined, signal: AbortSignal): Promise<FoundApp>;
	/** The app that was read last, with what is said over what its files say. Pure. */
	settleApp(said: SaidOfApp): FoundApp;
	/** What the address of a repository answers by itself, where its files can't be read. Pure. */
	unreadApp(repository: string): Answers;
	/** A field for each variable of the app that was read last which only the person knows. Pure. */
	variableFields(answers: Answers): readonly Field[];
	/** The answers with these variables of the person's in them. Pure. */
	withVariables(answers: Answers, values: Readonly<Record<string, Secret>>): Answers;
	/** What a change of the repository would do in the person's own clone, as a unified diff. @throws Trouble where it does not fit */
	previewEdit(edit: FileEdit): string;
	/** Writes it there, commits nothing, and says what is found then. @throws Trouble where it does not fit */
	writeEdit(edit: FileEdit, said: SaidOfApp): FoundApp;
	/** The box as it stands, and a new app of this kind (the first one's where none is named) in hand: only the app is asked about. Pure. */
	newApp(kind?: string): Setup;
	/** The box and one of its apps in hand. Pure. @throws Trouble with the nearest name where there is no such app */
	setupFor(app: string): Setup;
	/** How the opened box and all it carries stand now. One round trip. */
	status(): Promise<BoxStatus>;
	/**
	 * The logs of the box and of all its apps as one, by their moments, and then as lines come; ends when the signal says so. Of a
	 * program that is not boxwizard's, its own alone.
	 */
	logs(signal: AbortSignal, foreign?: ForeignProgram): AsyncGenerator<LogEvent, void, void>;
	/** What the opened box has to be restarted, stopped and started beside its apps: web server, databases, workers, the box itself. Pure. */
	services(): readonly NamedService[];
	/** What this interrupts: a sentence for each program of an app; one for a service, or for a program that is not boxwizard's. Pure. */
	interrupts(program: string | ForeignProgram, action: ServiceCommand): readonly string[];
	/** Restarts, stops or starts the programs of an app, a service by its name, or a program that is not boxwizard's, and proves it. */
	control(program: string | ForeignProgram, action: ServiceCommand): AsyncGenerator<Event, Summary, Reply>;
	/** The variables that an app runs with, as they stand on the box. One round trip. */
	settings(app: string): Promise<AppSettings>;
	/** Writes the .env of an app into this folder, for the person alone: the file's name. @throws Trouble where there is one already */
	pullSettings(app: string): Promise<string>;
	/** Makes these the person's own variables of an app, and starts anew what reads them. */
	saveSettings(app: string, variables: readonly Setting[]): AsyncGenerator<Event, Summary, Reply>;
	/** Opens an address in this machine's browser; false where it has none to show. */
	browse(address: string): Promise<boolean>;
	/**
	 * Runs something in an app, as the app itself would, on the person's own terminal: its exit code. What a command said, or what ended badly, is
	 * left there until Enter is pressed. @throws Trouble where nothing of the app is live
	 */
	runInApp(app: string, inside: Inside): Promise<number>;
	/** Writes what was done to the opened box, with every file and command, as Markdown into this folder: the file's name. @throws Trouble where it can't be written */
	writeReceipt(): Promise<string>;
	/** Writes an answers file for this kind into this folder, to be filled in, with its schema beside it: the file's name. @throws Trouble where there is one already */
	writeAnswersFile(kind: string): Promise<string>;
	/** A login shell on the opened box, on the person's own terminal, until it ends: its exit code. */
	shell(): Promise<number>;
	/** What this machine knows of a box, which need not answer any more. Touches nothing. @throws Trouble for a box that it does not know */
	forgetting(target: string): Promise<Forgetting>;
	/** Forgets it: what `forgetting` says goes, on this machine alone. @throws Trouble where something can't be removed */
	forget(target: string): Promise<void>;
	/** Looks from here, without any login, whether the apps of all known boxes answer; told as it is learnt (seconds). */
	probe(tell: (reached: Reached) => void): Promise<void>;
	/** What a deploy of the app in hand would bring: the branch, tag or commit that is named, else the newest of its branch. Touches nothing (seconds). @throws Trouble */
	coming(setup: Setup, ref?: string): Promise<Coming>;
	/** Brings a version of the app in hand live: that of this id, as `coming` told it, or the newest. */
	deploy(setup: Setup, to?: string): AsyncGenerator<Event, Summary, Reply>;
	/** The releases of the app in hand that lie on its box, the newest first. Touches nothing. */
	releases(setup: Setup): Promise<readonly Release[]>;
	/** Whether one of them, by its name, fits the tables as they are. Touches nothing (seconds). */
	fit(setup: Setup, release: string): Promise<Fit>;
	/** Has one of them, by its name, take over again. The database stays as it is. */
	rollback(setup: Setup, release: string): AsyncGenerator<Event, Summary, Reply>;
	/** The steps that taking an app off the box takes back: its own, and those of services that no other app wants. Pure. */
	removal(app: string): readonly StepForm[];
	/** Takes an app off the box; the others run on. `confirmed` are the names that the person has typed. */
	remove(app: string, confirmed: readonly string[]): AsyncGenerator<Event, Summary, Reply>;
	/** The steps of the box and of all its apps: what an undo of everything takes back. Pure. */
	allSteps(setup: Setup): readonly StepForm[];
	/** What is still missing or wrong, over all wanted steps. */
	validate(setup: Setup): readonly Problem[];
	/** Keeps the answers in the journal (secrets in the vault), so that the set-up can be resumed at the same place. */
	remember(setup: Setup): Promise<void>;
	/** What would be done, step by step, as the box is now. Touches nothing. */
	preview(setup: Setup): Promise<readonly Preview[]>;
	/** The same of the box and of all its apps: with several, the ids of their steps are those of `allSteps`. */
	previewAll(setup: Setup): Promise<readonly Preview[]>;
	run(setup: Setup): AsyncGenerator<Event, Summary, Reply>;
	/** Looks whether the box and all its apps are as they should be, and touches nothing: what differs is in `failed`. */
	check(setup: Setup): AsyncGenerator<Event, Summary, Reply>;
	/** Ends the job of an earlier run that a run waits for: its step is brought about anew then. */
	stopJob(): void;
	/** Takes steps back: ids of the box and of the app in hand, or of all apps where `all` is among them. `confirmed` are the names that the person has typed: without them nothing of that name is dropped. */
	undo(setup: Setup, steps: readonly string[], confirmed?: readonly string[]): AsyncGenerator<Event, Summary, Reply>;
	/** The dates of all known boxes, told box by box as they are learnt (seconds). Asks nobody anything. */
	dues(tell: (box: BoxDue) => void): Promise<void>;
	/** What reminds this person before something ends, in a few words: 'systemd, every day'; undefined where nothing does. */
	reminders(): Promise<string | undefined>;
	/** Has all boxes looked at every day from now on, and the person told; or no more. Answers what came of it, a sentence. @throws Trouble */
	remind(isWanted: boolean): Promise<string>;
	/** Sends a reminder of nothing, and says by which ways it went. @throws Trouble where there is none */
	tryReminder(): Promise<string>;
	/** What `renew` will do: its two steps, and their commands. Pure. */
	renewal(setup: Setup): {readonly forms: readonly StepForm[]; readonly commands: readonly string[]};
	/** Renews the opened box's certificate: a trial, then a new one. One with more than 30 days is left alone, unless `force`. */
	renew(setup: Setup, force: boolean): AsyncGenerator<Event, Summary, Reply>;
	/** The doctor: looks the open box over, and touches nothing. */
	examine(): Promise<Health>;
	/** What the fix of a finding of the last look would do. Touches nothing. */
	previewFix(finding: string): Promise<Preview>;
	/** Brings the fixes of these findings about. */
	fix(findings: readonly string[]): AsyncGenerator<Event, Summary, Reply>;
	/** Runs an app of the box in the foreground, says what is wrong with it, and puts it right; the set-up's own app where none is named. */
	troubleshoot(setup: Setup, app?: string): AsyncGenerator<TroubleshootEvent, TroubleshootSummary, TroubleshootReply>;
	outcome(setup: Setup, summary: Summary): Promise<Outcome>;
	/** Public keys in ~/.ssh and in the agent. */
	localKeys(): Promise<readonly LocalKey[]>;
	/** Makes ~/.ssh/id_ed25519 (or a free name beside it), with this passphrase when it isn't empty. */
	makeKey(passphrase: Secret): Promise<LocalKey>;
	/** The public keys of a GitHub user name. */
	githubKeys(name: string): Promise<readonly LocalKey[]>;
	/** What is wrong with a pasted public key, in words; else the key. Pure. */
	readKey(text: string): {readonly key: LocalKey} | {readonly problem: string};
	/** Leaves the box as it is, safe: closes the connection; jobs on it run on. */
	leave(): Promise<void>;
}

/** Where the app begins. */
export type Start =
	| {readonly at: 'home'}
	/** `resume` goes on with the set-up that was begun there; `to` leads to what is wanted of it. */
	| {
			readonly at: 'box';
			readonly target: string;
			readonly kind?: string;
			readonly resume?: boolean;
			readonly to?: 'doctor' | 'add';
	  }
	| {readonly at: 'troubleshoot'; readonly target: string; readonly app?: string}
	| {readonly at: 'practice'};
