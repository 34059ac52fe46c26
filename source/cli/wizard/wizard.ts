import {resolve} from 'node:path';
import {Trouble} from '../../contract/trouble.ts';
import type {Setup} from '../../contract/ui/setup.ts';
import type {Opened} from '../../contract/ui/wizard.ts';
import {check, run} from '../../engine/engine.ts';
import {preview} from '../../engine/preview-plan.ts';
import {undo} from '../../engine/take-back.ts';
import {writeWhole} from '../../state/atomic-write.ts';
import {labelOf} from '../../state/journal-state.ts';
import {githubKeys, localKeys, makeKey, readKey} from '../../state/local-keys.ts';
import {completeConnection} from '../boxes/box-session.ts';
import {forgettable} from '../boxes/forgettable.ts';
import {knownBoxes, knownStates} from '../boxes/known-boxes.ts';
import {kindNamed} from '../given/kinds.ts';
import {refusingClashes} from '../plans/app-setups.ts';
import {outcomeOf} from '../plans/outcome.ts';
import {stepForms, tellingUsers} from '../plans/setup-plan.ts';
import {refuseUnsavedSecrets} from '../terminal/unsaved-secrets.ts';
import {appsOfBox} from './apps-of-box.ts';
import {CurrentBox} from './current-box.ts';
import {foundAppOf} from './found-app-wizard.ts';
import type {Beginning, Entered, JoinedWizard} from './joined-wizard.ts';
import {remindersOf} from './reminders.ts';
import {describeRenewal, renew} from './renewal.ts';
import {repairsOf} from './repairs.ts';

type Part<Methods extends keyof JoinedWizard> = Pick<JoinedWizard, Methods>;

/** Joins engine, transport and memory to what the screens, and the commands without screens, ask for. */
export function createWizard(request: Beginning): JoinedWizard {
	const box = new CurrentBox(request);
	return {
		...doorOf(box, request),
		...formsOf(box),
		...foundAppOf(box),
		...runsOf(box),
		...appsOfBox(box),
		...repairsOf(box, request),
		...elsewhere(box, request),
		...remindersOf(),
	};
}

/** The way into a box, and out. */
function doorOf(
	box: CurrentBox,
	{practice}: Beginning,
): Part<
	| 'open'
	| 'enter'
	| 'lookForConflicts'
	| 'practice'
	| 'ask'
	| 'shell'
	| 'runInApp'
	| 'writeReceipt'
	| 'writeAnswersFile'
	| 'stopJob'
	| 'leave'
> {
	return {
		async open(target, ask, progress): Promise<Opened> {
			const entered = await box.enter(target, ask, progress);
			progress('Looking at the box');
			const passing = box.known.passing ? {passing: true} : {};
			const survey = await box.steadily(() => box.opened.survey(), progress);
			box.users = survey.users;
			await box.steadily(() => box.lookForConflicts(), progress);
			return {...entered, ...passing, survey};
		},
		enter: (target, ask, progress) => box.enter(target, ask, progress),
		lookForConflicts: () => box.lookForConflicts(),
		...(practice && {
			async practice(progress: (line: string) => void): Promise<string> {
				const start = await practice(progress);
				box.known = start;
				return start.target;
			},
		}),
		ask: async command => (await box.opened.box.run(command)).stdout,
		async runInApp(app, inside) {
			const [{runInside}, {waitForEnter}] = await Promise.all([
				import('../terminal/run-inside.ts'),
				import('../terminal/ask-terminal.ts'),
			]);
			const {kind, answers} = box.setupFor(app);
			const code = await runInside(box.opened.box, kindNamed(box.catalogue, kind), {...answers, app}, inside);
			if (inside.run === 'command' || code !== 0) await waitForEnter(`Ended with ${code}. Enter leads back. `);
			return code;
		},
		async writeReceipt() {
			const {receiptOf} = await import('../commands/box/receipt.ts');
			const file = `receipt-${labelOf(box.state).replaceAll(/[^\w.-]/g, '_')}.md`;
			writeWhole(resolve(file), receiptOf(box.catalogue, box.state, undefined));
			return file;
		},
		async writeAnswersFile(kind) {
			const [{writeAnswers}, {projectFile}] = await Promise.all([
				import('../commands/local/init.ts'),
				import('../target/project-file.ts'),
			]);
			writeAnswers(box.catalogue, kind, projectFile, false);
			return projectFile;
		},
		async shell() {
			const {logIn} = await import('../commands/box/ssh.ts');
			return await logIn(box.state, await completeConnection(box.known.connection, box.state), []);
		},
		stopJob: () => box.opened.stopJob(),
		leave: () => box.leave(),
	};
}

/** What is asked, and what would be done. */
function formsOf(
	box: CurrentBox,
): Part<'kinds' | 'steps' | 'allSteps' | 'validate' | 'remember' | 'preview' | 'previewAll' | 'renewal'> {
	return {
		kinds: () => box.catalogue.kinds.map(({name, title, description}) => ({name, title, description})),
		steps(kind, answers, isNew = false) {
			const {catalogue, remembered} = box;
			const plan = box.plan({kind, answers, leftOut: []});
			const forms = stepForms(plan, plan.answers, remembered, [...catalogue.box, ...catalogue.afterApps], isNew);
			return isNew && remembered ? refusingClashes(catalogue, forms, remembered) : tellingUsers(forms, box.users);
		},
		allSteps(setup) {
			const all = box.whole(setup);
			return stepForms(all, all.answers, box.remembered);
		},
		validate: setup => box.problems(setup),
		remember: setup => box.remember(box.placed(setup)),
		preview: async setup => await preview(box.plan(setup), box.session),
		previewAll: async setup => await preview(box.whole(setup), box.session),
		renewal: setup => describeRenewal(setup, box.remembered?.seconds),
	};
}

/** Runs of the whole box, and how they ended. */
function runsOf(
	box: CurrentBox,
): Part<'run' | 'check' | 'undo' | 'renew' | 'outcome' | 'unsavedSecrets' | 'refuseUnsavedSecrets'> {
	return {
		async *run(wanted) {
			const setup = box.placed(wanted);
			box.expectSecrets(setup);
			await box.remember(setup);
			return yield* box.watch(run(box.plan(setup), box.session), setup);
		},
		async *check(setup) {
			const {session} = box;
			const summary = yield* box.watch(check(box.whole(setup), session));
			const checked = {at: new Date().toISOString(), differing: summary.failed.length};
			session.journal.update(state => ({...state, checked}));
			return summary;
		},
		undo: (setup, steps, confirmed = []) => box.watch(undo({...box.whole(setup), confirmed}, box.session, steps)),
		renew: (setup, force) => box.watch(renew(setup, force, box.session)),
		outcome: async (setup, summary) =>
			await outcomeOf(box.plan(setup), kindNamed(box.catalogue, setup.kind), setup, summary, box.opened),
		unsavedSecrets: async () => await box.unsavedSecrets(),
		refuseUnsavedSecrets: async setup => await refuseUnsavedSecrets(box.plan(setup), setup, box.session.vault),
	};
}

/** What is seen, made and kept on the person's machine. */
function elsewhere(
	box: CurrentBox,
	{connection}: Beginning,
): Part<
	'hosts' | 'forgetting' | 'forget' | 'browse' | 'probe' | 'dues' | 'localKeys' | 'makeKey' | 'githubKeys' | 'readKey'
> {
	return {
		async hosts() {
			const states = knownStates();
			const {rememberedDues} = await import('../boxes/remembered-dues.ts');
			return {hosts: knownBoxes(box.catalogue, states), dues: rememberedDues(states)};
		},
		forgetting: async target => (await forgettable(target, box.catalogue, connection)).forgetting,
		forget: async target => (await forgettable(target, box.catalogue, connection)).forget(),
		browse: async address => await (await import('../../outside/browser.ts')).browse(address),
		async probe(tell) {
			const [{lookFromHere}, {watchedApps}] = await Promise.all([
				import('../../renewals/reach.ts'),
				import('../boxes/watched-boxes.ts'),
			]);
			await lookFromHere(watchedApps(), tell);
		},
		async dues(tell) {
			const [{lookAtDues}, {watchedBoxes}] = await Promise.all([
				import('../boxes/dues.ts'),
				import('../boxes/watched-boxes.ts'),
			]);
			await lookAtDues(watchedBoxes([]), {ssh: {connection}, tell});
		},
		localKeys,
		makeKey,
		githubKeys,
		readKey,
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
