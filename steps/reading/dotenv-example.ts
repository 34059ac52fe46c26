import type {Tree} from '../../source/contract/detection.ts';
import {parseDotenv} from './dotenv.ts';
import type {Reading} from './variables.ts';

const examples =
	/^(?:[^/]*\/)?(?:\.?env[.\-_](?:example|sample|template|dist|tpl|default|defaults|tmpl|production\.example|prod\.example|example\.txt)|(?:example|sample|template|default)\.env|\.env\.[\w-]+\.(?:example|sample|template)|dotenv\.(?:example|sample)|env\.(?:example|sample)|\.env-example|\.env_example|\.envexample)$/i;

/** Files that show which variables an app takes: .env.example and its like, at the top or one folder down. */
export function exampleFiles(tree: Tree): string[] {
	return tree.paths.filter(path => examples.test(path));
}

/** The variables that example files name. A value that is plainly a placeholder counts as none. */
export function exampleReadings(tree: Tree): Reading[] {
	return exampleFiles(tree).flatMap(path => {
		const lines = (tree.text(path) ?? '').split('\n');
		return lines.flatMap((line, index) => {
			const [variable] = parseDotenv(line).variables;
			if (!variable) return [];
			const isPlaceholder =
				variable.value === '' ||
				/^(?:<.*>|\[.*\]|\{.*\}|x{3,}|\.\.\.|change[-_ ]?me.*|your[-_ ].*|todo|replace.*)$/i.test(variable.value);
			return [
				{
					name: variable.name,
					required: false,
					where: `${path}:${index + 1}`,
					...(!isPlaceholder && {default: variable.value}),
				},
			];
		});
	});
}
