import type {StepForm} from '../../source/contract/ui/setup.ts';
import {endWords, type TroubleshootSummary, undoCommands} from '../../source/contract/ui/troubleshooting.ts';
import {count, type Progress, timeLeft} from '../../source/render/progress.ts';
import {about, duration, sumUp} from '../../source/render/wording.ts';
import {askedSteps} from '../navigation/asked.ts';
import type {Navigation} from '../navigation/navigation.ts';
import {targetOf} from '../navigation/opened-route.ts';
import {memorySize} from '../parts/facts.tsx';
import type {Chrome} from '../parts/page.tsx';
import type {Theme} from '../parts/theme.ts';
import type {Ended} from './app.tsx';
import {railStepsOf} from './rail-steps.ts';

/** What stands around every screen. */
export function chromeOf(navigation: Navigation, theme: Theme): Chrome {
	return {
		facts: factsOf(navigation),
		railSteps: railStepsOf({...navigation, leftOut: navigation.setup.leftOut}),
		foot: footOf(navigation, theme.marks.dot),
	};
}

/** Places that are about a box and all of its apps, or name the app themselves. */
const ofBox: ReadonlySet<string> = new Set([
	'box',
	'logs',
	'settings',
	'confirm-deploy',
	'releases',
	'confirm-remove',
	'confirm-undo-app',
	'run-in-app',
	'app-run',
]);

function factsOf({opened, route, setup}: Navigation): readonly string[] {
	if (opened) {
		const {survey, user, host} = opened;
		const domain = typeof setup.answers.domain === 'string' && !ofBox.has(route.at) ? setup.answers.domain : '';
		const release = `${survey.os.id.charAt(0).toUpperCase()}${survey.os.id.slice(1)} ${survey.os.version}`;
		return [...(domain === '' ? [] : [domain]), `${user}@${host}`, release, memorySize(survey.memory)];
	}

	if (route.at === 'practice') return ['practice'];
	return route.at === 'connect' ? [route.target] : [];
}

/** Which question it is, of how many: the app's repository is the first. */
function questionOf({route, forms, found, setup, asksVariables}: Navigation): string {
	const asked = askedSteps(forms, setup.leftOut);
	const questions = ['repository', ...(asksVariables ? ['variables'] : []), ...asked];
	const number = questions.indexOf(route.at === 'step' ? route.id : route.at) + 1;
	if (number === 0 || (route.at === 'step' && route.alone)) return '';
	return found === undefined && route.at === 'repository'
		? `question ${number}`
		: `question ${number} of ${questions.length}`;
}

function footOf(navigation: Navigation, dot: string): string {
	const {route, forms, setup, progress} = navigation;
	if (['repository', 'variables', 'step'].includes(route.at)) return questionOf(navigation);

	if (route.at === 'app-run') {
		const {over, total} = count(progress);
		return total === 0 ? '' : `${over} of ${total}`;
	}

	if (route.at !== 'run' || progress.steps.length === 0) return '';
	// The engine says that nobody wants a step only when it comes to it; the forms know beforehand.
	const isWalked = (id: string) =>
		!setup.leftOut.includes(id) && forms.some(({summary, wanted}) => wanted && summary.id === id);
	const {over, total} = count({...progress, steps: progress.steps.filter(({summary}) => isWalked(summary.id))});
	// Nobody knows how long others take.
	if (route.kind !== 'run' || progress.wait) return `${over} of ${total}`;
	const left = timeLeft(progress, secondsOf(forms), Date.now());
	return [`${over} of ${total}`, ...(left === undefined ? [] : [about(left)])].join(` ${dot} `);
}

const secondsOf = (forms: readonly StepForm[]): Readonly<Record<string, number | undefined>> =>
	Object.fromEntries(forms.map(form => [form.summary.id, form.seconds]));

/** The command that goes on at the same place; undefined while no box is open, and for one that goes with the wizard. */
export function resumeCommand({opened, route}: Pick<Navigation, 'opened' | 'route'>): string | undefined {
	if (opened === undefined || opened.passing) return undefined;
	const command = route.at === 'troubleshoot' ? 'troubleshoot' : 'setup';
	return `boxwizard ${command} ${targetOf(opened)}`;
}

/** What stays on the normal screen. */
export function endOf(navigation: Navigation, code: Ended['code']): Ended {
	const {route} = navigation;
	if (route.at === 'done') {
		const {outcome, summary} = route;
		return {
			code: summary.failed.length > 0 ? 1 : 0,
			lines: [
				...(outcome.url ? [`Your app       ${outcome.url}`] : []),
				`Log in         ${outcome.login}`,
				`Done           ${sumUp(summary)}`,
			],
		};
	}

	if (navigation.troubleshootEnd && route.at === 'troubleshoot')
		return endOfTroubleshoot(navigation.troubleshootEnd, navigation.opened?.host ?? '');
	const command = ['doctor', 'box'].includes(route.at) ? undefined : resumeCommand(navigation);
	if (command === undefined) return {code: navigation.opened || code === 130 ? code : 0, lines: []};
	return {code, lines: [stoppedAt(navigation.progressNow()), `Go on with     ${command}`]};
}

function endOfTroubleshoot(summary: TroubleshootSummary, host: string): Ended {
	const well = summary.outcome === 'well' || summary.outcome === 'mended';
	return {
		code: well ? 0 : 2,
		lines: [
			endWords(summary),
			...(well && summary.url !== undefined ? [`Your app       ${summary.url}`] : []),
			...(well ? [] : [`Its log        ${summary.log}`]),
			...undoCommands(summary, host).map(command => `To take back   ${command}`),
		],
	};
}

function stoppedAt(progress: Progress): string {
	if (progress.steps.length === 0) return 'Left           before anything was touched; your answers are kept';
	const {over, total} = count(progress);
	const at = progress.steps.find(step => step.summary.id === (progress.failure?.step ?? progress.current));
	const spent = progress.steps.reduce((sum, step) => sum + (step.seconds ?? 0), 0);
	const where = at ? `, at “${at.summary.title}”` : '';
	return `Left           after ${over} of ${total} steps${where}${spent > 0 ? `, ${duration(spent)}` : ''}; the box is safe`;
}
