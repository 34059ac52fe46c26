import {WaitingUpdates} from '../../../steps/app/updates.ts';
import {nothingOccupied, readOccupied} from '../../../steps/process/occupied.ts';
import type {Catalogue} from '../../contract/kind.ts';
import type {Event, Problem, Reply, Summary} from '../../contract/ui/events.ts';
import type {Ask} from '../../contract/ui/question.ts';
import type {Answers, Setup} from '../../contract/ui/setup.ts';
import type {Plan} from '../../engine/engine.ts';
import {secretName} from '../../engine/run/complete.ts';
import {findConflicts, withConflicts} from '../../engine/run/conflicts.ts';
import {type Session, Work} from '../../engine/session.ts';
import {createProbe} from '../../remote/probe.ts';
import {type JournalState, labelOf} from '../../state/journal-state.ts';
import {type OpenSession, openSession} from '../boxes/box-session.ts';
import {knownApps} from '../boxes/known-boxes.ts';
import {heldSecrets, keptSecrets, moveSecrets} from '../boxes/secrets.ts';
import {setupFor} from '../plans/app-setups.ts';
import {appInHand, planOf, problemsOf, resumable, wholePlan, withPlace} from '../plans/setup-plan.ts';
import {findUnsavedSecrets, type UnsavedSecret} from '../terminal/unsaved-secrets.ts';
import type {Beginning, Entered} from './joined-wizard.ts';
import {remember, watched} from './watched-run.ts';

type Known = Pick<Beginning, 'connection' | 'answers' | 'kind'> & {readonly passing?: boolean};

/** The box that a wizard has open, and all that its parts share of it. */
export class CurrentBox {
	/** As the box that is open needs it. */
	catalogue: Catalogue;
	known: Known;
	waiting = new WaitingUpdates();
	/** Accounts of people on it, once it was looked over. */
	users: readonly string[] = [];
	/** Secrets that the vault holds of the opened box, and of the app that it was opened with. */
	kept: Answers = {};
	/** Whoever leaves in the middle of it leaves no app stopped. */
	inForeground = false;
	unsavedSecrets: () => Promise<readonly UnsavedSecret[]> = async () => [];
	readonly #request: Beginning;
	/** As the vault calls them: a run finds them there. */
	#held: ReadonlySet<string> = new Set();
	#open: OpenSession | undefined;
	#occupied = nothingOccupied;
	#stopsJob: boolean;

	constructor(request: Beginning) {
		this.#request = request;
		this.catalogue = request.catalogue;
		this.known = request;
		this.#stopsJob = request.stopJob === true;
	}

	/** @throws TypeError where no box is open */
	get opened(): OpenSession {
		if (!this.#open) throw new TypeError('No box is open');
		return this.#open;
	}

	/** What its repository says of the app that is to come. */
	get found(): Beginning['found'] {
		return this.#request.found;
	}

	get session(): Session {
		return this.opened.session;
	}

	/** What its journal holds. @throws TypeError where no box is open */
	get state(): JournalState {
		return this.session.journal.read();
	}

	/** The same; undefined where no box is open. */
	get remembered(): JournalState | undefined {
		return this.#open?.session.journal.read();
	}

	/** The first job that is found is an earlier run's; one that is found later is this run's own, and only its connection was lost. */
	readonly attached = (): void => {
		if (this.#stopsJob) this.opened.stopJob();
		this.#stopsJob = false;
	};

	async enter(target: string, ask: Ask, progress: (line: string) => void): Promise<Entered> {
		await this.#open?.box.close();
		this.catalogue = this.#request.catalogue;
		this.#occupied = nothingOccupied;
		this.users = [];
		const open = await openSession(target, ask, this.known.connection, progress);
		this.#open = open;
		this.waiting = new WaitingUpdates();
		await moveSecrets(open.session, this.catalogue);
		const {state, known} = this;
		const {app: meant} = known.answers;
		const app = typeof meant === 'string' && state.apps[meant] ? meant : appInHand(state);
		this.#held = await heldSecrets(open.session.vault, this.catalogue, Object.keys(state.apps));
		this.kept = await keptSecrets(open.session.vault, this.catalogue, app);
		const {found} = this.#request;
		const suggested = await this.#request.suggested?.();
		const answers = {...state.box.answers, ...(app === undefined ? state.draft?.answers : state.apps[app]?.answers)};
		// The port that sshd has now, behind whatever forwards to it: who names none means to keep it.
		const {port: sshPort} = await open.box.outside.peer();
		return describeEntered(
			open,
			this.catalogue,
			{sshPort, ...suggested, ...found?.answers, ...answers, ...this.kept, ...known.answers},
			{kind: known.kind, found: found?.kind, app},
		);
	}

	async lookForConflicts(): Promise<void> {
		const {catalogue: all} = this.#request;
		const probe = createProbe(this.opened.box);
		const [conflicts, taken] = await Promise.all([findConflicts(probe, all), readOccupied(probe)]);
		this.catalogue = withConflicts(all, conflicts);
		this.#occupied = taken;
	}

	/** Looks at the box, and again after a loss of the connection: `progress` tells of it. @throws Trouble, Disconnected where it is lost again and again */
	async steadily<Value>(look: () => Promise<Value>, progress: (line: string) => void): Promise<Value> {
		const looking = new Work(this.session).steadily(look);
		for (;;) {
			const next = await looking.next();
			if (next.done) return next.value;
			progress('The connection was lost. Connecting again');
		}
	}

	/** A set-up whose new app has a port and a database that nothing has. */
	placed(setup: Setup): Setup {
		return withPlace(this.catalogue, setup, this.remembered, this.#occupied);
	}

	/** The box's steps and those of the app in hand. */
	plan(setup: Setup): Plan {
		return {...planOf(this.catalogue, this.placed(setup), this.remembered), ...this.#guard()};
	}

	/** The same with the steps of all its apps. */
	whole(setup: Setup): Plan {
		return {...wholePlan(this.catalogue, this.placed(setup), this.state), ...this.#guard()};
	}

	/** What is missing or wrong. A secret that the vault holds is neither, also where it is not among the answers. */
	problems(setup: Setup): readonly Problem[] {
		const plan = this.plan(setup);
		const isHeld = (option: string) =>
			setup.answers[option] === undefined && this.#held.has(secretName(plan.steps, option));
		return problemsOf(plan).filter(({option}) => !isHeld(option));
	}

	/** The set-up of one of its apps. @throws Trouble where it has no such app */
	setupFor(app: string): Setup {
		return setupFor(this.catalogue, this.state, app, this.kept);
	}

	async remember(setup: Setup): Promise<void> {
		await remember(this.opened, this.catalogue, setup);
	}

	/** Passes a run on. @param setup whose answers are kept where they are changed on the way */
	watch(events: AsyncGenerator<Event, Summary, Reply>, setup?: Setup): AsyncGenerator<Event, Summary, Reply> {
		return watched(this.opened, this.catalogue, events, this.attached, setup);
	}

	/** A run of this set-up may make secrets: those that nothing keeps are shown at the end. */
	expectSecrets(setup: Setup): void {
		const {vault} = this.session;
		this.unsavedSecrets = async () => await findUnsavedSecrets(this.plan(setup), setup, vault);
	}

	async leave(): Promise<void> {
		if (this.#open && this.inForeground) {
			await (await import('../../troubleshoot/foreground-run.ts')).giveBack(this.#open.box);
		}

		await this.#open?.box.close();
		this.#open = undefined;
	}

	#guard(): Pick<Plan, 'guardWindow'> {
		const {guardWindow} = this.#request;
		return guardWindow === undefined ? {} : {guardWindow};
	}
}

function describeEntered(
	{session, box}: OpenSession,
	catalogue: Catalogue,
	answers: Answers,
	given: {readonly kind: string | undefined; readonly found: string | undefined; readonly app: string | undefined},
): Entered {
	const state = session.journal.read();
	const before = resumable(state, catalogue, answers, given.app);
	// Answers may be kept of a set-up that has done nothing yet.
	const kept = state.apps[given.app ?? ''] ?? state.draft;
	const kind = given.kind ?? before?.kind ?? kept?.kind ?? given.found;
	return {
		label: labelOf(state),
		host: box.host,
		port: box.port,
		user: box.user,
		answers,
		...(before && {resumable: before}),
		...(kind !== undefined && {kind}),
		apps: knownApps(state, catalogue),
	};
}
