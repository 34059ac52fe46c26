import {readFileSync, statSync} from 'node:fs';
import {dirname, join, relative, resolve, sep} from 'node:path';
import {readGitIndex} from './git-index.ts';

/** What stands in a folder's .git, read as text: no git runs. */
export type GitFolder = {
	/** The top of its work tree. */
	readonly top: string;
	/** Tracked files below the folder, by their paths there; undefined where they can't be told. */
	readonly tracked?: ReadonlySet<string>;
	/** The address of `origin`, without a password in it. */
	readonly remote?: string;
	/** The branch that is checked out. */
	readonly branch?: string;
};

const largestIndex = 64_000_000;

/** Undefined where neither the folder nor one above it is a git work tree. `folder` is absolute and real. */
export function readGitFolder(folder: string): GitFolder | undefined {
	const top = topOf(folder);
	if (!top) return undefined;
	const {git, common} = top;
	const config = readText(join(common, 'config'), 1_000_000) ?? '';
	const remote = remoteIn(config);
	const branch = /^ref: refs\/heads\/(\S+)\s*$/.exec(readText(join(git, 'HEAD'), 10_000) ?? '')?.[1];
	const tracked = trackedIn(git, relative(top.folder, folder), /objectformat\s*=\s*sha256/i.test(config) ? 32 : 20);
	return {top: top.folder, ...(tracked && {tracked}), ...(remote && {remote}), ...(branch && {branch})};
}

function trackedIn(git: string, inside: string, idLength: number): ReadonlySet<string> | undefined {
	const bytes = readBytes(join(git, 'index'), largestIndex);
	const paths = bytes && readGitIndex(bytes, idLength);
	if (!paths) return undefined;
	const prefix = inside === '' ? '' : `${inside.split(sep).join('/')}/`;
	const below = paths.filter(path => path.startsWith(prefix)).map(path => path.slice(prefix.length));
	return below.length > 0 ? new Set(below) : undefined;
}

type Top = {readonly folder: string; readonly git: string; readonly common: string};

/** The nearest folder upwards with a .git; a file of that name leads to the folder of a worktree. */
function topOf(folder: string): Top | undefined {
	for (let at = folder; ; at = dirname(at)) {
		const path = join(at, '.git');
		const about = statSync(path, {throwIfNoEntry: false});
		if (about?.isDirectory()) return {folder: at, git: path, common: path};
		if (about?.isFile()) {
			const said = /^gitdir: (.+)$/m.exec(readText(path, 10_000) ?? '')?.[1]?.trim();
			if (!said) return undefined;
			const git = resolve(at, said);
			const common = readText(join(git, 'commondir'), 10_000)?.trim();
			return {folder: at, git, common: common ? resolve(git, common) : git};
		}

		if (dirname(at) === at) return undefined;
	}
}

/** The url of [remote "origin"], as a person would type it: whatever password stands in it is left out. */
function remoteIn(config: string): string | undefined {
	const section = /^\[remote "origin"\]\n(?<lines>(?:(?!\[).*\n?)*)/m.exec(config)?.groups?.lines;
	const url = /^[ \t]*url\s*=\s*(\S+)\s*$/m.exec(section ?? '')?.[1];
	return url?.replace(/^(https?:\/\/)[^/@]*@/, '$1');
}

function readText(path: string, limit: number): string | undefined {
	return readBytes(path, limit)?.toString('utf8');
}

function readBytes(path: string, limit: number): Buffer | undefined {
	try {
		const about = statSync(path);
		return about.isFile() && about.size <= limit ? readFileSync(path) : undefined;
	} catch {
		return undefined;
	}
}
