import {interruptedBy} from '../../contract/service.ts';
import type {Event, Reply, Summary} from '../../contract/ui/events.ts';
import type {Setup} from '../../contract/ui/setup.ts';
import {serve} from '../../engine/control-service.ts';
import {comingVersion, deploy, fitOf, releasesOf, rollback} from '../../engine/deploy.ts';
import {check, runPart} from '../../engine/engine.ts';
import {removeApp} from '../../engine/take-back.ts';
import {createProbe} from '../../remote/probe.ts';
import {newVariables} from '../detection/new-variables.ts';
import {kindNamed} from '../given/kinds.ts';
import {newAppSetup, removedSteps, restPlan} from '../plans/app-setups.ts';
import {filledApps} from '../plans/derived.ts';
import {stepForms, wholePlan} from '../plans/setup-plan.ts';
import {dotenvOf, settingsOf, variableLines} from './app-settings.ts';
import {logsOfBox} from './box-logs.ts';
import {servicesBeside, servicesMeant} from './control.ts';
import type {CurrentBox} from './current-box.ts';
import type {JoinedWizard} from './joined-wizard.ts';
import {statusOf} from './status.ts';

type AppsOfBox = Pick<
	JoinedWizard,
	| 'newApp'
	| 'setupFor'
	| 'status'
	| 'logs'
	| 'settings'
	| 'pullSettings'
	| 'saveSettings'
	| 'applySettings'
	| 'interrupts'
	| 'services'
	| 'control'
	| 'removal'
	| 'remove'
	| 'checkApp'
	| 'coming'
	| 'deploy'
	| 'releases'
	| 'fit'
	| 'rollback'
>;

/** What a wizard does with single apps of the box. */
export function appsOfBox(box: CurrentBox): AppsOfBox {
	/** Keeps an app's own variables, and starts anew what reads them. */
	async function* keepSettings(setup: Setup): AsyncGenerator<Event, Summary, Reply> {
		const {settings} = kindNamed(box.catalogue, setup.kind);
		await box.remember(setup);
		return yield* box.watch(runPart(box.plan(setup), settings, box.session), setup);
	}

	/** All steps of the box, and those of them that go with an app. */
	const goingWith = (app: string) => {
		const {catalogue, state} = box;
		const all = wholePlan(catalogue, box.setupFor(app), state);
		return {all, ids: removedSteps(all, catalogue, state, app)};
	};
	return {
		newApp: kind =>
			newAppSetup(box.catalogue, box.state, {
				kind: kind ?? box.found?.kind,
				kept: box.kept,
				given: box.known.answers,
				found: box.found?.answers ?? {},
			}),
		setupFor: app => box.setupFor(app),
		status: () => statusOf(box.catalogue, box.session, box.waiting),
		logs: (signal, foreign) => logsOfBox(box.catalogue, box.session, signal, foreign),
		settings: app => settingsOf(box.session, app),
		async pullSettings(app) {
			const {writeDotenv} = await import('../commands/app/environment-input.ts');
			const file = '.env';
			writeDotenv(file, await dotenvOf(async command => (await box.opened.box.run(command)).stdout, app), false);
			return file;
		},
		saveSettings(app, variables) {
			const before = box.setupFor(app);
			return keepSettings({...before, answers: {...before.answers, environment: variableLines(variables)}});
		},
		applySettings: keepSettings,
		services: () => servicesBeside(filledApps(box.catalogue, box.state)),
		interrupts: (program, action) =>
			servicesMeant(filledApps(box.catalogue, box.state), program, action).flatMap(
				service => interruptedBy(service, action) ?? [],
			),
		control(program, action) {
			const {apps} = box.state;
			const [first = ''] = Object.keys(apps);
			const services = servicesMeant(filledApps(box.catalogue, box.state), program, action);
			const setup = box.setupFor(typeof program === 'string' && apps[program] ? program : first);
			return box.watch(serve(box.plan(setup), box.session, services, action));
		},
		removal(app) {
			const {all, ids} = goingWith(app);
			return stepForms(all, all.answers, box.state).filter(({summary}) => ids.includes(summary.id));
		},
		remove(app, confirmed) {
			const {all, ids} = goingWith(app);
			const removal = {app, ids, rest: restPlan(box.catalogue, box.state, app)};
			return box.watch(removeApp({...all, confirmed}, box.session, removal));
		},
		checkApp: setup => box.watch(check(box.plan(setup), box.session)),
		async coming(setup, ref) {
			const {deploy: stages} = kindNamed(box.catalogue, setup.kind);
			const probe = createProbe(box.opened.box);
			const coming = await box.steadily(
				() => comingVersion(box.plan(setup), stages, probe, ref),
				() => undefined,
			);
			if (coming.live?.id === coming.version.id) return coming;
			return {...coming, variables: await newVariables({catalogue: box.catalogue, probe}, setup, coming)};
		},
		deploy(setup, to) {
			const {deploy: stages} = kindNamed(box.catalogue, setup.kind);
			return box.watch(deploy(box.plan(setup), stages, box.session, to), setup);
		},
		releases: async setup =>
			await box.steadily(
				() => releasesOf(box.plan(setup), createProbe(box.opened.box), box.plan(setup).answers),
				() => undefined,
			),
		fit: async (setup, release) =>
			await box.steadily(
				() => fitOf(box.plan(setup), createProbe(box.opened.box), box.plan(setup).answers, release),
				() => undefined,
			),
		rollback(setup, release) {
			const {rollback: stages} = kindNamed(box.catalogue, setup.kind);
			return box.watch(rollback(box.plan(setup), stages, box.session, release), setup);
		},
	};
}
