import type {Tree} from '../../../../source/contract/detection.ts';
import {lineOf} from '../../../reading/evidence.ts';
import {at, readToml, tableOf, textAt, textsOf} from '../../../reading/toml.ts';
import {normalName, parseRequirement, type Requirement, readRequirements} from './requirements.ts';

export const pyprojectOf = (tree: Tree) => readToml(tree.text('pyproject.toml'));

/** What pyproject.toml asks for itself: [project], or poetry's table; groups for development are left out. */
export function ofProject(tree: Tree): Requirement[] {
	const table = pyprojectOf(tree);
	const standard = textsOf(at(table, 'project', 'dependencies')).flatMap(line => placed(line, 'pyproject.toml', tree));
	const poetry = Object.entries(tableOf(at(table, 'tool', 'poetry', 'dependencies')) ?? {})
		.filter(([name, about]) => name !== 'python' && at(about, 'optional') !== true)
		.map(([name, about]) => tabled(name, about, 'pyproject.toml', tree));
	const dynamic = textsOf(at(table, 'project', 'dynamic')).includes('dependencies')
		? [at(table, 'tool', 'setuptools', 'dynamic', 'dependencies', 'file')]
				.flat()
				.filter(file => typeof file === 'string')
		: [];
	return [...standard, ...poetry, ...dynamic.flatMap(file => readRequirements(tree, file).requirements)];
}

/** A line of requirements that stands in a file of another sort. */
export function placed(line: string, path: string, tree: Tree): Requirement[] {
	const requirement = parseRequirement(line);
	const name = requirement?.written ?? '';
	return requirement
		? [
				{
					...requirement,
					where: {
						path,
						line: lineOf(tree.text(path) ?? '', new RegExp(`["'\\s-]${name.replaceAll('.', '\\.')}\\b`)),
						text: line,
					},
				},
			]
		: [];
}

/** A package as poetry's and pipenv's tables name it: "^1.0", or {version, extras, markers, git}. */
export function tabled(name: string, about: unknown, path: string, tree: Tree): Requirement {
	const version = typeof about === 'string' ? about : (textAt(about, 'version') ?? '');
	const marker = textAt(about, 'markers');
	const url = textAt(about, 'git') ?? textAt(about, 'url') ?? textAt(about, 'path') ?? textAt(about, 'file');
	return {
		name: normalName(name),
		written: name,
		extras: textsOf(at(about, 'extras')),
		specifier: version === '*' ? '' : version.replaceAll(' ', ''),
		...(marker && {marker}),
		...(url && {url}),
		where: {
			path,
			line: lineOf(tree.text(path) ?? '', new RegExp(`^\\s*"?${name.replaceAll('.', '\\.')}"?\\s*[=:]`, 'm')),
			text: `${name} ${version}`.trim(),
		},
	};
}
