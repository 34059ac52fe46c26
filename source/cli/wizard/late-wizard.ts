import type {Wizard} from '../../contract/wizard.ts';
import type {JoinedWizard} from './wizard.ts';

/** A wizard that can start practice boxes too. */
export type Whole = Required<JoinedWizard>;

/**
 * A wizard whose machinery (zod, ssh, conf) is loaded when the first screen asks for something: the first frame need
 * not wait for it. What can't wait is asked only after `hosts` or `open` has answered.
 */
export function lateWizard(load: () => Promise<Whole>): Wizard & Pick<JoinedWizard, 'unkept'> {
	let loading: Promise<Whole> | undefined;
	let loaded: Whole | undefined;
	const late = (): Promise<Whole> => {
		loading ??= load().then(wizard => {
			loaded = wizard;
			return wizard;
		});
		return loading;
	};
	const now = (): Whole => {
		if (!loaded) throw new TypeError('The wizard is asked before it is loaded');
		return loaded;
	};
	return {
		hosts: async () => (await late()).hosts(),
		open: async (target, ask, progress) => (await late()).open(target, ask, progress),
		practice: async progress => (await late()).practice(progress),
		kinds: () => now().kinds(),
		steps: (kind, answers, isNew) => now().steps(kind, answers, isNew),
		newApp: kind => now().newApp(kind),
		roadTo: app => now().roadTo(app),
		status: () => now().status(),
		logs: signal => now().logs(signal),
		settings: app => now().settings(app),
		saveSettings: (app, variables) => now().saveSettings(app, variables),
		browse: address => now().browse(address),
		shell: () => now().shell(),
		probe: async tell => (await late()).probe(tell),
		deploy: road => now().deploy(road),
		removal: app => now().removal(app),
		remove: (app, confirmed) => now().remove(app, confirmed),
		allSteps: road => now().allSteps(road),
		validate: road => now().validate(road),
		remember: road => now().remember(road),
		preview: road => now().preview(road),
		run: road => now().run(road),
		check: road => now().check(road),
		undo: (road, steps, confirmed) => now().undo(road, steps, confirmed),
		dues: async tell => (await late()).dues(tell),
		renewal: road => now().renewal(road),
		renew: (road, force) => now().renew(road, force),
		examine: () => now().examine(),
		previewCure: finding => now().previewCure(finding),
		cure: findings => now().cure(findings),
		troubleshoot: (road, app) => now().troubleshoot(road, app),
		outcome: (road, summary) => now().outcome(road, summary),
		localKeys: async () => (await late()).localKeys(),
		makeKey: async passphrase => (await late()).makeKey(passphrase),
		githubKeys: async name => (await late()).githubKeys(name),
		readKey: text => now().readKey(text),
		unkept: async () => (await loaded?.unkept()) ?? [],
		leave: async () => loaded?.leave(),
	};
}
