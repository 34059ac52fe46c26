import {mkdtempSync, readdirSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join, resolve} from 'node:path';
import type {Tree, TreeNote} from '../contract/detection.ts';
import {Trouble} from '../contract/trouble.ts';
import {readLimit} from './decode.ts';
import {type GitRun, git} from './git.ts';
import {cleanName, isOddName, mostFiles, treeOf} from './tree.ts';

/** A clone's packs may grow to this many bytes; sources alone are smaller. */
const largestClone = 400_000_000;
const patience = 120_000;

/** Files whose text may say how an app is made: the others are known by their names alone, and not fetched. */
const wanted =
	/\.(?:py|pyi|js|cjs|mjs|jsx|ts|cts|mts|tsx|vue|svelte|astro|exs?|eex|heex|toml|ya?ml|json|jsonc|json5|lock|txt|in|cfg|ini|conf|prisma|rb|go|php|rs|cs|csproj|java|kt|gradle|xml|sh|mod|sum|env|html|pem|key)$|(?:^|\/)(?:\.[\w.-]*env[\w.-]*|Procfile|Pipfile|Dockerfile[^/]*|Gemfile|Rakefile|Makefile|\.nvmrc|\.node-version|\.python-version|\.ruby-version|\.tool-versions|\.flaskenv|\.npmrc|\.yarnrc|CNAME|env[._-][\w.]+|id_[a-z0-9]+)$/i;
const notWanted =
	/(?:^|\/)(?:node_modules|vendor|third_party|site-packages|locales?|i18n|translations|__snapshots__|\.yarn)\/|\.min\.js$/;
const mostFetched = 6000;

export type Address = {
	readonly address: string;
	readonly branch?: string | undefined;
	/** The id of one commit, whole: of no branch then. */
	readonly commit?: string;
};

/** A repository's files, and the branch that they are of; undefined where its HEAD is at no branch. */
export type Repository = {readonly tree: Tree; readonly branch?: string};

type Entry = {readonly id: string; readonly path: string; readonly isLink: boolean};

/**
 * A repository at an address, by a shallow clone without blobs; then the texts that may matter are fetched, all at once. Nothing is checked out,
 * so that no filter, hook or submodule of it can run, and all is deleted at the end.
 * @throws Trouble where it can't be read
 */
export async function readRepository({address, branch, commit}: Address, signal?: AbortSignal): Promise<Repository> {
	const isLocal = !/^(?:https|ssh):\/\/|^[\w.-]+@[\w.-]+:(?!\/\/)/.test(address);
	// A host or user that begins with a hyphen would be an option of ssh.
	if ((isLocal && !isFolder(address)) || /^-|(?:\/\/|@)-/.test(address)) throw refused(address);
	const folder = mkdtempSync(join(tmpdir(), 'boxwizard-detect-'));
	const repository = join(folder, 'clone.git');
	const run = {limit: patience, allowsFiles: isLocal};
	const watch = watchSize(repository);
	const ends = signal ? AbortSignal.any([signal, watch.signal]) : watch.signal;
	try {
		const source = isLocal ? `file://${resolve(address)}` : address;
		const shallow = ['--depth=1', '--filter=blob:none', '--no-tags', '--single-branch', '--no-recurse-submodules'];
		await git(
			['clone', '--quiet', '--bare', ...shallow, ...(branch ? ['--branch', branch] : []), '--', source, repository],
			{...run, signal: ends},
		);
		const inside: GitRun = {...run, repository, signal: ends};
		if (commit !== undefined) {
			const only = ['--quiet', '--depth=1', '--filter=blob:none', '--no-tags', '--recurse-submodules=no'];
			await git(['fetch', ...only, 'origin', commit], inside);
			await git(['update-ref', '--no-deref', 'HEAD', commit], inside);
		}

		const {entries, notes} = entriesOf(await git(['ls-tree', '-r', '-z', '--full-tree', 'HEAD'], inside));
		const texts = await fetchTexts(entries, inside);
		const name = nameOf(address);
		const paths = entries.map(({path}) => path);
		const head = (await git(['rev-parse', '--symbolic-full-name', 'HEAD'], inside)).toString('utf8').trim();
		const at = /^refs\/heads\/(?<branch>.+)$/.exec(head)?.groups?.branch;
		return {tree: treeOf(name, paths, path => texts.get(path), notes), ...(at !== undefined && {branch: at})};
	} finally {
		watch.stop();
		rmSync(folder, {recursive: true, force: true});
	}
}

/** What the repository of an address is called: 'microblog'. */
export function nameOf(address: string): string {
	return basename(
		address
			.replace(/\/+$/, '')
			.replace(/\.git$/, '')
			.replace(/^.*:/, ''),
	);
}

function isFolder(path: string): boolean {
	return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
}

function refused(address: string): Trouble {
	return new Trouble({
		what: `${address} is neither a folder here nor an address that can be read.`,
		means: 'boxwizard reads repositories over https and ssh alone: other ways may run what they name.',
		next: 'Name a folder, https://HOST/OWNER/NAME, or git@HOST:OWNER/NAME.git.',
		code: 'repository-address',
	});
}

/** Ends git where its packs outgrow the limit: git itself has none for what it fetches. */
function watchSize(repository: string): {readonly signal: AbortSignal; readonly stop: () => void} {
	const controller = new AbortController();
	const timer = setInterval(() => {
		if (sizeOf(join(repository, 'objects', 'pack')) > largestClone) controller.abort();
	}, 250);
	return {signal: controller.signal, stop: () => clearInterval(timer)};
}

function sizeOf(folder: string): number {
	try {
		return readdirSync(folder).reduce(
			(sum, name) => sum + (statSync(join(folder, name), {throwIfNoEntry: false})?.size ?? 0),
			0,
		);
	} catch {
		return 0;
	}
}

/** The lines of `ls-tree -z`: regular files and links. Submodules are left out. */
function entriesOf(listing: Buffer): {readonly entries: Entry[]; readonly notes: TreeNote[]} {
	const [entries, notes]: [Entry[], TreeNote[]] = [[], []];
	for (const line of listing.toString('utf8').split('\0')) {
		const [, mode = '', id = '', path = ''] = /^(\d{6}) blob ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
		if (path === '') continue;
		if (entries.length >= mostFiles) {
			notes.push({path: '', why: 'too-many'});
			break;
		}

		if (isOddName(path)) notes.push({path: cleanName(path), why: 'odd-name'});
		// What a link leads to is one of the other files, or outside.
		else if (mode !== '120000') entries.push({id, path, isLink: false});
	}

	return {entries, notes};
}

/** Fetches the wanted files in one go, and reads those that are no larger than a text should be. */
async function fetchTexts(entries: readonly Entry[], run: GitRun): Promise<ReadonlyMap<string, Uint8Array>> {
	const depth = ({path}: Entry) => path.split('/').length;
	const chosen = entries
		.filter(({path}) => wanted.test(path) && !notWanted.test(path))
		.sort((one, other) => depth(one) - depth(other))
		.slice(0, mostFetched);
	if (chosen.length === 0) return new Map();
	const ids = [...new Set(chosen.map(({id}) => id))];
	const missing = await missingOf(ids, run);
	if (missing.length > 0) {
		const quiet = [
			'--quiet',
			'--no-tags',
			'--no-write-fetch-head',
			'--recurse-submodules=no',
			'--filter=blob:none',
			'--stdin',
		];
		await git(['-c', 'fetch.negotiationAlgorithm=noop', 'fetch', 'origin', ...quiet], {
			...run,
			input: `${missing.join('\n')}\n`,
		});
	}

	const sizes = await sizesOf(ids, run);
	const small = chosen.filter(({id, path}) => (sizes.get(id) ?? Number.POSITIVE_INFINITY) <= readLimit(path));
	const contents = await contentsOf([...new Set(small.map(({id}) => id))], run);
	return new Map(small.flatMap(({id, path}) => (contents.get(id) ? [[path, contents.get(id) as Uint8Array]] : [])));
}

/** `--missing` ones are printed with a ? and fetched by nobody. */
async function missingOf(ids: readonly string[], run: GitRun): Promise<string[]> {
	const listing = await git(['rev-list', '--objects', '--missing=print', '--no-object-names', 'HEAD'], run);
	const absent = new Set(
		listing
			.toString('utf8')
			.split('\n')
			.filter(line => line.startsWith('?'))
			.map(line => line.slice(1)),
	);
	return ids.filter(id => absent.has(id));
}

async function sizesOf(ids: readonly string[], run: GitRun): Promise<ReadonlyMap<string, number>> {
	const answer = await git(['cat-file', '--batch-check=%(objectname) %(objectsize)', '--buffer'], {
		...run,
		input: `${ids.join('\n')}\n`,
	});
	return new Map(
		answer
			.toString('utf8')
			.split('\n')
			.flatMap(line => {
				const [id, size] = line.split(' ');
				return id && size && /^\d+$/.test(size) ? [[id, Number(size)]] : [];
			}),
	);
}

async function contentsOf(ids: readonly string[], run: GitRun): Promise<ReadonlyMap<string, Uint8Array>> {
	const answer = await git(['cat-file', '--batch', '--buffer'], {...run, input: `${ids.join('\n')}\n`});
	const contents = new Map<string, Uint8Array>();
	for (let at = 0; at < answer.length; ) {
		const end = answer.indexOf(10, at);
		if (end === -1) break;
		const [id = '', type, size] = answer.toString('latin1', at, end).split(' ');
		at = end + 1;
		if (type !== 'blob') continue;
		contents.set(id, answer.subarray(at, at + Number(size)));
		at += Number(size) + 1;
	}

	return contents;
}
