import type {Remedy, Tree, Warning} from '../../../../source/contract/detection.ts';
import {enumerate} from '../../../reading/evidence.ts';
import {importedModules} from '../../../reading/python.ts';
import type {Entry, PythonFile} from '../project.ts';
import type {Findings} from '../warnings.ts';
import {brokenFiles} from './fileWarnings.ts';
import {findJunk, type Junk} from './frozenElsewhere.ts';
import {distributions} from './markers.ts';
import {builtinModules, packagesOfModules} from './modules.ts';
import {findBadPins} from './pins.ts';
import {isAllExcluded, likelyPython} from './version.ts';

export function noDependencies({tree, files, dependencies, entry}: Findings): Warning[] {
	if (dependencies && (dependencies.requirements.length > 0 || dependencies.isLocked || dependencies.isUnknown))
		return [];
	if (brokenFiles({tree, dependencies}).length > 0) return [];
	const imported = importedPackages(tree, files, entry);
	if (dependencies && imported.length === 0) return [];
	const isList = dependencies === undefined || dependencies.files.length > 0;
	if (!isList) return [namesNone(dependencies, imported)];
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
				remedy: {type: 'write-file', path: dependencies?.file ?? 'requirements.txt', content} satisfies Remedy,
			}),
		},
	];
}

/** A project file without packages, though the code imports some: they stand among its extras or groups, or nowhere. */
function namesNone({file}: {readonly file: string}, imported: readonly string[]): Warning {
	const isProject = file === 'pyproject.toml';
	return {
		code: 'empty-dependency-file',
		severity: 'fails',
		what: `${file} names no package that the app needs.`,
		means: `Nothing would be installed, and the app would not start. The code imports ${enumerate(imported, 8)}.`,
		next: isProject
			? `Name them in [project]: dependencies = [${imported.map(name => `"${name}"`).join(', ')}]. What stands in optional-dependencies or a group is not installed.`
			: `Name them in ${file}, with the versions that you have on your machine.`,
	};
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

export function excluded({dependencies, version}: Findings): Warning[] {
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
			next: `boxwizard brings a Python ${version.asked} by uv where the box reaches its downloads. Else take a box that has one.`,
			remedy: {type: 'answer', set: {version: version.asked}},
			evidence: requirements.slice(0, 2).map(({where}) => `${where.path}:${where.line}  ${where.text}`),
		},
	];
}

export function versions({version}: Findings): Warning[] {
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
			...(!isOld &&
				version.from === '.python-version' && {
					remedy: {type: 'change-line', path: version.from, line: 1, to: '3.12'} satisfies Remedy,
				}),
			evidence: [`${version.from}: ${version.asked}`],
		},
	];
}

export function junk({tree, dependencies}: Findings): Warning[] {
	// A lock file names what other systems need as well.
	if (dependencies?.isLocked && dependencies.manager !== 'pip') return [];
	const byFile = Map.groupBy(findJunk(dependencies?.requirements ?? []), ({requirement}) => requirement.where.path);
	return [...byFile].map(([path, found]) => frozen(path, found, tree));
}

/** One file that was frozen on a machine of another sort, with all the lines that show it. */
function frozen(path: string, found: readonly Junk[], tree: Tree): Warning {
	const [first] = found;
	if (found.length === 1 && first) return frozenLine(first);
	const kept = found.filter(({requirement}) => requirement.url !== undefined);
	const out = found.filter(({requirement}) => requirement.url === undefined);
	const linesOf = (some: readonly Junk[]) =>
		enumerate(
			some.map(({requirement}) => String(requirement.where.line)),
			12,
		);
	const words = [
		...(out.length > 0 ? [`take line ${linesOf(out)} out`] : []),
		...(kept.length > 0 ? [`in line ${linesOf(kept)}, write the name with its version instead of the folder`] : []),
	].join('; ');
	const lines = (tree.text(path) ?? '').split('\n');
	const isWhole = found.every(({requirement}) => !lines[requirement.where.line - 1]?.endsWith('\\'));
	const byLine = new Map(found.map(({requirement}) => [requirement.where.line, requirement]));
	const content = lines.flatMap((line, index) => {
		const requirement = byLine.get(index + 1);
		return requirement === undefined ? [line] : requirement.url === undefined ? [] : [requirement.written];
	});
	return {
		code: 'frozen-elsewhere',
		severity: 'fails',
		what: `${path} was frozen on ${enumerate([...new Set(found.map(({from}) => from))])}: ${found.length} lines are for that machine alone.`,
		means: `${enumerate(
			found.map(({requirement}) => requirement.written),
			6,
		)} can’t be installed here, and with them nothing else of the file is.`,
		next: `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`,
		...(isWhole && {remedy: {type: 'write-file', path, content: content.join('\n')} satisfies Remedy}),
		evidence: found.slice(0, 5).map(({requirement: {where}}) => `${where.path}:${where.line}  ${where.text}`),
	};
}

function frozenLine({requirement, from, why}: Junk): Warning {
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
		remedy: isFile
			? {type: 'change-line', path: where.path, line: where.line, to: written}
			: {type: 'remove-line', path: where.path, line: where.line},
		evidence: [`${where.path}:${where.line}  ${where.text}`],
	};
}

export function pins({dependencies, version}: Findings): Warning[] {
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
				...(canMend && {remedy: {type: 'change-line', path: where.path, line: where.line, to} satisfies Remedy}),
				evidence: [`${where.path}:${where.line}  ${where.text}`],
			} satisfies Warning;
		},
	);
}

export function missingIncludes({dependencies}: Findings): Warning[] {
	return (dependencies?.missing ?? []).map(({path, where}) => ({
		code: 'missing-include',
		severity: 'fails',
		what: `${where} includes ${path}, which is not in the repository.`,
		means: 'The installer stops there.',
		next: 'Commit that file, or take the line out.',
		evidence: [where],
	}));
}
