import type {DetectedProcess, DetectedVariable, Detection, OpenQuestion, Warning} from '../contract/detection.ts';
import {fillingWords} from './wording.ts';

type Shown = {
	readonly app: Detection | undefined;
	readonly others: readonly Detection[];
	readonly questions: readonly OpenQuestion[];
};

const width = 80;

/**
 * What was found in a repository, as a colleague's note: what it is and why, what it needs, what will fail, what is open.
 * @param obstacles why it can't be set up yet, if it can't
 */
export function detectionLines(
	name: string,
	files: number,
	{app, others, questions}: Shown,
	obstacles: readonly string[],
): string[] {
	if (!app) return nothingFound(name, files);
	return [
		`${name}${app.folder === '' ? '' : `, folder ${app.folder}`}: a ${app.title}`.replace(/: a ([AEIOU])/, ': an $1'),
		...(obstacles.length === 0 ? [] : wrap(`It can’t be set up yet: ${obstacles.join('; ')}.`)),
		...section(
			'Why',
			app.because.map(reason => `${reason}.`),
		),
		...section('How it runs', runLines(app)),
		...variableLines(app.variables),
		...section('Debian packages it needs', packageLines(app)),
		...warningLines(
			'What will fail',
			app.warnings.filter(({severity}) => severity === 'fails'),
		),
		...warningLines(
			'Worth a thought',
			app.warnings.filter(({severity}) => severity === 'careful'),
		),
		...section('Still open', questions.flatMap(questionLines)),
		...section(
			'Also in it',
			others.map(other => `${other.folder === '' ? 'the top folder' : other.folder}: ${other.title}`),
		),
	];
}

function nothingFound(name: string, files: number): string[] {
	return [
		`${name}: nothing is recognised`,
		...wrap(
			files === 0 ? 'There are no files in it.' : `None of its ${files} files says what kind of app it is.`,
			'  ',
		),
		...wrap('Name the folder that holds the app, or say with --kind what it should be.', '  '),
	];
}

function runLines({answers, processes}: Detection): string[] {
	const {
		version,
		versionFrom,
		manager,
		dependencyFile,
		entry,
		workingFolder,
		start,
		build,
		migrate,
		release,
		database,
		databaseDriver,
		databaseVariable,
		output,
	} = answers;
	const row = (label: string, text: string | undefined) => (text === undefined ? [] : [`${label.padEnd(12)}${text}`]);
	return [
		...row('language', version && `${version}  (${versionFrom})`),
		...row('packages', manager && `${manager}, from ${dependencyFile}`),
		...row(
			'entry',
			entry &&
				`${entry}${answers.interface === 'wsgi' || answers.interface === 'asgi' ? `  (${answers.interface.toUpperCase()})` : ''}${workingFolder ? `, in ${workingFolder}/` : ''}`,
		),
		...row('settings', answers.settingsModule),
		...row('build', build),
		...row('start', start),
		...row('migrations', migrate),
		...row('release', release),
		...row(
			'database',
			database &&
				`${database}${databaseDriver ? ` by ${databaseDriver}` : ''}${databaseVariable ? `, named by ${databaseVariable}` : ''}`,
		),
		...row('redis', answers.redis ? 'wanted' : undefined),
		...row('search', answers.search ? 'wanted' : undefined),
		...processes.filter(({role}) => role !== 'release').flatMap(one => row(roleWord(one), one.command)),
		...row('output', output && `${output}/${answers.singlePage ? '  (one page for all addresses)' : ''}`),
		...row('static', answers.statics?.map(({url, folder}) => `${url} from ${folder}/`).join(', ')),
		...row('kept', answers.state?.join(', ')),
	];
}

function roleWord({role}: DetectedProcess): string {
	return role === 'scheduler' ? 'schedule' : role;
}

/** Those that only the person knows first: they are what is asked for. */
function variableLines(variables: readonly DetectedVariable[]): string[] {
	const filled = variables.filter(({filledWith}) => filledWith !== undefined);
	const own = variables.filter(({filledWith}) => filledWith === undefined);
	const required = own.filter(one => one.required);
	const optional = own.filter(one => !one.required);
	const column = Math.min(30, Math.max(12, ...variables.map(({name}) => name.length + 2)));
	const line = ({name, where, secret, default: otherwise}: DetectedVariable) =>
		`${name.padEnd(column)}${name.length >= column ? '  ' : ''}${secret ? 'secret, ' : ''}${otherwise === undefined ? '' : `${shorten(otherwise)}, `}${where}`;
	const most = 12;
	const shown = optional.slice(0, most);
	return [
		...section('Variables only you know, which it fails without', required.map(line)),
		...section('Variables it can do without', [
			...shown.map(line),
			...(optional.length > most ? [`and ${optional.length - most} more: --json lists all`] : []),
		]),
		...section(
			'Variables boxwizard fills',
			filled.map(
				({name, filledWith}) =>
					`${name.padEnd(column)}${name.length >= column ? '  ' : ''}${filledWith ? fillingWords[filledWith] : ''}`,
			),
		),
	];
}

function shorten(text: string, most = 24): string {
	const line = text.replaceAll(/\s+/g, ' ');
	return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

function packageLines({packages}: Detection): string[] {
	const of = (when: 'build' | 'run') => packages.filter(one => one.when === when);
	const reasons = (when: 'build' | 'run') => [...new Set(of(when).map(one => one.for))].join(', ');
	return (['build', 'run'] as const).flatMap(when =>
		of(when).length === 0
			? []
			: [
					`${when === 'build' ? 'to compile' : 'to run'} ${reasons(when)}: ${of(when)
						.map(({name}) => name)
						.join(' ')}`,
				],
	);
}

function warningLines(title: string, warnings: readonly Warning[]): string[] {
	if (warnings.length === 0) return [];
	return [
		'',
		title,
		...warnings.flatMap(({severity, what, means, next, evidence = [], remedy}) => [
			...wrap(`${severity === 'fails' ? '✗' : '!'} ${what}`, '  ', '    '),
			...wrap(means, '    '),
			...wrap(next, '    '),
			...evidence
				.slice(0, 3)
				.filter(line => / {2}\S/.test(line))
				.map(line => `      ${shorten(line, 72)}`),
			...(remedy?.type === 'write-file' && remedy.content.length < 600
				? [
						`      ${remedy.path}:`,
						...remedy.content
							.trimEnd()
							.split('\n')
							.map(line => `      | ${line}`),
					]
				: []),
		]),
	];
}

function questionLines({question, choices}: OpenQuestion): string[] {
	return [
		question,
		...choices.map((choice, index) => `· ${choice}${index === 0 ? '  (taken, unless you say otherwise)' : ''}`),
	];
}

function section(title: string, lines: readonly string[]): string[] {
	return lines.length === 0
		? []
		: ['', title, ...lines.flatMap(line => wrap(line, '  ', /^ {0,2}\S+ {2,}/.test(line) ? ' '.repeat(14) : '    '))];
}

/** A text in lines of at most `width`, the later ones indented by `rest`. A word that is longer stands alone. */
function wrap(text: string, first = '', rest = first): string[] {
	const lines: string[] = [];
	let line = first;
	// Spaces within a row of columns stay.
	for (const word of text.split(/ (?=\S)/)) {
		const next = line.trim() === '' ? line + word : `${line} ${word}`;
		if (next.length > width && line.trim() !== '') {
			lines.push(line);
			line = rest + word.trimStart();
		} else line = next;
	}

	return [...lines, line];
}
