import {z} from 'zod';
import {defineStep, type Probe} from '../../source/step.ts';
import {options} from '../options.ts';
import {gitHost, sshCommand} from './gitHost.ts';
import {as, backups, placesOf} from './places.ts';
import {stateFolders} from './stateFolders.ts';

/** The app's code, cloned into a release of its own. */
export const release = defineStep({
	id: 'app/release',
	title: 'Get the code',
	why: 'Your code is cloned with git, each version into a folder of its own. The one that runs is never touched, so there is always a way back.',
	needs: ['app/packages', 'app/layout'],
	options: z.object({
		app: options.app,
		user: options.user,
		repository: options.repository,
		branch: options.branch,
		stateFolders,
	}),
	async check($, {app, stateFolders}) {
		const [now, cloned, links] = await Promise.all([
			$`date -u +%Y%m%dT%H%M%S`,
			readClone($, app),
			readLinks($, app, ['.env', ...stateFolders]),
		]);
		return {now, ...cloned, links};
	},
	done: (facts, {app, repository, branch, stateFolders}) =>
		facts.repository === repository &&
		facts.branch === branch &&
		facts.links ===
			linksOf(app, stateFolders)
				.map(link => link.to)
				.join('\n'),
	apply($, {now}, {app, user, repository, branch, stateFolders}) {
		const {releases, next} = placesOf(app);
		const folder = `${releases}/${now}`;
		const key = gitHost(repository) ? [`--config=core.sshCommand=${sshCommand(app, user)}`] : [];
		const clone = ['git', 'clone', '--quiet', '--depth=1', '--recurse-submodules', '--shallow-submodules', ...key];
		// Without a prompt: a repository that wants a password fails at once, and says so.
		$`${as(user, releases)} GIT_TERMINAL_PROMPT=0 ${clone} --branch ${branch} ${repository} ${folder}`;
		for (const {name, to} of linksOf(app, stateFolders)) {
			$`${as(user, folder)} rm -rf ${name}`;
			if (name.includes('/')) $`${as(user, folder)} mkdir -p ${name.slice(0, name.lastIndexOf('/'))}`;
			$`${as(user, folder)} ln -s ${to} ${name}`;
		}

		$.link(next, folder);
	},
	undo($, before, {app}) {
		if (before.repository !== '') return;
		const {root} = placesOf(app);
		$.folder(backups, {mode: '0700'});
		$`if [ -d ${root}/releases ]; then tar -C ${root} -czf ${backups}/${app}-releases-$(date -u +%Y%m%dT%H%M%S).tar.gz --exclude=venv releases; fi`;
		$`rm -rf ${root}/next ${root}/current ${root}/releases/*`;
	},
	keeps: `The releases are packed into ${backups} before they go.`,
});

async function readClone($: Probe, app: string): Promise<{repository: string; branch: string}> {
	const {current, next} = placesOf(app);
	const answer = await $`cd ${next} || cd ${current} || exit; cat .git/HEAD .git/config`;
	const branch = /^ref: refs\/heads\/(.*)$/m.exec(answer)?.[1] ?? '';
	return {repository: /^\[remote "origin"\]\n\s*url = (.*)$/m.exec(answer)?.[1] ?? '', branch};
}

function readLinks($: Probe, app: string, names: readonly string[]): Promise<string> {
	const {current, next} = placesOf(app);
	return $`cd ${next} || cd ${current} || exit; readlink ${names}`;
}

function linksOf(app: string, folders: readonly string[]): {name: string; to: string}[] {
	const {environment, state} = placesOf(app);
	return [{name: '.env', to: environment}, ...folders.map(name => ({name, to: `${state}/${name}`}))];
}
