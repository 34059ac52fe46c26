import type {Remedy, Warning} from '../../../source/contract/detection.ts';
import {developmentServer, statedStarts} from '../../reading/commands.ts';
import {enumerate} from '../../reading/evidence.ts';
import {assignment, runsOnImport} from '../../reading/python.ts';
import {is, textOf} from '../../reading/tokens.ts';
import {productionArgument} from './entry/factoryArguments.ts';
import {schedulerInside} from './processes.ts';
import type {Entry} from './project.ts';
import {unnamedApp} from './serverWarnings.ts';
import type {Findings} from './warnings.ts';

export function noEntry(findings: Findings): Warning[] {
	const {entry, start, files, django: project} = findings;
	if (project) return [];
	if (entry?.lacks && entry.lacks.length > 0) return [factoryNeedsArguments(entry, entry.lacks, findings)];
	const unnamed = entry ? [] : unnamedApp(findings);
	if (unnamed.length > 0) return unnamed;
	if (entry || start !== undefined || files.length === 0) return [];
	return [
		{
			code: 'no-entry',
			severity: 'fails',
			what: 'Nothing in the code is recognised as an app that a server could load.',
			means:
				'There is no Flask, Django, FastAPI or other WSGI or ASGI object at the top of a file, nor a factory for one.',
			next: 'Say what starts it: a target such as “shop:app”, or the command.',
		},
	];
}

function factoryNeedsArguments(entry: Entry, lacks: readonly string[], {tree, files}: Findings): Warning {
	const [module = '', factory = ''] = entry.target.split(':');
	const argument = productionArgument(entry, files);
	const [path, taken] = ['wsgi.py', tree.has('wsgi.py')];
	const lines = [
		`from ${module} import ${factory.replace('()', '')}`,
		'',
		`app = ${factory.replace('()', `(${argument ?? '…'})`)}`,
	];
	return {
		code: 'factory-needs-arguments',
		severity: 'fails',
		what: `${factory} wants arguments: ${enumerate(lacks)}.`,
		means: 'A server calls it without any.',
		next: `Add a wsgi.py with: ${lines.filter(Boolean).join('; ')}. Or give the arguments defaults.`,
		...(argument !== undefined &&
			!taken &&
			!entry.workingFolder && {
				remedy: {type: 'write-file', path, content: `${lines.join('\n')}\n`} satisfies Remedy,
			}),
		evidence: [`${entry.file}:${entry.line}`],
	};
}

export function developmentStart({tree, entry, django: project}: Findings): Warning[] {
	const web = statedStarts(tree).find(({process, where}) => process === 'web' && where !== 'Dockerfile');
	const server =
		web &&
		(developmentServer(web.command) ??
			(/^python\d?\s+(?!-m\s+(?:gunicorn|uvicorn|hypercorn|waitress))\S+\.py\s*$/.test(web.command) &&
			entry?.interface === 'wsgi'
				? 'the app’s own file'
				: undefined));
	if (!web || !server) return [];
	const better =
		project || entry
			? `boxwizard starts ${entry?.target ?? 'it'} with gunicorn instead.`
			: 'Name a production server such as gunicorn.';
	return [
		{
			code: 'development-server',
			severity: 'careful',
			what: `${web.where} starts a development server: ${server}.`,
			means: 'It takes one visitor at a time, may show its debugger to anyone, and is not made to stay up.',
			next: better,
			...(entry && {remedy: {type: 'answer', set: {entry: entry.target}} satisfies Remedy}),
			evidence: [`${web.where}  ${web.command}`],
		},
	];
}

/** gunicorn reads gunicorn.conf.py by itself. */
export function gunicornSettings({files}: Findings): Warning[] {
	const file = files.find(({path}) => path === 'gunicorn.conf.py');
	if (!file) return [];
	const sets = file.statements.flatMap(statement => (runsOnImport(statement) ? (assignment(statement) ?? []) : []));
	const value = (name: string) => sets.findLast(set => set.name === name)?.value;
	const line = (name: string) => file.statements.find(statement => assignment(statement)?.name === name)?.line ?? 1;
	if (is(value('daemon')?.[0], 'True'))
		return [
			{
				code: 'gunicorn-daemon',
				severity: 'careful',
				what: 'gunicorn.conf.py says daemon = True.',
				means:
					'gunicorn would leave whoever started it and go on by itself: it looks as if it had ended, and an old version keeps the port after a deploy.',
				next: 'Take the line out. boxwizard starts gunicorn with settings of its own either way.',
				remedy: {type: 'remove-line', path: 'gunicorn.conf.py', line: line('daemon')},
				evidence: [`gunicorn.conf.py:${line('daemon')}  daemon = True`],
			},
		];
	const fixed = ['bind', 'user', 'group', 'pidfile', 'errorlog', 'accesslog', 'chdir'].filter(name => {
		const text = textOf(value(name));
		return text !== undefined && text !== '-';
	});
	if (fixed.length === 0) return [];
	return [
		{
			code: 'gunicorn-settings',
			severity: 'careful',
			what: `gunicorn.conf.py sets ${enumerate(fixed)}.`,
			means: 'These are for another machine: boxwizard gives the port, the user and the logs itself.',
			next: 'Nothing has to be done: its own settings win. What else stands in the file is read.',
			evidence: fixed.map(name => `gunicorn.conf.py:${line(name)}  ${name} = ${textOf(value(name))}`),
		},
	];
}

export function schedulers({files}: Findings): Warning[] {
	const found = schedulerInside(files);
	if (!found) return [];
	return [
		{
			code: 'scheduler-inside',
			severity: 'careful',
			what: `${found.path}:${found.line} starts a scheduler inside the web app.`,
			means: 'A server runs several processes of the app, so each job would run that many times.',
			next: 'Run the app with one worker, or move the jobs into a file of their own that runs beside it.',
			remedy: {type: 'answer', set: {workers: '1'}},
			evidence: [`${found.path}:${found.line}`],
		},
	];
}
