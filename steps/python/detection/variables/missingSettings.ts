import type {Warning} from '../../../../source/contract/detection.ts';
import {headersOf} from '../../../reading/python.ts';
import {is} from '../../../reading/tokens.ts';
import type {PythonFile} from '../project.ts';
import type {Findings} from '../warnings.ts';

const patterns = [
	/^((?:[^/]+\/)*)(\w+?)[._-](?:example|sample|template|dist|default)\.py$/,
	/^((?:[^/]+\/)*)(\w+)\.py[._-](?:example|sample|template|dist|default)$/,
];

/** A module with settings that the code imports, and of which only an example is committed: config.py beside config.example.py. */
export function missingSettings({tree, files}: Findings): Warning[] {
	return tree.paths.flatMap((example): Warning[] => {
		const [, folder = '', name] = patterns.map(pattern => pattern.exec(example)).find(Boolean) ?? [];
		if (name === undefined || /(?:^|\/)(?:tests?|docs?|examples?)\//.test(example)) return [];
		const path = `${folder}${name}.py`;
		if (tree.has(path) || tree.has(`${folder}${name}/__init__.py`)) return [];
		const where = files
			.filter(file => tree.text(file.path)?.includes(name))
			.map(file => placeOfImport(file, folder, name))
			.find(place => place !== undefined);
		if (where === undefined) return [];
		return [
			{
				code: 'missing-settings-file',
				severity: 'fails',
				what: `${where} imports ${path}, and the repository has only ${example}.`,
				means:
					'Each machine is meant to have a file of its own there. A new release is a new folder without it, so the app would not start.',
				next: `Copy ${example} to ${path}, let it read what differs from environment variables, and commit it.`,
				evidence: [where, example],
			},
		];
	});
}

/** Where a file imports that module, and would fail without it. */
function placeOfImport(file: PythonFile, folder: string, name: string): string | undefined {
	const module = `${folder.replaceAll('/', '.')}${name}`;
	const statement = file.statements.find(one => {
		const {tokens} = one;
		if (headersOf(one).some(({tokens: [word]}) => is(word, 'try') || is(word, 'if') || is(word, 'with'))) return false;
		if (tokens.some(({type, text}) => type === 'string' && text.includes('.') && module.endsWith(text))) return true;
		const isImport = is(tokens[0], 'from') || is(tokens[0], 'import');
		if (!isImport) return false;
		const words = tokens.map(({text}) => text).join(' ');
		const dotted = words.replaceAll(' . ', '.');
		return (
			(folder === '' && new RegExp(`^(?:from|import) ${name}\\b`).test(dotted)) ||
			(folder !== '' && new RegExp(`\\b${module.split('.').slice(-2).join('\\.')}\\b`).test(dotted)) ||
			(isBeside(file, folder) && new RegExp(`^from \\. ?(?:import (?:.* )?)?${name}\\b`).test(words))
		);
	});
	return statement && `${file.path}:${statement.line}`;
}

function isBeside(file: PythonFile, folder: string): boolean {
	return file.path.slice(0, file.path.lastIndexOf('/') + 1) === folder;
}
