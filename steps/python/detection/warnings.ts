import type {DetectedVariable, Remedy, Tree, Warning} from '../../../source/contract/detection.ts';
import {enumerate} from '../../reading/evidence.ts';
import {headersOf, isMain, runsOnImport} from '../../reading/python.ts';
import {callsIn, is, textOf} from '../../reading/tokens.ts';
import type {Dependencies} from './dependencies/dependencies.ts';
import {excluded, junk, missingIncludes, noDependencies, pins, versions} from './dependencies/dependencyWarnings.ts';
import {brokenFiles, keyedAddresses, lockBehind} from './dependencies/fileWarnings.ts';
import type {PythonVersion} from './dependencies/version.ts';
import type {Django} from './django.ts';
import type {OwnServer} from './entry/ownServer.ts';
import {pagesInFunction} from './entry/pages.ts';
import type {Migrations} from './migrations.ts';
import {type Entry, originOf, type PythonFile} from './project.ts';
import {ownPort, socketServer} from './serverWarnings.ts';
import {starletteCalls} from './starletteCalls.ts';
import {developmentStart, gunicornSettings, noEntry, schedulers} from './startWarnings.ts';
import {missingSettings} from './variables/missingSettings.ts';

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
	/** What listens by itself, where nothing can be loaded. */
	readonly own: OwnServer | undefined;
	readonly migrations: Migrations | undefined;
	/** Of all packages that it asks for or imports. */
	readonly names: ReadonlySet<string>;
	readonly variables: readonly DetectedVariable[];
};

/** What will go wrong, the worst first. */
export function pythonWarnings(findings: Findings): Warning[] {
	return [
		...template(findings),
		...brokenFiles(findings),
		...noDependencies(findings),
		...lockBehind(findings),
		...excluded(findings),
		...versions(findings),
		...junk(findings),
		...pins(findings),
		...missingIncludes(findings),
		...starletteCalls(findings),
		...keyedAddresses(findings),
		...encodings(findings),
		...heads(findings),
		...noEntry(findings),
		...pagesInFunction(findings),
		...missingSettings(findings),
		...developmentStart(findings),
		...tables(findings),
		...gunicornSettings(findings),
		...schedulers(findings),
		...socketServer(findings),
		...ownPort(findings),
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
			next: `Save it as UTF-8; in PowerShell: ${/requirements/.test(path) ? 'pip freeze' : `(Get-Content ${path})`} | Out-File -Encoding utf8 ${path}`,
			remedy: {type: 'write-file', path, content: tree.text(path) ?? ''},
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
			remedy: {type: 'command', command: `${migrations.tool === 'alembic' ? 'alembic' : 'flask db'} merge heads`},
			evidence: migrations.heads.map(head => `${migrations.folder}/versions: ${head}`),
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
	if (early && migrations && migrations.tool !== 'django' && migrations.tool !== 'command')
		return [
			{
				code: 'tables-before-migrations',
				severity: 'careful',
				what: `${early.file.path}:${early.statement.line} makes the tables as the app starts, and there are migrations too.`,
				means:
					'Whichever comes first wins: once the app has made the tables, the first migration stops at “table already exists”.',
				next: `Take create_all() out. Where the tables stand already, the database is to be marked with ${migrations.tool === 'alembic' ? 'alembic' : 'flask db'} stamp, not upgraded: that keeps its data.`,
				remedy: {type: 'remove-line', path: early.file.path, line: early.statement.line},
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
				remedy: {
					type: 'answer',
					set: {
						release: `python -c "from ${module} import ${object}, ${receiver}; ${object}.app_context().push(); ${receiver}.create_all()"`,
					},
				} satisfies Remedy,
			}),
			evidence: [`${scripted.file.path}:${scripted.statement.line}`],
		},
	];
}

export function django({django: project, files}: Findings): Warning[] {
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
