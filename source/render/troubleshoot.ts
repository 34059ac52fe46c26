import {cleanLine, duration} from '../progress.ts';
import type {AppSummary, Finding, TroubleshootEvent, TroubleshootSummary} from '../troubleshooting.ts';

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
			return [`  ${event.page} ${answerWords(event.status)}`];
		case 'ended':
			return [`  ${event.words}`];
		case 'diagnosis':
			return [...(event.trouble ? [`! ${event.trouble.what} ${event.trouble.next}`] : []), ...diagnosisLines(event)];
		case 'mending':
			return [`Applying: ${event.title} (${event.fix})`];
		case 'step':
			return verbose && event.event.type === 'output' ? [`    ${cleanLine(event.event.line)}`] : [];
		case 'handing back':
			return [`Starting it anew under ${event.keeper}`];
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
		`  as ${app.user} in ${app.folder}; ${app.supervised} under ${app.keeper}${answers}`,
		...app.faults.map(fault => `  visitors: ${fault}`),
	];
}

/** What is done with the supervised app meanwhile. */
export function foregroundWords({mode, port, window}: Extract<TroubleshootEvent, {type: 'foreground'}>): string {
	const where = port === undefined ? '' : ` on port ${port}`;
	return mode === 'beside'
		? `Running it in the foreground${where}; the supervised one runs on`
		: `Running it in the foreground${where} in the place of the supervised one, which the box itself starts again within ${window} s`;
}

export function answerWords(status: number): string {
	return status === 0 ? 'is not answered' : `is answered with ${status}`;
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

function findingLines({cause, title, means, next, evidence, fixes}: Finding, first: boolean): string[] {
	return [
		`${first ? 'Cause' : 'Also'}: ${title} (${cause})`,
		`  ${cleanLine(evidence.text)}`,
		`  ${means}`,
		...(fixes.length === 0 ? [`  ${next}`] : []),
		...fixes.flatMap(fix => [
			`  Fix: ${fix.title} (${fix.id})`,
			...(fix.asks === undefined ? [] : [`    asks for ${fix.asks}`]),
			...(fix.preview?.commands ?? []).map(command => `    $ ${cleanLine(command)}`),
		]),
	];
}

function endLines({outcome, url, fixes, log, seconds, app}: TroubleshootSummary, host: string): string[] {
	const words = {
		well: `Nothing is wrong with ${app} now`,
		mended: `${app} is well again`,
		found: `The cause stands`,
		unknown: 'No cause was found',
	}[outcome];
	return [
		`${words}${url !== undefined && (outcome === 'well' || outcome === 'mended') ? `: ${url}` : ''} (${duration(seconds)})`,
		...(outcome === 'found' || outcome === 'unknown' ? [`Its log: ${log}`] : []),
		...fixes.map(id => `To take it back: boxwizard undo ${host} ${id}`),
	];
}
