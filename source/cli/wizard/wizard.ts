import {WaitingUpdates} from '../../../steps/app/updates.ts';
import {nothingOccupied, readOccupied} from '../../../steps/process/occupied.ts';
import type {Catalogue} from '../../contract/kind.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {Event, Reply, Summary} from '../../contract/ui/events.ts';
import type {Ask} from '../../contract/ui/question.ts';
import type {Answers, Opened, Setup} from '../../contract/ui/wizard.ts';
import {serve} from '../../engine/control-service.ts';
import {deploy} from '../../engine/deploy.ts';
import {check, type Plan, run, runPart} from '../../engine/engine.ts';
import {preview} from '../../engine/preview-plan.ts';
import {findConflicts, withConflicts} from '../../engine/run/conflicts.ts';
import {removeApp, undo} from '../../engine/take-back.ts';
import {createProbe} from '../../remote/probe.ts';
import {labelOf} from '../../state/journal-state.ts';
import {githubKeys, localKeys, makeKey, readKey} from '../../state/local-keys.ts';
import {completeConnection, type OpenSession, openSession} from '../boxes/box-session.ts';
import {knownApps, knownBoxes} from '../boxes/known-boxes.ts';
import {keptSecrets, moveSecrets} from '../boxes/secrets.ts';
import {kindNamed} from '../given/kinds.ts';
import {newAppSetup, refusingClashes, removedSteps, restPlan, setupFor} from '../plans/app-setups.ts';
import {filledApps} from '../plans/derived.ts';
import {outcomeOf} from '../plans/outcome.ts';
import {
	appInHand,
	planOf,
	problemsOf,
	resumable,
	stepForms,
	tellingUsers,
	wholePlan,
	withPlace,
} from '../plans/setup-plan.ts';
import {findUnsavedSecrets, refuseUnsavedSecrets, type UnsavedSecret} from '../terminal/unsaved-secrets.ts';
import {settingsOf, variableLines} from './app-settings.ts';
import {logsOfBox} from './box-logs.ts';
import {doctorOf} from './doctor-wizard.ts';
import type {Beginning, Entered, JoinedWizard} from './joined-wizard.ts';
import {describeRenewal, renew} from './renewal.ts';
import {servicesToRestart} from './restart.ts';
import {statusOf} from './status.ts';
import {remember, watched} from './watched-run.ts';

/** Joins engine, transport and memory to what the screens, and the commands without screens, ask for. */
export function createWizard(request: Beginning): JoinedWizard {
	const {catalogue: all} = request;
	// As the box that is open needs them.
	let catalogue = all;
	let occupied = nothingOccupied;
	let known: Pick<Beginning, 'connection' | 'answers' | 'kind'> & {readonly passing?: boolean} = request;
	let open: OpenSession | undefined;
	/** Accounts of people on the opened box, once it was looked over. */
	let users: readonly string[] = [];
	/** Of the opened box. */
	let waiting = new WaitingUpdates();
	// Whoever leaves in the middle of it leaves no app stopped.
	let inForeground = false;
	/** Secrets that the vault holds of the opened box, and of the app that it was opened with. */
	let kept: Answers = {};
	let stopsJob = request.stopJob === true;
	let unsavedSecrets: () => Promise<readonly UnsavedSecret[]> = async () => [];
	const opened = (): OpenSession => {
		if (!open) throw new TypeError('No box is open');
		return open;
	};
	const remembered = () => open?.session.journal.read();
	// The first that is found is an earlier run's; one that is found later is this run's own, and only its connection was lost.
	const attached = () => {
		if (stopsJob) opened().stopJob();
		stopsJob = false;
	};
	const lookForConflicts = async (): Promise<void> => {
		const probe = createProbe(opened().box);
		const [conflicts, taken] = await Promise.all([findConflicts(probe, all), readOccupied(probe)]);
		catalogue = withConflicts(all, conflicts);
		occupied = taken;
	};
	const placed = (setup: Setup): Setup => withPlace(catalogue, setup, remembered(), occupied);
	const {guardWindow} = request;
	const plan = (setup: Setup): Plan => ({
		...planOf(catalogue, placed(setup), remembered()),
		...(guardWindow !== undefined && {guardWindow}),
	});
	const whole = (setup: Setup): Plan => ({
		...wholePlan(catalogue, placed(setup), opened().session.journal.read()),
		...(guardWindow !== undefined && {guardWindow}),
	});
	const {practice} = request;
	const doctor = doctorOf(
		all,
		() => opened().session,
		() => known,
	);
	const enter = async (target: string, ask: Ask, progress: (line: string) => void): Promise<Entered> => {
		await open?.box.close();
		catalogue = all;
		users = [];
		occupied = nothingOccupied;
		open = await openSession(target, ask, known.connection, progress);
		waiting = new WaitingUpdates();
		await moveSecrets(open.session, catalogue);
		const state = open.session.journal.read();
		const {app: meant} = known.answers;
		const app = typeof meant === 'string' && state.apps[meant] ? meant : appInHand(state);
		const secrets = await keptSecrets(open.session.vault, catalogue, app);
		kept = secrets;
		const suggested = await request.suggested?.();
		const answers = {...state.box.answers, ...(app === undefined ? state.draft?.answers : state.apps[app]?.answers)};
		// The port that sshd has now, behind whatever forwards to it: who names none means to keep it.
		const {port: sshPort} = await open.box.outside.peer();
		return describeEntered(
			open,
			catalogue,
			{sshPort, ...suggested, ...answers, ...secrets, ...known.answers},
			{kind: known.kind, app},
		);
	};
	/** Keeps an app's own variables, and starts anew what reads them. */
	async function* keepSettings(setup: Setup): AsyncGenerator<Event, Summary, Reply> {
		const current = opened();
		const {settings} = kindNamed(catalogue, setup.kind);
		await remember(current, catalogue, setup);
		return yield* watched(current, catalogue, runPart(plan(setup), settings, current.session), attached, setup);
	}

	return {
		hosts: async () => knownBoxes(catalogue),
		kinds: () => catalogue.kinds.map(({name, title, description}) => ({name, title, description})),
		async open(target: string, ask: Ask, progress: (line: string) => void): Promise<Opened> {
			const entered = await enter(target, ask, progress);
			progress('Looking at the box');
			const passing = known.passing ? {passing: true} : {};
			const survey = await opened().survey();
			users = survey.users;
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
		steps(kind, answers, isNew = false) {
			const setup = plan({kind, answers, leftOut: []});
			const state = remembered();
			const forms = stepForms(setup, setup.answers, state, [...catalogue.box, ...catalogue.afterApps], isNew);
			return isNew && state ? refusingClashes(catalogue, forms, state) : tellingUsers(forms, users);
		},
		newApp: kind => newAppSetup(catalogue, opened().session.journal.read(), {kind, kept, given: known.answers}),
		setupFor: app => setupFor(catalogue, opened().session.journal.read(), app, kept),
		status: () => statusOf(catalogue, opened().session, waiting),
		logs: (signal, foreign) => logsOfBox(catalogue, opened().session, signal, foreign),
		settings: app => settingsOf(opened().session, app),
		saveSettings(app, variables) {
			const before = setupFor(catalogue, opened().session.journal.read(), app, kept);
			return keepSettings({...before, answers: {...before.answers, environment: variableLines(variables)}});
		},
		interrupts: program =>
			servicesToRestart(filledApps(catalogue, opened().session.journal.read()), program).flatMap(
				({interrupts}) => interrupts ?? [],
			),
		restart(program) {
			const {session} = opened();
			const state = session.journal.read();
			const [first = ''] = Object.keys(state.apps);
			const app = typeof program === 'string' ? program : first;
			const services = servicesToRestart(filledApps(catalogue, state), program);
			const setup = setupFor(catalogue, state, app, kept);
			return watched(opened(), catalogue, serve(plan(setup), session, services, 'restart'), attached);
		},
		browse: async address => await (await import('../../outside/browser.ts')).browse(address),
		async shell() {
			const state = opened().session.journal.read();
			const {logIn} = await import('../commands/box/ssh.ts');
			return await logIn(state, await completeConnection(known.connection, state), []);
		},
		async probe(tell) {
			const [{lookFromHere}, {watchedApps}] = await Promise.all([
				import('../../renewals/reach.ts'),
				import('../boxes/watched-boxes.ts'),
			]);
			await lookFromHere(watchedApps(), tell);
		},
		removal(app) {
			const state = opened().session.journal.read();
			const all = wholePlan(catalogue, setupFor(catalogue, state, app, kept), state);
			const wanted = new Set(removedSteps(all, catalogue, state, app));
			return stepForms(all, all.answers, state).filter(({summary}) => wanted.has(summary.id));
		},
		remove(app, confirmed) {
			const {session} = opened();
			const state = session.journal.read();
			const all = wholePlan(catalogue, setupFor(catalogue, state, app, kept), state);
			const removal = {app, ids: removedSteps(all, catalogue, state, app), rest: restPlan(catalogue, state, app)};
			return watched(opened(), catalogue, removeApp({...all, confirmed}, session, removal), attached);
		},
		allSteps(setup) {
			const all = whole(setup);
			return stepForms(all, all.answers, remembered());
		},
		validate: setup => problemsOf(plan(setup)),
		remember: setup => remember(opened(), catalogue, placed(setup)),
		preview: async setup => await preview(plan(setup), opened().session),
		previewAll: async setup => await preview(whole(setup), opened().session),
		async *run(wanted) {
			const current = opened();
			const setup = placed(wanted);
			const {vault} = current.session;
			unsavedSecrets = async () => await findUnsavedSecrets(plan(setup), setup, vault);
			await remember(current, catalogue, setup);
			return yield* watched(current, catalogue, run(plan(setup), current.session), attached, setup);
		},
		async *check(setup) {
			const {session} = opened();
			const summary = yield* watched(opened(), catalogue, check(whole(setup), session), attached);
			const checked = {at: new Date().toISOString(), differing: summary.failed.length};
			session.journal.update(state => ({...state, checked}));
			return summary;
		},
		ask: async command => (await opened().box.run(command)).stdout,
		applySettings: keepSettings,
		checkApp: setup => watched(opened(), catalogue, check(plan(setup), opened().session), attached),
		deploy(setup) {
			const {deploy: stages} = kindNamed(catalogue, setup.kind);
			return watched(opened(), catalogue, deploy(plan(setup), stages, opened().session), attached, setup);
		},
		undo: (setup, steps, confirmed = []) =>
			watched(opened(), catalogue, undo({...whole(setup), confirmed}, opened().session, steps), attached),
		stopJob: () => opened().stopJob(),
		async dues(tell) {
			const [{lookAtDues}, {watchedBoxes}] = await Promise.all([
				import('../boxes/dues.ts'),
				import('../boxes/watched-boxes.ts'),
			]);
			await lookAtDues(watchedBoxes([]), {ssh: {connection: request.connection}, tell});
		},
		renewal: setup => describeRenewal(setup, open?.session.journal.read().seconds),
		renew: (setup, force) => watched(opened(), catalogue, renew(setup, force, opened().session), attached),
		examine: doctor.examine,
		previewFix: doctor.previewFix,
		async *fix(findings) {
			const current = opened();
			const before = resumable(current.session.journal.read(), catalogue, known.answers);
			if (before) unsavedSecrets = async () => await findUnsavedSecrets(plan(before), before, current.session.vault);
			return yield* watched(current, catalogue, doctor.fix(findings), attached);
		},
		async *troubleshoot(setup, app) {
			const current = opened();
			const {troubleshootPlan} = await import('../plans/troubleshoot-plan.ts');
			const {troubleshoot} = await import('../../troubleshoot/index.ts');
			inForeground = true;
			try {
				const events = troubleshoot(await troubleshootPlan(plan(setup), app), current.session);
				let next = await events.next();
				while (!next.done) {
					const {value} = next;
					if (value.type === 'step' && value.event.type === 'running' && value.event.attached) attached();
					next = await events.next(yield value);
				}

				return next.value;
			} finally {
				inForeground = false;
			}
		},
		outcome: async (setup, summary) => await outcomeOf(plan(setup), setup, summary, opened()),
		unsavedSecrets: async () => await unsavedSecrets(),
		refuseUnsavedSecrets: async setup => await refuseUnsavedSecrets(plan(setup), setup, opened().session.vault),
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
	catalogue: Catalogue,
	answers: Answers,
	given: {readonly kind: string | undefined; readonly app: string | undefined},
): Entered {
	const state = session.journal.read();
	const before = resumable(state, catalogue, answers, given.app);
	// Answers may be kept of a set-up that has done nothing yet.
	const kept = state.apps[given.app ?? ''] ?? state.draft;
	const kind = given.kind ?? before?.kind ?? kept?.kind;
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

/** The set-up that a box has already: what plan, check and undo work with. @throws Trouble where there is none */
export function setupOf({kind, answers, resumable: before}: Entered, leftOut: readonly string[]): Setup {
	if (before) return {...before, answers: {...before.answers, ...answers}, leftOut: [...before.leftOut, ...leftOut]};
	if (kind !== undefined) return {kind, answers, leftOut};
	throw new Trouble({
		what: 'boxwizard has not set this box up, as far as this machine knows.',
		means: 'There are no answers to compare it with. Nothing was done.',
		next: 'Say what it shall be, with --kind and --answers, or set it up: boxwizard setup HOST',
		code: 'unknown-box',
	});
}
