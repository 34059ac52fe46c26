import type {Mend, Tree, Warning} from '../../../source/contract/detection.ts';
import {developmentServer, statedStarts} from '../../reading/commands.ts';
import {enumerate} from '../../reading/evidence.ts';
import {assignment, headersOf, importedModules, isMain, runsOnImport} from '../../reading/python.ts';
import {callsIn, is, textOf} from '../../reading/tokens.ts';
import type {Dependencies} from './dependencies.ts';
import type {Django} from './django.ts';
import type {Entry} from './entry.ts';
import {distributions} from './markers.ts';
import type {Migrations} from './migrations.ts';
import {builtinModules, packagesOfModules} from './modules.ts';
import {findBadPins, findJunk} from './pins.ts';
import {schedulerInside} from './processes.ts';
import {originOf, type PythonFile} from './project.ts';
import {isAllExcluded, likelyPython, type PythonVersion} from './version.ts';

/** All that was read of a Python app. */
export type Findings = {
	readonly tree: Tree;
	readonly files: readonly PythonFile[];
	readonly dependencies: Dependencies | undefined;
	readonly version: PythonVersion | undefined;
	readonly entry: Entry | undefined;
	readonly django: Django | undefined;
	/** The command that starts its web server, where the repository or its framework says one. */
	readonly start: string | undefined;
	readonly migrations: Migrations | undefined;
};

/** What will go wrong, the worst first. */
export function pythonWarnings(findings: Findings): Warning[] {
	return [
		...template(findings),
		...noDependencies(findings),
		...excluded(findings),
		...versions(findings),
		...junk(findings),
		...pins(findings),
		...missingIncludes(findings),
		...encodings(findings),
		...heads(findings),
		...noEntry(findings),
		...developmentStart(findings),
		...tables(findings),
		...gunicornSettings(findings),
		...schedulers(findings),
		...django(findings),
	];
}

/** A repository that others are made from, and no app itself. */
function template({tree}: Findings): Warning[] {
	const mark = ['cookiecutter.json', 'copier.yml', 'copier.yaml'].find(path => tree.has(path));
	if (!mark) return [];
	return [
		{
			code: 'template',
			severity: 'fails',
			what: `${mark} says that this is a template for apps.`,
			means: 'Its files have gaps that are filled in when an app is made of it.',
			next: `Make an app of it first, with ${mark.startsWith('copier') ? 'copier' : 'cookiecutter'}, and name that one’s folder.`,
			evidence: [mark],
		},
	];
}

function noDependencies({tree, files, dependencies, entry}: Findings): Warning[] {
	if (dependencies && (dependencies.requirements.length > 0 || dependencies.files.length === 0)) return [];
	const imported = importedPackages(tree, files, entry);
	if (dependencies && imported.length === 0) return [];
	const content = `${imported.join('\n')}\n`;
	const named = imported.length > 0 ? ` The code imports ${enumerate(imported, 8)}.` : '';
	return [
		{
			code: dependencies ? 'empty-dependency-file' : 'no-dependency-file',
			severity: 'fails',
			what: dependencies
				? `${dependencies.file} names no package.`
				: 'No file says which Python packages the app needs.',
			means: `There is neither a requirements.txt nor a pyproject.toml, Pipfile or lock file with anything in it, so nothing would be installed and the app would not start.${named}`,
			next:
				imported.length > 0
					? 'Commit these as requirements.txt, with the versions that you have on your machine.'
					: 'On your machine: pip freeze > requirements.txt, then commit and push.',
			...(imported.length > 0 && {
				mend: {type: 'write-file', path: dependencies?.file ?? 'requirements.txt', content} satisfies Mend,
			}),
		},
	];
}

/** The packages of what the app's files import, leaving out Python's own modules and the app's. */
export function importedPackages(tree: Tree, files: readonly PythonFile[], entry: Entry | undefined): string[] {
	const own = new Set(tree.paths.flatMap(path => path.split('/').map(part => part.replace(/\.py$/, ''))));
	const used = files.filter(({path}) => path !== 'setup.py').flatMap(({statements}) => importedModules(statements));
	const names = [...new Set(used)].filter(name => !builtinModules.has(name) && !own.has(name) && !name.startsWith('_'));
	const packages = names.map(name => packagesOfModules[name] ?? name.replaceAll('_', '-'));
	const framework =
		entry?.framework && !packages.some(name => name.toLowerCase() === entry.framework?.toLowerCase()) ? [] : [];
	return [...new Set([...packages, ...framework])].sort((one, other) =>
		one.toLowerCase() < other.toLowerCase() ? -1 : 1,
	);
}

function excluded({dependencies, version}: Findings): Warning[] {
	const requirements = dependencies?.requirements ?? [];
	const marked = requirements.filter(({marker}) => marker !== undefined);
	if (isAllExcluded(requirements))
		return [
			{
				code: 'all-excluded',
				severity: 'fails',
				what: `Every line of ${dependencies?.file} stands under a marker that no Linux box meets.`,
				means: 'The installer would report success and have installed nothing.',
				next: 'Take the markers off, or make the file anew on a Linux machine.',
				evidence: requirements.slice(0, 3).map(({where}) => `${where.path}:${where.line}  ${where.text}`),
			},
		];
	if (
		requirements.length === 0 ||
		marked.length < requirements.length ||
		!version ||
		version.from !== dependencies?.file
	)
		return [];
	const lacking = Object.entries(distributions).filter(([python]) => !version.fitting.includes(python));
	if (lacking.length === 0) return [];
	return [
		{
			code: 'markers-need-python',
			severity: 'careful',
			what: `Every line of ${dependencies.file} is for Python ${version.asked.replace('>=', '')} or newer.`,
			means: `With an older one (${enumerate(lacking.map(([python, name]) => `${name} has ${python}`))}) the installer would leave all of them out and still report success.`,
			next: `The app needs a Python ${version.asked}: boxwizard has to bring one where the box has an older one.`,
			mend: {type: 'answer', set: {version: version.asked}},
			evidence: requirements.slice(0, 2).map(({where}) => `${where.path}:${where.line}  ${where.text}`),
		},
	];
}

function versions({version}: Findings): Warning[] {
	if (!version || version.fitting.length > 0) return [];
	if (version.from === 'Dockerfile')
		return [
			{
				code: 'written-for-old-python',
				severity: 'careful',
				what: `The Dockerfile takes Python ${version.asked}.`,
				means: 'Neither Debian, Ubuntu nor uv has it ready-made, so the app would run on a newer one.',
				next: 'Try it on your machine with Python 3.11 or newer first.',
				evidence: [`Dockerfile: python:${version.asked}`],
			},
		];
	const isOld = /^\D*(?:2|3\.[0-7])(?:\.|$|\D)/.test(version.asked);
	return [
		{
			code: 'python-not-to-be-had',
			severity: 'fails',
			what: `${version.from} asks for Python ${version.asked}, which a box can’t have.`,
			means: isOld
				? 'It has had no security updates for years, and neither Debian, Ubuntu nor uv has it ready-made.'
				: 'Neither Debian, Ubuntu nor uv has such a version ready-made.',
			next: isOld
				? `Bring the app to Python 3.11 or newer, and say so in ${version.from}.`
				: `Name a version in ${version.from} that exists, such as 3.12.`,
			evidence: [`${version.from}: ${version.asked}`],
		},
	];
}

function junk({dependencies}: Findings): Warning[] {
	// A lock file names what other systems need as well.
	if (dependencies?.isLocked && dependencies.manager !== 'pip') return [];
	return findJunk(dependencies?.requirements ?? []).map(({requirement, from, why}) => {
		const {where, written, url, specifier} = requirement;
		const isFile = url !== undefined;
		return {
			code: 'frozen-elsewhere',
			severity: 'fails',
			what: `${where.path} was frozen on ${from}: ${written} ${why}.`,
			means: 'Here it can’t be installed, and with it nothing else of the file is.',
			next: isFile
				? `Line ${where.line}: write ${written}, with its version, instead.`
				: `Take line ${where.line} out${/Windows/.test(from) ? `, or write: ${written}${specifier} ; sys_platform == "win32"` : ''}.`,
			mend: isFile
				? {type: 'change-line', path: where.path, line: where.line, to: written}
				: {type: 'remove-line', path: where.path, line: where.line},
			evidence: [`${where.path}:${where.line}  ${where.text}`],
		} satisfies Warning;
	});
}

function pins({dependencies, version}: Findings): Warning[] {
	return findBadPins(dependencies?.requirements ?? [], likelyPython(version)).map(
		({requirement, why, next, severity, to}) => {
			const {where, written, specifier} = requirement;
			const canMend = to !== undefined && !/\.lock$/.test(where.path) && dependencies?.manager === 'pip';
			return {
				code: 'bad-pin',
				severity,
				what: `${written} ${specifier.replace(/^==/, '')} won’t work on Python ${likelyPython(version)}.`.replace(
					'  ',
					' ',
				),
				means: why,
				next,
				...(canMend && {mend: {type: 'change-line', path: where.path, line: where.line, to} satisfies Mend}),
				evidence: [`${where.path}:${where.line}  ${where.text}`],
			} satisfies Warning;
		},
	);
}

function missingIncludes({dependencies}: Findings): Warning[] {
	return (dependencies?.missing ?? []).map(({path, where}) => ({
		code: 'missing-include',
		severity: 'fails',
		what: `${where} includes ${path}, which is not in the repository.`,
		means: 'The installer stops there.',
		next: 'Commit that file, or take the line out.',
		evidence: [where],
	}));
}

function encodings({tree, dependencies}: Findings): Warning[] {
	const candidates = [
		...new Set([
			...(dependencies?.files ?? []),
			dependencies?.file ?? '',
			'pyproject.toml',
			'Procfile',
			'.env',
			'.flaskenv',
			'runtime.txt',
			'.python-version',
		]),
	];
	return candidates
		.filter(path => tree.encoding(path)?.startsWith('utf-16'))
		.map(path => ({
			code: 'utf-16',
			severity: 'fails',
			what: `${path} is written in UTF-16, as PowerShell’s > writes it.`,
			means: 'Most tools read it as nothing, or stop at its first byte.',
			next: `Save it as UTF-8; in PowerShell: pip freeze | Out-File -Encoding utf8 ${path}`,
			mend: {type: 'write-file', path, content: tree.text(path) ?? ''},
			evidence: [path],
		}));
}

function heads({migrations}: Findings): Warning[] {
	if (!migrations || migrations.heads.length < 2) return [];
	return [
		{
			code: 'two-heads',
			severity: 'fails',
			what: `The migrations have ${migrations.heads.length} heads: ${enumerate(migrations.heads)}.`,
			means:
				'alembic refuses to upgrade to “the” head, so a deploy would stop before the switch. The version before runs on.',
			next: `On your machine: ${migrations.tool === 'alembic' ? 'alembic' : 'flask db'} merge heads, then commit and push the new file.`,
			mend: {type: 'command', command: `${migrations.tool === 'alembic' ? 'alembic' : 'flask db'} merge heads`},
			evidence: migrations.heads.map(head => `${migrations.folder}/versions: ${head}`),
		},
	];
}

function noEntry({entry, start, files, django: project}: Findings): Warning[] {
	if (project) return [];
	if (entry?.lacks && entry.lacks.length > 0)
		return [
			{
				code: 'factory-needs-arguments',
				severity: 'fails',
				what: `${entry.target.split(':')[1]} wants arguments: ${enumerate(entry.lacks)}.`,
				means: 'A server calls it without any.',
				next: `Add a wsgi.py with: from ${entry.target.split(':')[0]} import ${entry.target.split(':')[1]?.replace('()', '')}; app = ${entry.target.split(':')[1]?.replace('()', '(…)')}. Or give the arguments defaults.`,
				evidence: [`${entry.file}:${entry.line}`],
			},
		];
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

function developmentStart({tree, entry, django: project}: Findings): Warning[] {
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
			...(entry && {mend: {type: 'answer', set: {entry: entry.target}} satisfies Mend}),
			evidence: [`${web.where}  ${web.command}`],
		},
	];
}

/** db.create_all(): where it runs decides whether there are tables at all, and whether migrations meet them. */
function tables({files, migrations, entry}: Findings): Warning[] {
	const calls = files.flatMap(file =>
		file.statements.flatMap(statement =>
			callsIn(statement.tokens).some(({name}) => /(?:^|\.)(?:create_all|create_tables)$/.test(name))
				? [{file, statement}]
				: [],
		),
	);
	const atImport = calls.find(({statement}) => runsOnImport(statement));
	const inFactory = calls.find(({statement}) =>
		headersOf(statement).some(
			({tokens}) => is(tokens[0], 'def') && /^(?:create|make)_?app/.test(tokens[1]?.text ?? ''),
		),
	);
	const early = atImport ?? inFactory;
	if (early && migrations && migrations.tool !== 'django')
		return [
			{
				code: 'tables-before-migrations',
				severity: 'careful',
				what: `${early.file.path}:${early.statement.line} makes the tables as the app starts, and there are migrations too.`,
				means:
					'Whichever comes first wins: once the app has made the tables, the first migration stops at “table already exists”.',
				next: `Take create_all() out. Where the tables stand already, the database is to be marked with ${migrations.tool === 'alembic' ? 'alembic' : 'flask db'} stamp, not upgraded: that keeps its data.`,
				mend: {type: 'remove-line', path: early.file.path, line: early.statement.line},
				evidence: [`${early.file.path}:${early.statement.line}`],
			},
		];
	const scripted = calls.find(({statement}) => headersOf(statement).some(isMain));
	if (early || !scripted || migrations) return [];
	const [module = '', object = 'app'] = entry?.target.split(':') ?? [];
	const receiver =
		callsIn(scripted.statement.tokens)
			.find(({name}) => name.endsWith('.create_all'))
			?.name.replace(/\.create_all$/, '') ?? 'db';
	const isSimple = module !== '' && !object.includes('(') && !receiver.includes('.');
	return [
		{
			code: 'tables-only-as-script',
			severity: 'fails',
			what: `${scripted.file.path}:${scripted.statement.line} makes the tables only where the file is run as a script.`,
			means: 'A server imports it instead, so there would be no tables, and every page that asks for them fails.',
			next: 'Move create_all() out of the “if __name__ == "__main__"” block, or let it run once for each release.',
			...(isSimple && {
				mend: {
					type: 'answer',
					set: {
						release: `python -c "from ${module} import ${object}, ${receiver}; ${object}.app_context().push(); ${receiver}.create_all()"`,
					},
				} satisfies Mend,
			}),
			evidence: [`${scripted.file.path}:${scripted.statement.line}`],
		},
	];
}

/** gunicorn reads gunicorn.conf.py by itself. */
function gunicornSettings({files}: Findings): Warning[] {
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
				mend: {type: 'remove-line', path: 'gunicorn.conf.py', line: line('daemon')},
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

function schedulers({files}: Findings): Warning[] {
	const found = schedulerInside(files);
	if (!found) return [];
	return [
		{
			code: 'scheduler-inside',
			severity: 'careful',
			what: `${found.path}:${found.line} starts a scheduler inside the web app.`,
			means: 'A server runs several processes of the app, so each job would run that many times.',
			next: 'Run the app with one worker, or move the jobs into a file of their own that runs beside it.',
			mend: {type: 'answer', set: {workers: '1'}},
			evidence: [`${found.path}:${found.line}`],
		},
	];
}

function django({django: project, files}: Findings): Warning[] {
	if (!project) return [];
	const usesStatic = files.some(({statements}) =>
		statements.some(({tokens}) => tokens.some(({text}) => text === 'django.contrib.staticfiles')),
	);
	return [
		...(usesStatic && !project.hasStaticRoot
			? [
					{
						code: 'no-static-root',
						severity: 'careful',
						what: 'The settings have no STATIC_ROOT.',
						means:
							'collectstatic has nowhere to put the files, and without it the admin’s pages come without their styles.',
						next: 'Add to the settings: STATIC_ROOT = BASE_DIR / "staticfiles"',
					} satisfies Warning,
				]
			: []),
		...(project.allowedHosts === 'fixed' && !originUsed(project)
			? [
					{
						code: 'fixed-allowed-hosts',
						severity: 'careful',
						what: 'ALLOWED_HOSTS is written into the settings.',
						means:
							'Django answers “Bad Request (400)” for any other name, your domain included, unless it stands there.',
						next: 'Add your domain to ALLOWED_HOSTS, or read it from a variable: os.environ["ALLOWED_HOSTS"].split(",")',
					} satisfies Warning,
				]
			: []),
	];
}

/** Another of its settings files reads the hosts from the environment. */
function originUsed(project: Django): boolean {
	return project.files.some(file =>
		file.statements.some(({tokens}) =>
			callsIn(tokens).some(
				({name, positional}) =>
					/environ|getenv|config|env/.test(originOf(file, name)) && /HOSTS?$/.test(textOf(positional[0]) ?? ''),
			),
		),
	);
}
