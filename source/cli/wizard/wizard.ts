import {findConflicts, withConflicts} from '../../conflicts.ts';
import type {Event, Reply, Summary} from '../../contract/events.ts';
import type {Ask} from '../../contract/question.ts';
import type {Recipe} from '../../contract/step.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {Answers, Opened, Road, Wizard} from '../../contract/wizard.ts';
import {deploy} from '../../engine/deploy.ts';
import {check, type Plan, preview, run, undo} from '../../engine/engine.ts';
import {createProbe} from '../../remote/probe.ts';
import {githubKeys, localKeys, makeKey, privateKeyFor, readKey} from '../../state/local-keys.ts';
import {refuseUnkept, type Unkept, unkeptSecrets} from '../talk/unsaved-secrets.ts';
import {keptSecrets, type OpenSession, openSession} from './box-session.ts';
import type {Means} from './connection-options.ts';
import {doctorOf} from './doctor-wizard.ts';
import {knownBoxes} from './known-boxes.ts';
import {outcomeOf} from './outcome.ts';
import {recipeNamed} from './recipes.ts';
import {describeRenewal, renew} from './renewal.ts';
import {planOf, problemsOf, resumable, secretNames, secretsOf, stepForms, withRoad} from './setup-plan.ts';

/** What is known before anything is asked: from flags, an answers file, or the practice box. */
export type Beginning = {
	readonly recipes: readonly Recipe[];
	readonly means: Means;
	readonly answers: Answers;
	readonly recipe?: string;
	/** Seconds until a box takes an unproven change of the door back; 60 where nothing is said. */
	readonly guardWindow?: number;
	/** Answers to begin a new box's forms with: the person's user name, e-mail and key. */
	readonly suggested?: () => Promise<Answers>;
	/** Boots a practice box and tells its target and what is known of it. */
	readonly practice?: (progress: (line: string) => void) => Promise<PracticeStart>;
};

export type PracticeStart = {
	readonly target: string;
	readonly means: Means;
	readonly answers: Answers;
	readonly recipe: string;
	/** It goes when the wizard ends. */
	readonly passing: boolean;
};

/** A box that is open, not looked at yet: what runs steps looks at what it needs itself. */
export type Entered = Omit<Opened, 'survey'>;

/** A wizard with what the commands need beside the screens. */
export type JoinedWizard = Wizard & {
	/** As `open`, without the round trip of a survey. */
	enter(target: string, ask: Ask, progress: (line: string) => void): Promise<Entered>;
	/** Looks, in one round trip, what of the box stands in a recipe's way: the questions about it are asked from then on. `open` does so itself. */
	lookForConflicts(): Promise<void>;
	/** Brings the newest version of the app live. */
	deploy(road: Road): AsyncGenerator<Event, Summary, Reply>;
	/** Secrets of the last run that nothing keeps: to be shown once, whatever way it ended. */
	unkept(): Promise<readonly Unkept[]>;
	/** @throws Trouble where a run would make secrets that nobody sees and nothing keeps */
	refuseUnkept(road: Road): Promise<void>;
};

/** Joins engine, transport and memory to what the screens, and the commands without screens, ask for. */
export function createWizard(beginning: Beginning): JoinedWizard {
	const {recipes: all} = beginning;
	// As the box that is open needs them.
	let recipes = all;
	let known: Pick<Beginning, 'means' | 'answers' | 'recipe'> & {readonly passing?: boolean} = beginning;
	let open: OpenSession | undefined;
	// Whoever leaves in the middle of it leaves no app stopped.
	let inForeground = false;
	let unkept: () => Promise<readonly Unkept[]> = async () => [];
	const opened = (): OpenSession => {
		if (!open) throw new TypeError('No box is open');
		return open;
	};
	const lookForConflicts = async (): Promise<void> => {
		const $ = createProbe(opened().box);
		recipes = await Promise.all(all.map(async recipe => withConflicts(recipe, await findConflicts($, recipe))));
	};
	const recipeOf = (road: Road): Recipe => recipeNamed(recipes, road.recipe);
	const {guardWindow} = beginning;
	const plan = (road: Road): Plan => ({...planOf(recipes, road), ...(guardWindow !== undefined && {guardWindow})});
	const {practice} = beginning;
	const doctor = doctorOf(
		all,
		() => opened().session,
		() => known,
	);
	const enter = async (target: string, ask: Ask, progress: (line: string) => void): Promise<Entered> => {
		await open?.box.close();
		recipes = all;
		open = await openSession(target, ask, known.means, progress);
		const secrets = await keptSecrets(open.session.vault, secretNames(recipes));
		const suggested = await beginning.suggested?.();
		const {answers} = open.session.journal.read();
		// The port that sshd has now, behind whatever forwards to it: who names none means to keep it.
		const {port: sshPort} = await open.box.outside.peer();
		return describeEntered(
			open,
			recipes,
			{sshPort, ...suggested, ...answers, ...secrets, ...known.answers},
			known.recipe,
		);
	};
	return {
		hosts: async () => knownBoxes(recipes),
		recipes: () => recipes.map(({name, title, description}) => ({name, title, description})),
		async open(target: string, ask: Ask, progress: (line: string) => void): Promise<Opened> {
			const entered = await enter(target, ask, progress);
			progress('Looking at the box');
			const passing = known.passing ? {passing: true} : {};
			const survey = await opened().survey();
			await lookForConflicts();
			return {...entered, ...passing, survey};
		},
		enter,
		lookForConflicts,
		...(practice && {
			async practice(progress: (line: string) => void): Promise<string> {
				const start = await practice(progress);
				known = start;
				return start.target;
			},
		}),
		steps: (recipe, answers) => stepForms(recipeNamed(recipes, recipe), answers, open?.session.journal.read()),
		validate: road => problemsOf(recipeOf(road), road),
		remember: road => remember(opened(), road),
		preview: async road => await preview(planOf(recipes, road), opened().session),
		async *run(road) {
			const current = opened();
			const {vault} = current.session;
			unkept = async () => await unkeptSecrets(recipeOf(road), road, vault);
			await remember(current, road);
			return yield* watched(current, run(plan(road), current.session), road);
		},
		check: road => watched(opened(), check(planOf(recipes, road), opened().session)),
		deploy: road => watched(opened(), deploy(planOf(recipes, road), opened().session), road),
		undo: (road, steps, confirmed = []) => watched(opened(), undo({...plan(road), confirmed}, opened().session, steps)),
		async dues(tell) {
			const [{lookAtDues}, {watchedBoxes}] = await Promise.all([import('./dues.ts'), import('./watched-boxes.ts')]);
			await lookAtDues(watchedBoxes([]), {ssh: {means: beginning.means}, tell});
		},
		renewal: road => describeRenewal(road, open?.session.journal.read().seconds),
		renew: (road, force) => watched(opened(), renew(road, force, opened().session)),
		examine: doctor.examine,
		previewCure: doctor.previewCure,
		async *cure(findings) {
			const current = opened();
			const {recipe, answers, leftOut} = current.session.journal.read();
			if (recipe !== undefined) {
				const road = {recipe, answers: {...answers, ...known.answers}, leftOut};
				unkept = async () => await unkeptSecrets(recipeOf(road), road, current.session.vault);
			}

			return yield* watched(current, doctor.cure(findings));
		},
		async *troubleshoot(road, app) {
			const current = opened();
			const {troubleshootPlan} = await import('./troubleshoot-plan.ts');
			const {troubleshoot} = await import('../../troubleshoot/index.ts');
			inForeground = true;
			try {
				return yield* troubleshoot(await troubleshootPlan(planOf(recipes, road), app), current.session);
			} finally {
				inForeground = false;
			}
		},
		outcome: async (road, summary) => await outcomeOf(recipeOf(road), road, summary, opened()),
		unkept: async () => await unkept(),
		refuseUnkept: async road => await refuseUnkept(recipeOf(road), road, opened().session.vault),
		localKeys,
		makeKey,
		githubKeys,
		readKey,
		async leave() {
			if (open && inForeground) await (await import('../../troubleshoot/foreground-run.ts')).giveBack(open.box);
			await open?.box.close();
			open = undefined;
		},
	};
}

function describeEntered(
	{session, box}: OpenSession,
	recipes: readonly Recipe[],
	answers: Answers,
	recipe: string | undefined,
): Entered {
	const state = session.journal.read();
	const before = resumable(state, recipes, answers);
	return {
		label: state.domain ?? box.host,
		host: box.host,
		port: box.port,
		user: box.user,
		answers,
		...(before && {resumable: before}),
		...((recipe ?? state.recipe) !== undefined && {recipe: recipe ?? state.recipe}),
	};
}

async function remember({session, door}: OpenSession, road: Road): Promise<void> {
	const {authorizedKeys} = road.answers;
	if (Array.isArray(authorizedKeys)) door.identity ??= privateKeyFor(authorizedKeys.map(String));
	const identity = door.identity === undefined ? {} : {identity: door.identity};
	session.journal.update(state => ({...withRoad(state, road), ...identity}));
	for (const [name, secret] of secretsOf(road.answers)) await session.vault.set(name, secret);
}

/** Passes a run on, and notes who the box lets in by now, and the answers of its road that are changed on the way. */
async function* watched(
	open: OpenSession,
	events: AsyncGenerator<Event, Summary, Reply>,
	road?: Road,
): AsyncGenerator<Event, Summary, Reply> {
	const {session, box} = open;
	let noted: string | undefined;
	let answers = road?.answers;
	let step = await events.next();
	try {
		while (!step.done) {
			if (noted !== box.user) noteLogin(session.journal, box.user);
			noted = box.user;
			const reply = yield step.value;
			if (road && reply?.answers) {
				answers = {...answers, ...reply.answers};
				await remember(open, {...road, answers});
			}

			step = await events.next(reply);
		}

		return step.value;
	} finally {
		await events.return({changed: [], inPlace: [], skipped: [], failed: [], seconds: 0});
		noteLogin(session.journal, box.user);
	}
}

function noteLogin(journal: OpenSession['session']['journal'], user: string): void {
	const state = journal.read();
	const admin = user === state.user ? undefined : user;
	if (state.admin === admin) return;
	journal.update(({admin: _before, ...rest}) => (admin === undefined ? rest : {...rest, admin}));
}

/** The road that a box is on already: what plan, check and undo work with. @throws Trouble where there is none */
export function roadOf({recipe, answers, resumable: before}: Entered, leftOut: readonly string[]): Road {
	if (before) return {...before, answers: {...before.answers, ...answers}, leftOut: [...before.leftOut, ...leftOut]};
	if (recipe !== undefined) return {recipe, answers, leftOut};
	throw new Trouble({
		what: 'boxwizard has not set this box up, as far as this machine knows.',
		means: 'There are no answers to compare it with. Nothing was done.',
		next: 'Say what it shall be, with --recipe and --answers, or set it up: boxwizard setup HOST',
		code: 'unknown-box',
	});
}
