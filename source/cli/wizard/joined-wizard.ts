import type {Catalogue} from '../../contract/kind.ts';
import type {Event, Reply, Summary} from '../../contract/ui/events.ts';
import type {Ask} from '../../contract/ui/question.ts';
import type {Answers, Setup} from '../../contract/ui/setup.ts';
import type {Opened, Wizard} from '../../contract/ui/wizard.ts';
import type {ConnectionOptions} from '../given/connection-options.ts';
import type {UnsavedSecret} from '../terminal/unsaved-secrets.ts';

/** What is known before anything is asked: from flags, an answers file, or the practice box. */
export type Beginning = {
	readonly catalogue: Catalogue;
	readonly connection: ConnectionOptions;
	readonly answers: Answers;
	readonly kind?: string;
	/** Seconds until a box takes an unproven change of the door back; 60 where nothing is said. */
	readonly guardWindow?: number;
	/** What the app's repository says: what was remembered, and what is given, counts before it. */
	readonly found?: {readonly kind?: string; readonly answers: Answers};
	/** Answers to begin a new box's forms with: the person's user name, e-mail and key. */
	readonly suggested?: () => Promise<Answers>;
	/** An earlier run's job is ended, and not waited for. */
	readonly stopJob?: boolean;
	/** Boots a practice box and tells its target and what is known of it. */
	readonly practice?: (progress: (line: string) => void) => Promise<PracticeStart>;
};

export type PracticeStart = {
	readonly target: string;
	readonly connection: ConnectionOptions;
	readonly answers: Answers;
	readonly kind: string;
	/** It goes when the wizard ends. */
	readonly passing: boolean;
};

/** A box that is open, not looked at yet: what runs steps looks at what it needs itself. */
export type Entered = Omit<Opened, 'survey'>;

/** A wizard with what the commands need beside the screens. */
export type JoinedWizard = Wizard & {
	/** As `open`, without the round trip of a survey. */
	enter(target: string, ask: Ask, progress: (line: string) => void): Promise<Entered>;
	/** What a command (root) on the opened box prints: it only looks. @throws Trouble */
	ask(command: string): Promise<string>;
	/** Brings the settings of the app in hand about: its .env is written anew, and what reads it starts anew. */
	applySettings(setup: Setup): AsyncGenerator<Event, Summary, Reply>;
	/** Looks at the box and the app in hand alone. */
	checkApp(setup: Setup): AsyncGenerator<Event, Summary, Reply>;
	/**
	 * Looks, in one round trip, what of the box stands in a set-up's way: the questions about it are asked from then on, and a
	 * new app gets a port and a database that nothing has. `open` does so itself.
	 */
	lookForConflicts(): Promise<void>;
	/** Secrets of the last run that nothing keeps: to be shown once, whatever way it ended. */
	unsavedSecrets(): Promise<readonly UnsavedSecret[]>;
	/** @throws Trouble where a run would make secrets that nobody sees and nothing keeps */
	refuseUnsavedSecrets(setup: Setup): Promise<void>;
};
