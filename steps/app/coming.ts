import type {Coming, Commit, PackageChange} from '../../source/contract/coming.ts';
import type {Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {as} from '../folders/paths.ts';
import {gitHost, sshCommand} from './gitHost.ts';

/** What git itself takes for the name of a branch or tag (git-check-ref-format(1)), and nothing that could be an option. */
export function isRef(text: string): boolean {
	return (
		text.length <= 200 &&
		/^[^\s~^:?*[\\\p{C}]+$/u.test(text) &&
		!/^[-/.]|\/$|\.$|\.lock$|\.\.|\/\/|\/\.|@\{|^@$/.test(text)
	);
}

type Source = {readonly app: string; readonly user: string; readonly repository: string};

const mostCommits = 20;
const mostFiles = 50;
const mostPackages = 100;

/** Files that say what an app stands on. */
const dependencyFiles = [
	'*requirements*.txt',
	'*requirements/*.txt',
	'*uv.lock',
	'*poetry.lock',
	'*pdm.lock',
	'*Pipfile.lock',
	'*pyproject.toml',
	'*package-lock.json',
	'*yarn.lock',
	'*pnpm-lock.yaml',
	'*mix.lock',
	'*Gemfile.lock',
];

/**
 * Looks a version up at the git host, and compares it with the one that is live: in a clone of its history alone (no file of it but those of
 * dependencies), which is gone afterwards. In one round trip; git may take a minute and 200 MB a file.
 * Sections are told apart by a line that no text of the repository can hold.
 */
const compare = `repository=$1 ref=$2 live=$3 mark=$4; shift 4
export GIT_TERMINAL_PROMPT=0 GIT_CONFIG_NOSYSTEM=1
ulimit -f 204800
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && cd "$folder" || exit 1
section() { printf '\\n%s %s\\n' "$mark" "$1"; }
named=$(git ls-remote -- "$repository" "refs/heads/$ref" "refs/tags/$ref" "refs/tags/$ref^{}" 2>&1) || { section silent; printf '%s\\n' "$named"; exit; }
id=
for name in "refs/heads/$ref" "refs/tags/$ref^{}" "refs/tags/$ref"; do
	while read -r found at; do if [ -z "$id" ] && [ "$at" = "$name" ]; then id=$found; fi; done <<< "$named"
done
fresh() { rm -rf "$1" && git init --quiet --bare "$1" && git -C "$1" remote add origin "$repository"; }
fetch() { git -C new fetch --quiet --no-tags --no-recurse-submodules --depth=200 --filter=blob:none origin "$@" 2> said; }
if [ -z "$id" ] && [[ $ref =~ ^[0-9a-fA-F]{7,64}$ ]]; then
	# What is no tip has to be looked for in all that leads to one: commits alone.
	fresh all
	git -C all fetch --quiet --no-recurse-submodules --filter=tree:0 origin '+refs/heads/*:refs/heads/*' '+refs/tags/*:refs/tags/*' 2> said || { section silent; cat said; exit; }
	id=$(git -C all rev-parse --verify --quiet "$ref^{commit}")
fi
if [ -z "$id" ]; then section missing; exit; fi
section version
printf '%s\\n' "$id"
fresh new
fetch "$id" "$live" || fetch "$id" || { section unknown; cat said; exit; }
cd new
git log -1 --format=%s "$id"
if ! git cat-file -e "$live^{commit}" 2> /dev/null; then section unknown; echo 'the git host has the live commit no more'; exit; fi
if ! git merge-base "$live" "$id" > /dev/null; then section unknown; echo 'no commit is in the history of both, as far as it was looked at (200 commits)'; exit; fi
section counts
git rev-list --count "$live..$id"
git rev-list --count "$id..$live"
section commits
git log -n ${mostCommits} --format='%H%x09%an%x09%s' "$live..$id" | cut -c 1-500
section added
git diff --name-only --no-renames --diff-filter=A "$live" "$id" | head -n 5000
section dependencies
git diff --name-only --no-renames "$live" "$id" -- "$@" | head -n ${mostFiles}
section packages
git diff --no-ext-diff --no-textconv --no-renames -U3 "$live" "$id" -- "$@" | head -c 400000
section end`;

/** What the git host has by the name of `ref` (the branch, where none is said), beside what is live. @throws Trouble where it has nothing of that name, or does not say */
export async function readComing(
	$: Probe,
	{app, user, repository}: Source,
	ref: string,
	live: Coming['live'],
): Promise<Coming> {
	if (!isRef(ref)) throw noRef(ref);
	// As long as all that follows it is read as one text: no commit can name it beforehand.
	const mark = `=====${[...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(16)).join('')}`;
	const ssh = gitHost(repository) ? [`GIT_SSH_COMMAND=${sshCommand(app, user)}`] : [];
	const words = [repository, ref, live?.id ?? '', mark, ...dependencyFiles];
	const text = await $`${as(user, '/')} ${ssh} timeout 90 bash -c ${compare} bash ${words} 2> /dev/null`;
	return comingOf(text, mark, {repository, ref, ...(live && {live})});
}

type Asked = {readonly repository: string; readonly ref: string; readonly live?: NonNullable<Coming['live']>};

/** What the comparison has printed. Pure. @throws Trouble where the host has nothing of that name, or does not say */
export function comingOf(text: string, mark: string, {repository, ref, live}: Asked): Coming {
	const sections = new Map(
		`\n${text}`
			.split(`\n${mark} `)
			.slice(1)
			.map(part => {
				const [name = '', ...lines] = part.split('\n');
				return [name, lines.filter(line => line !== '')] as const;
			}),
	);
	const lines = (name: string) => sections.get(name) ?? [];
	const [id = '', title = ''] = lines('version');
	if (sections.has('missing')) throw noSuch(repository, ref);
	if (!/^[0-9a-f]{40,64}$/.test(id)) throw silent(repository, lines('silent'));
	const [commits = 0, dropped = 0] = lines('counts').map(Number);
	const isWhole = sections.has('end');
	return {
		version: {id, title: cut(title)},
		...(live && {live}),
		commits,
		dropped,
		newest: lines('commits').slice(0, mostCommits).map(commitOf),
		migrations: lines('added').filter(isMigrationFile).slice(0, mostFiles).map(cut),
		dependencyFiles: lines('dependencies').map(cut),
		packages: packageChanges(lines('packages')),
		...(!isWhole && {unknown: cut(lines('unknown').at(-1) ?? 'it took too long') || 'the git host did not say'}),
	};
}

const cut = (text: string) => text.replaceAll(/\p{C}/gu, '').slice(0, 200);

function commitOf(line: string): Commit {
	const [id = '', author = '', ...title] = line.split('\t');
	return {id: cut(id), author: cut(author).slice(0, 40), title: cut(title.join(' '))};
}

/** As the frameworks keep them: Django and Flask-Migrate, alembic, Ecto, knex, Prisma, plain SQL. */
function isMigrationFile(path: string): boolean {
	return (
		/(?:^|\/)(?:migrations|versions|migrate)\/(?:.+\/)?[^/]+\.(?:py|sql|js|ts|exs|rb)$/.test(path) &&
		!/(?:^|\/)(?:__init__\.py|env\.py)$|(?:^|\/)tests?\//.test(path)
	);
}

/** The packages that differ, by the lines of a diff: requirements files, and locks whose versions stand by their names. Pure. */
export function packageChanges(diff: readonly string[]): PackageChange[] {
	const found = new Map<string, {before: string; now: string}>();
	let name = {'-': '', '+': ''};
	const note = (sign: '-' | '+', of: string, version: string) => {
		const change = found.get(of) ?? {before: '', now: ''};
		found.set(of, sign === '-' ? {...change, before: version} : {...change, now: version});
	};
	for (const line of diff) {
		if (/^(?:\+\+\+|---|@@|diff |index )/.test(line)) {
			name = {'-': '', '+': ''};
			continue;
		}

		const [sign, rest] = [line.slice(0, 1), line.slice(1).trim().slice(0, 300)];
		const headed = /^name = "([^"]+)"$|^"(?:node_modules\/)?(@?[\w./-]+)": \{$/.exec(rest);
		if (headed) {
			const of = headed[1] ?? headed[2] ?? '';
			if (sign !== '+') name['-'] = of;
			if (sign !== '-') name['+'] = of;
		}

		if (sign !== '+' && sign !== '-') continue;
		const version = /^"?version"?(?: =|:) "([^"]+)",?$/.exec(rest)?.[1];
		const [, required, range] =
			/^([A-Za-z0-9][\w.-]*(?:\[[\w., -]+\])?)\s*((?:[=<>!~]=?=?|@)\s*[^;#\\]+?)?\s*(?:[;#\\].*)?$/.exec(rest) ?? [];
		const [, mix, locked] = /^"([\w-]+)": \{:hex, :[\w-]+, "([^"]+)"/.exec(rest) ?? [];
		if (version !== undefined && name[sign] !== '') note(sign, name[sign], version);
		else if (mix !== undefined && locked !== undefined) note(sign, mix, locked);
		else if (required !== undefined && !headed) note(sign, required, range?.replace(/^==\s*/, '') ?? 'any');
	}

	return [...found]
		.filter(([, {before, now}]) => before !== now)
		.slice(0, mostPackages)
		.map(([of, {before, now}]) => ({name: cut(of), before: cut(before), now: cut(now)}));
}

/** What is said of a text that git takes for no name. */
export function noRef(ref: string): Trouble {
	return new Trouble({
		what: `“${cut(ref)}” is no name of a branch, a tag or a commit.`,
		means: 'git knows no such name. Nothing was done.',
		next: 'Name a branch, a tag, or a commit by its first seven characters or more.',
		code: 'bad-ref',
	});
}

function noSuch(repository: string, ref: string): Trouble {
	return new Trouble({
		what: `${repository} has no branch, tag or commit ${cut(ref)}, or more than one commit that begins so.`,
		means: 'Nothing was done: the version that runs goes on.',
		next: 'Push it, or name it whole, then deploy again.',
		code: 'no-ref',
	});
}

function silent(repository: string, said: readonly string[]): Trouble {
	return new Trouble({
		what: `The box could not ask ${repository} for its newest commit.`,
		means: 'Nothing was done: the version that runs goes on.',
		next: `See that the git host is up${gitHost(repository) ? ', and that the deploy key of the box still stands there' : ''}. Then deploy again.`,
		evidence: said.slice(-5).map(cut),
		code: 'git-host-silent',
	});
}
