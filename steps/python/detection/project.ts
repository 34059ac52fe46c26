import type {Tree} from '../../../source/contract/detection.ts';
import {type Imports, importsOf, readPython, type Statement} from '../../reading/python.ts';

/** One Python file of the app itself. */
export type PythonFile = {
	readonly path: string;
	/** As it is imported from the app's folder: 'shop.models'; of a package's __init__ the package. */
	readonly module: string;
	readonly statements: readonly Statement[];
	readonly imports: Imports;
};

/** More files are not read: the nearest to the top come first. */
const mostFiles = 500;
/** Nor more text than this. */
const mostCharacters = 5_000_000;

/** Files that say nothing of how the app runs. Bottle is one file, which many bring along. */
const aside =
	/(?:^|\/)(?:tests?|testing|spec|specs|docs?|examples?|samples?|demos?|bench|benchmarks?|node_modules|site-packages|\.?venv|env|virtualenv|__pycache__|build|dist|vendor|third_party|fixtures|notebooks?|\.github|\.circleci|cookiecutter|templates|e2e|playwright|integration_tests|management\/commands|locale)\/|\{\{|(?:^|\/)(?:migrations|versions)\/(?!env\.py)|(?:^|\/)(?:test_[^/]*|[^/]*_tests?|tests|conftest|noxfile|fabfile|tasks_dev|docs_conf|bottle)\.py$/i;

/** The Python files that make up the app, nearest to the top first, and what they hold. */
export function readPythonFiles(tree: Tree): PythonFile[] {
	const depth = (path: string) => path.split('/').length;
	let characters = 0;
	return tree.paths
		.filter(path => path.endsWith('.py') && !aside.test(path))
		.sort((one, other) => depth(one) - depth(other) || (one < other ? -1 : 1))
		.slice(0, mostFiles)
		.flatMap(path => {
			const text = tree.text(path);
			if (text === undefined || characters > mostCharacters) return [];
			characters += text.length;
			const statements = readPython(text);
			return [{path, module: moduleOf(path), statements, imports: importsOf(statements)}];
		});
}

/** 'shop/__init__.py' → 'shop', 'app/main.py' → 'app.main'. */
export function moduleOf(path: string): string {
	return path
		.replace(/(?:^|\/)__init__\.py$/, '')
		.replace(/\.py$/, '')
		.replaceAll('/', '.');
}

/** Where a name in a file comes from, dotted: of `from os import environ`, 'environ.get' is 'os.environ.get'. */
export function originOf(file: Pick<PythonFile, 'imports'>, name: string): string {
	const dot = name.indexOf('.');
	const first = dot === -1 ? name : name.slice(0, dot);
	const origin = file.imports.get(first);
	return origin === undefined ? name : dot === -1 ? origin : origin + name.slice(dot);
}

/** A migration is made by a tool and reads no settings. */
export function isMigration(path: string): boolean {
	return /(?:^|\/)(?:migrations|alembic|versions)\//.test(path);
}

export type Interface = 'wsgi' | 'asgi';

/** Something a server can load. */
export type Entry = {
	/** 'shop:create_app()' */
	readonly target: string;
	readonly file: string;
	readonly line: number;
	readonly interface: Interface;
	readonly framework?: string;
	/** The folder in which it has to be started, relative to the app's. */
	readonly workingFolder?: string;
	/** How sure it is: only compared. */
	readonly weight: number;
	/** What says so: 'app.py:3 makes a Flask app'. */
	readonly because: string;
	/** Arguments of a factory that have no default: it can't be called as it is. */
	readonly lacks?: readonly string[];
};
