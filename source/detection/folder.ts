import {closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, realpathSync, statSync} from 'node:fs';
import {basename, join, relative, sep} from 'node:path';
import type {Tree, TreeNote} from '../contract/detection.ts';
import {Trouble} from '../contract/trouble.ts';
import {readLimit} from './decode.ts';
import {readGitFolder} from './git-folder.ts';
import {cleanName, isOddName, mostFiles, treeOf} from './tree.ts';

/** Folders that hold what was installed or built, never what an app is made of: looked into only where git tracks them. */
const made = new Set([
	'.git',
	'.hg',
	'.svn',
	'node_modules',
	'bower_components',
	'venv',
	'.venv',
	'__pycache__',
	'.tox',
	'.nox',
	'.mypy_cache',
	'.pytest_cache',
	'.ruff_cache',
	'.next',
	'.nuxt',
	'.svelte-kit',
	'.elixir_ls',
	'_build',
	'deps',
	'.cache',
	'.idea',
	'.vscode',
]);

type Found = {readonly paths: string[]; readonly notes: TreeNote[]};

/**
 * A folder's files, read where they lie. What git tracks there counts alone, where git tracks anything: that is what a clone
 * on the box would have. No link leads out of the folder, and no program runs, git neither.
 * @throws Trouble where there is no such folder
 */
export function readFolder(folder: string): Tree {
	const root = realFolder(folder);
	const tracked = readGitFolder(root)?.tracked;
	const {paths, notes} = tracked ? keepTracked(root, tracked) : listFiles(root, made);
	return treeOf(basename(root), paths, path => readBounded(root, path), notes);
}

function realFolder(folder: string): string {
	try {
		const root = realpathSync(folder);
		if (statSync(root).isDirectory()) return root;
	} catch {
		// Told below.
	}

	throw new Trouble({
		what: `There is no folder ${folder}.`,
		means: 'Nothing could be read.',
		next: 'Name a folder on this machine, or the address of a git repository.',
		code: 'no-folder',
	});
}

/** What git tracks and is there, and a note for files beside it that would matter. */
function keepTracked(root: string, tracked: ReadonlySet<string>): Found {
	const {paths, notes} = listFiles(root, new Set(['.git', 'node_modules', 'venv', '.venv']), tracked);
	const untracked = paths
		.filter(
			path =>
				!tracked.has(path) &&
				/^(?:[^/]*requirements[^/]*\.txt|pyproject\.toml|Procfile|package\.json|wsgi\.py|mix\.exs)$/.test(path),
		)
		.map((path): TreeNote => ({path, why: 'untracked'}));
	return {paths: paths.filter(path => tracked.has(path)), notes: [...notes, ...untracked]};
}

/** Breadth first, so that what lies near the top is kept where there is too much. */
function listFiles(root: string, skipped: ReadonlySet<string>, tracked?: ReadonlySet<string>): Found {
	const found: Found = {paths: [], notes: []};
	const folders = [''];
	let seen = 0;
	for (let index = 0; index < folders.length; index += 1) {
		const folder = folders[index] ?? '';
		for (const entry of entriesOf(join(root, folder))) {
			const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
			seen += 1;
			if (seen > mostFiles) {
				found.notes.push({path: folder, why: 'too-many'});
				return found;
			}

			if (isOddName(entry.name)) found.notes.push({path: cleanName(path), why: 'odd-name'});
			else if (entry.isDirectory()) {
				if (!skipped.has(entry.name) && !isEnvironment(root, path, tracked)) folders.push(path);
			} else if (entry.isFile()) found.paths.push(path);
			else if (entry.isSymbolicLink()) addLink(root, path, found);
		}
	}

	return found;
}

/** A virtual environment by whatever name: Python marks it. */
function isEnvironment(root: string, path: string, tracked: ReadonlySet<string> | undefined): boolean {
	if (tracked?.has(`${path}/pyvenv.cfg`)) return false;
	return statSync(join(root, path, 'pyvenv.cfg'), {throwIfNoEntry: false})?.isFile() ?? false;
}

function entriesOf(folder: string) {
	try {
		return readdirSync(folder, {withFileTypes: true}).sort((one, other) => (one.name < other.name ? -1 : 1));
	} catch {
		// A folder that nobody may read, or that has just gone, has nothing to tell.
		return [];
	}
}

/** A link to a file inside the folder is that file; a link to a folder is not followed, so that none goes round in a circle. */
function addLink(root: string, path: string, found: Found): void {
	const target = realInside(root, path);
	if (target === 'outside') found.notes.push({path, why: 'outside'});
	else if (target && statSync(target).isFile()) found.paths.push(path);
}

function realInside(root: string, path: string): string | 'outside' | undefined {
	try {
		const target = realpathSync(join(root, path));
		const inside = relative(root, target);
		return inside.startsWith(`..${sep}`) || inside === '..' || inside.startsWith(sep) ? 'outside' : target;
	} catch {
		return undefined;
	}
}

/** A regular file's bytes, where it lies inside and is not too large. It is opened without waiting, so that no pipe holds it up. */
function readBounded(root: string, path: string): Uint8Array | undefined {
	const target = realInside(root, path);
	if (target === undefined || target === 'outside') return undefined;
	let file: number | undefined;
	try {
		file = openSync(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
		const about = fstatSync(file);
		return about.isFile() && about.size <= readLimit(path) ? readFileSync(file) : undefined;
	} catch {
		return undefined;
	} finally {
		if (file !== undefined) closeSync(file);
	}
}
