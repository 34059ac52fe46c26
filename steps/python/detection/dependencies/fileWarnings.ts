import type {Tree, Warning} from '../../../../source/contract/detection.ts';
import {enumerate} from '../../../reading/evidence.ts';
import {at, faultIn, listOf, readJson, readToml, tableOf, textAt} from '../../../reading/toml.ts';
import type {Findings} from '../warnings.ts';
import type {Manager} from './dependencies.ts';
import {ofProject, tabled} from './projectFile.ts';
import {normalName} from './requirements.ts';

const structured = ['pyproject.toml', 'Pipfile', 'uv.lock', 'poetry.lock', 'pdm.lock', 'Pipfile.lock'];

/** Files that name packages and can't be read: a merge that was not ended, or a slip of the pen. */
export function brokenFiles({tree, dependencies}: Pick<Findings, 'tree' | 'dependencies'>): Warning[] {
	return [...new Set([...structured, ...(dependencies?.files ?? [])])].flatMap(path => {
		const text = tree.text(path);
		if (text === undefined) return [];
		const conflict = text.split('\n').findIndex(line => /^(?:<{7}|>{7}) \S/.test(line)) + 1;
		if (conflict > 0)
			return [
				{
					code: 'merge-conflict',
					severity: 'fails',
					what: `${path} holds both sides of a merge that was not ended.`,
					means: 'No installer can read it.',
					next: `Keep one side in ${path} from line ${conflict} on, without the lines of < = and >, then commit and push.`,
					evidence: [`${path}:${conflict}  ${text.split('\n')[conflict - 1]}`],
				} satisfies Warning,
			];
		const fault = structured.includes(path) ? faultIn(path, text) : undefined;
		if (!fault) return [];
		return [
			{
				code: 'broken-file',
				severity: 'fails',
				what: `${path} can’t be read: ${fault.says}.`,
				means: 'What stands in it is known to no installer.',
				next: `Mend line ${fault.line} of ${path}, then commit and push.`,
				evidence: [`${path}:${fault.line}  ${text.split('\n')[fault.line - 1] ?? ''}`],
			} satisfies Warning,
		];
	});
}

/** Packages that were asked for after the lock file was written: they would not be installed. */
export function lockBehind({tree, dependencies}: Findings): Warning[] {
	const command = dependencies?.isLocked ? lockCommands[dependencies.manager] : undefined;
	if (!dependencies || command === undefined) return [];
	const locked = lockedNames(tree, dependencies.file);
	if (locked.size === 0) return [];
	const missing = askedFor(tree, dependencies.manager).filter(
		({name, marker, url}) => marker === undefined && url === undefined && !locked.has(name),
	);
	if (missing.length === 0) return [];
	const from = missing[0]?.where.path ?? '';
	return [
		{
			code: 'lock-behind',
			severity: 'fails',
			what: `${dependencies.file} lacks ${enumerate(
				missing.map(({written}) => written),
				6,
			)}, which ${from} asks for.`,
			means: 'What the lock file names is installed, and nothing else: the app would not find the rest.',
			next: `On your machine: ${command}, then commit and push ${dependencies.file}.`,
			remedy: {type: 'command', command},
			evidence: missing.slice(0, 3).map(({where}) => `${where.path}:${where.line}  ${where.text}`),
		},
	];
}

const lockCommands: Readonly<Partial<Record<Manager, string>>> = {
	uv: 'uv lock',
	poetry: 'poetry lock',
	pdm: 'pdm lock',
	pipenv: 'pipenv lock',
};

function askedFor(tree: Tree, manager: Manager) {
	if (manager !== 'pipenv') return ofProject(tree);
	const packages = Object.entries(tableOf(at(readToml(tree.text('Pipfile')), 'packages')) ?? {});
	return packages.map(([name, about]) => tabled(name, about, 'Pipfile', tree));
}

function lockedNames(tree: Tree, file: string): ReadonlySet<string> {
	const [place, path] = file.startsWith('../') ? [tree.above, file.slice(3)] : [tree, file];
	const text = place?.text(path);
	const names = path.endsWith('Pipfile.lock')
		? Object.keys(tableOf(readJson(text)?.default) ?? {})
		: listOf(readToml(text)?.package).map(entry => textAt(entry, 'name') ?? '');
	return new Set(names.map(normalName));
}

/** Packages from a repository that is opened by a key: the box has the app's own key alone. */
export function keyedAddresses({dependencies}: Findings): Warning[] {
	const keyed = (dependencies?.requirements ?? []).filter(({url}) =>
		/^(?:git\+)?ssh:|^git\+git@|^git@/.test(url ?? ''),
	);
	return keyed.map(({where, written, url = ''}) => {
		const to = where.text.replace(/(?:git\+)?ssh:\/\/(?:[\w.-]+@)?([\w.-]+)[:/]/, 'git+https://$1/');
		const isOfLine = where.text.includes(url) && to !== where.text && !/\.lock$/.test(where.path);
		return {
			code: 'keyed-address',
			severity: 'careful',
			what: `${written} is fetched by ssh, with a key.`,
			means: 'On the box there is the key of the app’s own repository alone, which opens no other.',
			next: isOfLine ? `If it is public, write: ${to}` : 'If it is public, name its address with https.',
			...(isOfLine &&
				/\.txt$|\.in$/.test(where.path) && {
					remedy: {type: 'change-line' as const, path: where.path, line: where.line, to},
				}),
			evidence: [`${where.path}:${where.line}  ${where.text}`],
		};
	});
}
