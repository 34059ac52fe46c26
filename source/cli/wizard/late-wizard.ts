import type {Wizard} from '../../contract/ui/wizard.ts';
import type {JoinedWizard} from './joined-wizard.ts';

/** A wizard that can start practice boxes too. */
export type Whole = Required<JoinedWizard>;

type Asked = Exclude<keyof Wizard, 'leave'>;

/** What may be asked before the machinery is there, and waits for it. All else comes after one of these has answered. */
const first = [
	'hosts',
	'probe',
	'forgetting',
	'forget',
	'open',
	'practice',
	'dues',
	'reminders',
	'remind',
	'tryReminder',
	'localKeys',
	'makeKey',
	'githubKeys',
] as const satisfies Asked[];

const later = [
	'kinds',
	'steps',
	'likelyRepository',
	'repositoryProblem',
	'findApp',
	'settleApp',
	'unreadApp',
	'variableFields',
	'withVariables',
	'previewEdit',
	'writeEdit',
	'newApp',
	'setupFor',
	'status',
	'logs',
	'interrupts',
	'services',
	'control',
	'settings',
	'pullSettings',
	'saveSettings',
	'browse',
	'runInApp',
	'writeReceipt',
	'writeAnswersFile',
	'shell',
	'coming',
	'deploy',
	'releases',
	'fit',
	'rollback',
	'removal',
	'remove',
	'allSteps',
	'stopJob',
	'validate',
	'remember',
	'preview',
	'previewAll',
	'run',
	'check',
	'undo',
	'renewal',
	'renew',
	'examine',
	'previewFix',
	'fix',
	'troubleshoot',
	'outcome',
	'readKey',
] as const satisfies Exclude<Asked, (typeof first)[number]>[];

/** Every method stands in one of the two lists: a new one that is forgotten does not compile. */
type Named = (typeof first | typeof later)[number];
type Forwarded = Required<Pick<Wizard, Exclude<Asked, Named> extends never ? Named : never>>;

/**
 * A wizard whose machinery (zod, ssh, conf) is loaded when the first screen asks for something: the first frame need
 * not wait for it. What can't wait is asked only after `hosts` or `open` has answered.
 */
export function lateWizard(load: () => Promise<Whole>): Wizard & Pick<JoinedWizard, 'unsavedSecrets'> {
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
	const waiting = first.map(name => [name, async (...words: unknown[]) => await call(await late(), name, words)]);
	const ready = later.map(name => [name, (...words: unknown[]) => call(now(), name, words)]);
	return {
		...(Object.fromEntries([...waiting, ...ready]) as Forwarded),
		unsavedSecrets: async () => (await loaded?.unsavedSecrets()) ?? [],
		leave: async () => loaded?.leave(),
	};
}

/** All that was said is passed on, however many words it is. */
function call(wizard: Whole, name: Named, words: readonly unknown[]): unknown {
	return (wizard[name] as (...said: readonly unknown[]) => unknown)(...words);
}
