import {z} from 'zod';
import {defineStep, type Hand, type Probe, type Version} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {as, backups, pathsOf} from '../folders/paths.ts';
import {pack} from '../folders/save.ts';
import {options} from '../options/shared.ts';
import {settlerOf} from '../process/slots.ts';
import {readComing} from './coming.ts';
import {gitHost, sshCommand} from './gitHost.ts';
import {readReleases} from './releases.ts';
import {stateFiles, stateFolders} from './stateFolders.ts';

/** The app's code, cloned into a release of its own. */
export const release = defineStep({
	id: 'app/release',
	title: 'Get the code',
	why: 'Your code is cloned with git, each version into a folder of its own. The one that runs is never touched, so there is always a way back.',
	needs: ['services/packages', 'app/layout'],
	options: z.object({
		app: options.app,
		user: options.user,
		repository: options.repository,
		branch: options.branch,
		stateFolders,
		stateFiles,
	}),
	packages: () => ['git'],
	async check($, {app, stateFolders, stateFiles}) {
		const [now, live, cloned, links] = await Promise.all([
			$`date -u +%Y%m%dT%H%M%S`,
			$`readlink -e ${pathsOf(app).current}`,
			readClone($, app),
			readLinks($, app, ['.env', ...stateFolders, ...stateFiles]),
		]);
		return {now, live, ...cloned, links};
	},
	done: (facts, {app, repository, branch, stateFolders, stateFiles}) =>
		facts.repository === repository &&
		facts.branch === branch &&
		facts.links ===
			linksOf(app, stateFolders, stateFiles)
				.map(link => link.to)
				.join('\n'),
	apply($, facts, answers) {
		const {app, user, repository, branch} = answers;
		const {releases} = pathsOf(app);
		makeRelease($, facts, answers, incoming => {
			const key = gitHost(repository) ? [`--config=core.sshCommand=${sshCommand(app, user)}`] : [];
			const clone = ['git', 'clone', '--quiet', '--depth=1', '--recurse-submodules', '--shallow-submodules', ...key];
			// Without a prompt: a repository that wants a password fails at once, and says so.
			$.within(30)`${as(user, releases)} GIT_TERMINAL_PROMPT=0 ${clone} --branch ${branch} ${repository} ${incoming}`;
		});
	},
	bring($, facts, answers, version) {
		const {app, user, repository, branch} = answers;
		const {releases} = pathsOf(app);
		const ssh = gitHost(repository) ? sshCommand(app, user) : '';
		makeRelease($, facts, answers, incoming => {
			const words = [incoming, repository, branch, version, ssh];
			$.within(30)`${as(user, releases)} GIT_TERMINAL_PROMPT=0 bash -ec ${fetchVersion} bash ${words}`;
		});
	},
	undo($, before, {app}) {
		if (before.repository !== '') return;
		const {root} = pathsOf(app);
		pack($, root, 'releases', `${app}-releases`);
		$`rm -rf ${root}/next ${root}/current ${root}/releases/.incoming ${root}/releases/*`;
	},
	async version($, {app, user}) {
		const {current, next} = pathsOf(app);
		const [live, prepared] = await Promise.all([readCommit($, user, current), readCommit($, user, next)]);
		return {...(live && {live}), ...(prepared && {next: prepared})};
	},
	async newest($, {app, user, repository, branch}) {
		const ask = ['timeout', '30', 'git', 'ls-remote', '--exit-code', '--heads', repository, `refs/heads/${branch}`];
		const said =
			await $`${as(user, '/')} GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND=${sshCommand(app, user)} ${ask} 2>&1 || echo "(exit code $?)"`;
		const commit = /^([0-9a-f]{40,64})\trefs\/heads\//m.exec(said)?.[1];
		if (commit !== undefined) return commit;
		throw notSaid(repository, branch, said);
	},
	async coming($, answers, ref) {
		const {app, user, branch} = answers;
		return await readComing($, answers, ref ?? branch, await readCommit($, user, pathsOf(app).current));
	},
	releases: ($, {app, user}) => readReleases($, app, user),
	takeUp($, {app}, name) {
		const {releases, next} = pathsOf(app);
		$.link(next, `${releases}/${name}`);
	},
	notUndone: `The releases are packed into ${backups} before they go.`,
});

/**
 * One commit by its id: hosts hand out what is no tip too (protocol-v2(5), and GitHub, GitLab and Gitea with the older protocol). From one that does
 * not, all that leads to a tip is fetched. It lies on a branch of the answers' name, whichever it came by: that says what the app follows.
 */
export const fetchVersion = `incoming=$1 repository=$2 branch=$3 version=$4 ssh=$5
git init --quiet "$incoming"
cd "$incoming"
git symbolic-ref HEAD "refs/heads/$branch"
git remote add origin "$repository"
if [ -n "$ssh" ]; then git config core.sshCommand "$ssh"; fi
git fetch --quiet --depth=1 --no-tags origin "$version" || git fetch --quiet --tags origin
git reset --quiet --hard "$version"
git submodule --quiet update --init --recursive --depth=1`;

type ReleaseAnswers = {
	readonly app: string;
	readonly user: string;
	readonly repository: string;
	readonly branch: string;
	readonly stateFolders: readonly string[];
	readonly stateFiles: readonly string[];
};

/** @param getCode brings the code into the folder that it is given */
function makeRelease(
	$: Hand,
	{now, live}: {readonly now: string; readonly live: string},
	{app, user, stateFolders, stateFiles}: ReleaseAnswers,
	getCode: (incoming: string) => void,
): void {
	const {releases, next} = pathsOf(app);
	const folder = `${releases}/${now}`;
	if (live !== '') $`${as(user, releases)} bash -c ${dropNeverLive(app)} bash ${live.slice(live.lastIndexOf('/') + 1)}`;
	// No release until all of it is there: what a power cut leaves here is none, and goes.
	const incoming = `${releases}/.incoming`;
	$`${as(user, releases)} rm -rf ${incoming}`;
	getCode(incoming);
	for (const {name, to} of linksOf(app, stateFolders, stateFiles)) {
		$`${as(user, incoming)} rm -rf ${name}`;
		if (name.includes('/')) $`${as(user, incoming)} mkdir -p ${name.slice(0, name.lastIndexOf('/'))}`;
		$`${as(user, incoming)} ln -s ${to} ${name}`;
	}

	$.link(next, folder);
	$`${as(user, releases)} mv -T ${incoming} ${folder}`;
}

/**
 * Releases are named by their time: one after the live one was made ready and never switched to, or was refused. While slots are settled, it
 * may be one that was gone back from, and still finishes what it does.
 */
const dropNeverLive = (app: string) => `busy=; if systemctl is-active --quiet ${settlerOf(app)}; then busy=yes; fi
for name in */; do
	if ! [[ $name > $1/ ]]; then continue; fi
	if [ -n "$busy" ] && { [ "$name" -ef ../slots/first/release ] || [ "$name" -ef ../slots/second/release ]; }; then continue; fi
	rm -rf -- "$name" || true
done`;

async function readCommit($: Probe, user: string, release: string): Promise<Version | undefined> {
	// As the user whose it is: git refuses to read what belongs to another (safe.directory, git-config(1)).
	const answer = await $`[ -e ${release} ] && ${as(user, release)} git log -1 --format='%H %s'`;
	const [id, ...words] = answer.split(' ');
	return id ? {id, title: words.join(' ')} : undefined;
}

function notSaid(repository: string, branch: string, said: string): Trouble {
	const isMissing = said.trim() === '(exit code 2)';
	return new Trouble({
		what: isMissing
			? `${repository} has no branch ${branch}.`
			: `The box could not ask ${repository} for its newest commit.`,
		means: 'Nothing was done: the version that runs goes on.',
		next: isMissing
			? 'Push the branch, then deploy again.'
			: `See that the git host is up${gitHost(repository) ? ', and that the deploy key of the box still stands there' : ''}. Then deploy again.`,
		evidence: said.split('\n').filter(line => line !== ''),
		code: isMissing ? 'no-branch' : 'git-host-silent',
	});
}

async function readClone($: Probe, app: string): Promise<{repository: string; branch: string}> {
	const {current, next} = pathsOf(app);
	const answer = await $`cd ${next} || cd ${current} || exit; cat .git/HEAD .git/config`;
	const branch = /^ref: refs\/heads\/(.*)$/m.exec(answer)?.[1] ?? '';
	return {repository: /^\[remote "origin"\]\n\s*url = (.*)$/m.exec(answer)?.[1] ?? '', branch};
}

function readLinks($: Probe, app: string, names: readonly string[]): Promise<string> {
	const {current, next} = pathsOf(app);
	return $`cd ${next} || cd ${current} || exit; readlink ${names}`;
}

function linksOf(app: string, folders: readonly string[], files: readonly string[]): {name: string; to: string}[] {
	const {environment, state} = pathsOf(app);
	return [
		{name: '.env', to: environment},
		...folders.map(name => ({name, to: `${state}/${name}`})),
		// SQLite follows the link, and makes the file and its journal in the state folder itself.
		...files.map(name => ({name, to: `${state}/${name.split('/').at(-1)}`})),
	];
}
