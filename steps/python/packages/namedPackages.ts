import type {Tree} from '../../../source/contract/detection.ts';
import {readDependencies} from '../detection/dependencies/dependencies.ts';
import type {Requirement} from '../detection/dependencies/requirements.ts';

/** What a release names its packages in. */
export type NamedPackages = {
	/** '' where there is none. */
	readonly file: string;
	/** Requirements files, with those that they include. */
	readonly files: readonly string[];
	/** Of a lock file, what the project itself asks for. */
	readonly requirements: readonly Requirement[];
	/** Whether the project is a package itself, which is installed too. */
	readonly isProject: boolean;
	/** Whether it is poetry's pyproject.toml without its lock file, which nobody else reads. */
	readonly isPoetry: boolean;
};

/** @param given the answer `dependencyFile` */
export function namedPackages(tree: Tree | undefined, given: string): NamedPackages {
	const read = tree && readDependencies(tree, given);
	if (read === undefined) return {file: given, files: [], requirements: [], isProject: false, isPoetry: false};
	const {file, files, requirements, isProject, manager} = read;
	return {file, files, requirements, isProject, isPoetry: file === 'pyproject.toml' && manager === 'poetry'};
}
