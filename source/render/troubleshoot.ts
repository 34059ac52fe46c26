import {
	type AppSummary,
	answerWords,
	endWords,
	type Finding,
	foregroundWords,
	type TroubleshootEvent,
	type TroubleshootSummary,
	undoCommands,
} from '../contract/ui/troubleshooting.ts';
import {cleanLine, duration} from './wording.ts';

const marks = {output: '|', log: 'log |', nginx: 'nginx |', box: 'box |', site: 'site |'} as const;

/** Troubleshooting as lines to read. `verbose`: also what the engine tells of a fix at work. */
export function troubleshootLines(event: TroubleshootEvent, host: string, verbose: boolean): string[] {
	switch (event.type) {
		case 'looking':
			return ['Looking at the app'];
		case 'app':
			return appLines(event.app);
		case 'foreground':
			return [foregroundWords(event)];
		case 'line':
			// What was said before, and elsewhere, is evidence only where it matches.
			return event.from === 'output' || verbose ? [`  ${marks[event.from]} ${cleanLine(event.text)}`] : [];
		case 'answer':
			return [`  ${answerWords(event.page, event.status)}`];
		case 'ended':
			return [`  ${event.words}`];
		case 'diagnosis':
			return [...(event.trouble ? [`! ${event.trouble.what} ${event.trouble.next}`] : []), ...diagnosisLines(event)];
		case 'mending':
			return [`Applying: ${event.title} (${event.fix})`];
		case 'step':
			if (event.event.type === 'running' && event.event.attached)
				return [`${event.event.step} still runs on the box, from before. It is waited for; --stop-job ends it`];
			return verbose && event.event.type === 'output' ? [`    ${cleanLine(event.event.line)}`] : [];
		case 'handing back':
			return [`Starting it anew under ${event.manager}`];
		case 'proving':
			return [`Looking at ${event.url} from here`];
		case 'reconnecting':
			return [`The connection was lost: trying again (${event.attempt})`];
		case 'done':
			return endLines(event.summary, host);
	}
}

function appLines(app: AppSummary): string[] {
	const answers =
		app.answers === undefined ? '' : app.answers === 0 ? ', and does not answer' : `, and answers ${app.answers}`;
	return [
		`${app.name}: ${app.command}`,
		`  as ${app.user} in ${app.folder}; ${app.supervised} under ${app.manager}${answers}`,
		...app.faults.map(fault => `  visitors: ${fault}`),
	];
}

function diagnosisLines({findings, well}: Extract<TroubleshootEvent, {type: 'diagnosis'}>): string[] {
	if (findings.length === 0) {
		return [
			well
				? 'In the foreground the app is well; what is wrong is not known.'
				: 'What is wrong matches nothing known. Read its last lines above.',
		];
	}

	return findings.flatMap((finding, index) => findingLines(finding, index === 0));
}

function findingLines({cause, title, means, next, before, evidence, fixes}: Finding, first: boolean): string[] {
	return [
		`${first ? 'Cause' : 'Also'}: ${title} (${cause})`,
		...[...before, evidence.text].map(text => `  | ${cleanLine(text)}`),
		`  ${means}`,
		...(fixes.length === 0 ? [`  ${next}`] : []),
		...fixes.flatMap(fix => [
			`  Fix: ${fix.title} (${fix.id})`,
			...(fix.asks === undefined ? [] : [`    asks for ${fix.asks}`]),
			...(fix.preview?.commands ?? []).map(command => `    $ ${cleanLine(command)}`),
		]),
	];
}

function endLines(summary: TroubleshootSummary, host: string): string[] {
	const {outcome, url, log, seconds} = summary;
	const well = outcome === 'well' || outcome === 'mended';
	return [
		`${endWords(summary)} (${duration(seconds)})`,
		...(well ? (url === undefined ? [] : [url]) : [`Its log: ${log}`]),
		...undoCommands(summary, host).map(command => `To take it back: ${command}`),
	];
}
