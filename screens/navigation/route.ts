import type {Finding} from '../../source/contract/diagnosis/examination.ts';
import type {ServiceCommand} from '../../source/contract/service.ts';
import type {Setting} from '../../source/contract/settings.ts';
import type {ForeignProgram} from '../../source/contract/status.ts';
import type {Summary} from '../../source/contract/ui/events.ts';
import type {Outcome} from '../../source/contract/ui/wizard.ts';

/** What is restarted, stopped or started where `app` is not the name of an app: a program that is not boxwizard's, or a service of the box. */
type Controlled = {readonly action: ServiceCommand; readonly foreign?: ForeignProgram; readonly isService?: true};

/** A run that is about one app of a box that is set up. */
type AppRun = {readonly at: 'app-run'; readonly app: string} /** `to` is the id of the version that was shown. */ & (
	| {readonly does: 'deploy'; readonly to: string}
	/** `release` is the name of one that lies on the box. */
	| {readonly does: 'rollback'; readonly release: string}
	| ({readonly does: 'control'} & Controlled)
	/** `confirmed` are the names that were typed. */
	| {readonly does: 'remove' | 'undo'; readonly confirmed: readonly string[]}
	/** The person's own variables, as they are to be. */
	| {readonly does: 'settings'; readonly variables: readonly Setting[]}
);

/** Where in the app a person is. */
export type Route =
	| {readonly at: 'home'}
	| {readonly at: 'target'; readonly target: string}
	/**
	 * `resume`: the set-up that was begun there is gone on with at once; `next`: where the person goes when it is open;
	 * `failing`: to an app that does not work.
	 */
	| {
			readonly at: 'connect';
			readonly target: string;
			readonly resume?: boolean;
			readonly next?: 'renew' | 'doctor' | 'add';
			readonly failing?: {readonly app?: string};
			/** This machine knows the box: where it does not answer any more, it can be forgotten. */
			readonly known?: true;
	  }
	| {readonly at: 'forget'; readonly target: string}
	| {readonly at: 'renewals'}
	| {readonly at: 'renew'; readonly confirmed: boolean}
	| {readonly at: 'practice'}
	| {readonly at: 'survey'}
	/** The page of a box that is set up, and what leads from there to one of its apps. */
	| {readonly at: 'box'}
	| {
			readonly at: 'confirm-deploy' | 'releases' | 'confirm-remove' | 'confirm-undo-app' | 'settings' | 'run-in-app';
			readonly app: string;
	  }
	| ({readonly at: 'confirm-control'; readonly app: string} & Controlled)
	/** `foreign`: `app` is the name of this program, which is not boxwizard's. */
	| {readonly at: 'logs'; readonly app?: string; readonly foreign?: ForeignProgram}
	| AppRun
	/** An app that is to come: its address, its files while they are read, what was found in them, its kind where they don't say it, what only the person knows. */
	| {readonly at: 'repository' | 'found' | 'kind' | 'variables'}
	| {readonly at: 'reading'; readonly repository: string; readonly branch?: string}
	/** A question of a step; `alone` when it was opened from the plan. */
	| {readonly at: 'step'; readonly id: string; readonly alone: boolean}
	/** The plan, with this step under the hand. */
	| {readonly at: 'review'; readonly id?: string}
	/** The plan of the box and all its apps: it is only looked at. */
	| {readonly at: 'review-all'}
	/** Of all steps, or of this one. */
	| {readonly at: 'confirm-undo'; readonly id?: string}
	| {
			readonly at: 'run';
			readonly kind: 'run' | 'check' | 'undo';
			readonly id?: string;
			/** Names that were typed: what an undo may drop. */
			readonly confirmed?: readonly string[];
	  }
	| {readonly at: 'troubleshoot'; readonly app?: string}
	| {readonly at: 'verdict'; readonly kind: 'check' | 'undo'; readonly summary: Summary}
	/** What the last run on this box has really done; `back` is where one came from. */
	| {readonly at: 'run-log'; readonly back: Route}
	/** What the doctor finds, and what its fix would do. */
	| {readonly at: 'doctor'}
	/** A fix at work. */
	| {readonly at: 'fix'; readonly finding: Finding}
	| {readonly at: 'done'; readonly summary: Summary; readonly outcome: Outcome};

/** What `?` says about each. */
export const aboutRoutes: Readonly<Record<Route['at'], string>> = {
	home: 'Choose a box you know, or begin with a new one. Practice goes through the same steps on a throw-away box. In your shell, boxwizard completion has Tab complete commands, boxes and apps.',
	target: 'The address of the server as your provider shows it, with the user to log in as, if it is not root.',
	connect: 'The box is reached over ssh, with the keys and settings your own ssh would use.',
	forget:
		'For a box that your provider has deleted, or that is no longer yours. Write its receipt first if you may want it back.',
	renewals:
		'Certificates as your boxes serve them now, seen from here, also where ssh is down. certbot on the box renews them; ! marks what wants you.',
	renew: 'The certificate is renewed as certbot’s own timer would do it, only now.',
	practice: 'A throw-away box is made on this machine. It is gone afterwards; nothing leaves this machine.',
	survey: 'What the box is. It was only looked at. Next you choose what it shall become.',
	box: 'Your box as it is now. The letters act on what is under the hand, or on the box; a colon finds every command by a word of it.',
	'confirm-deploy':
		'What the newest commit brings beside what is live; r names another branch, a tag or a commit. Visitors notice nothing; what fails on the way is taken back.',
	releases:
		'The versions that lie on the box. What is chosen is looked at first: whether its code fits the tables as they are now.',
	'confirm-control':
		'It is ended, started, or both by its own process manager, and then it is looked whether it stays so.',
	'confirm-remove': 'Taking an app off saves its database and files into a folder of root on the box first.',
	'confirm-undo-app':
		'What was done for this app goes, its data saved first; its answers stay, so that the plan can bring it back.',
	settings:
		'The variables that the app finds in its environment. v shows a value; nothing is written before you save, and then the app is started anew.',
	'run-in-app':
		'A command in the place of the app, such as a migration or a look at its data. It has your terminal until it ends.',
	logs: 'What app, web server, mail and system write, by time. Slash searches as you type; f walks through the kinds.',
	'app-run':
		'Each step is looked at first, done if it must be, and then proven. l shows its output, with every command.',
	repository:
		'The code of your app. It is cloned onto this machine for a look, with your own git, and deleted again; nothing of it runs.',
	reading: 'Its files are read here. The box is not touched.',
	found:
		'What its files say. Enter opens or changes what is under the hand; ! marks what may surprise you, a cross what will fail.',
	variables: 'Variables that the code reads and nobody but you knows. They may be given later, on the box’s page.',
	kind: 'Each kind of app has steps of its own. You can leave out any of them later, in the plan.',
	step: 'One step of the set-up: why it is done, and what it must know. The answers are kept, passwords in the keychain.',
	review: 'All that is going to happen. Enter opens a step with its diffs and commands; space leaves it out.',
	'review-all': 'What a set-up of all apps would do now, the box’s steps first. It only looks; Enter opens a step.',
	'confirm-undo': 'Undo puts back what boxwizard found when it came first.',
	run: 'The steps run by themselves. Each one is looked at first, done if it must be, and then proven from outside.',
	troubleshoot:
		'The app is run by itself, as its own user, so that it says what is wrong. Each fix is shown before it runs. Whatever happens, the app is given back to what supervises it.',
	verdict: 'How the box stands now, seen from outside and from within.',
	'run-log': 'Every command that the last run has really run on the box, under its step, with what it printed.',
	doctor:
		'What goes wrong with the weeks, the worst first, each with the lines that prove it. Enter shows what a fix would do, before it does.',
	fix: 'A fix is brought about as a step is: looked at first, done as a job on the box, proven. It can be taken back.',
	done: 'The set-up is done. Nothing of boxwizard stays on the box but ordinary configuration.',
};
