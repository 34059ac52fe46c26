import {z} from 'zod';
import {defineStep, type Probe} from '../../source/contract/step.ts';
import {as} from '../folders/paths.ts';
import {options} from '../options/shared.ts';
import {cloneOf, deployKeyPage, gitHost, keyFiles, sshCommand} from './gitHost.ts';

/** A key of the box's own that may read the repository, and the repository's host pinned. */
export const deployKey = defineStep({
	id: 'app/deployKey',
	title: 'Deploy key',
	why: 'The box gets a key of its own that may read this one repository. None of your own keys ever lies on the server.',
	needs: ['services/packages', 'account/adminUser'],
	options: z.object({app: options.app, user: options.user, repository: options.repository, branch: options.branch}),
	wanted: ({repository}) => gitHost(repository) !== undefined,
	packages: () => ['openssh-client'],
	async check($, answers) {
		const {key, knownHosts} = keyFiles(answers.app, answers.user);
		const [privateKey, pinned, cloned] = await Promise.all([
			$.file(key),
			$`ssh-keygen -F ${knownName(answers.repository)} -f ${knownHosts} | head -n 1`,
			$`ls -d ${cloneOf(answers.app)}`,
		]);
		const made = privateKey !== null && pinned !== '';
		// The network is asked only until the first clone: after that the key is known to open the repository.
		const opens = made && (cloned !== '' || (await tryKey($, answers)) === '');
		return {key: privateKey !== null, pinned: pinned !== '', opens};
	},
	done: facts => facts.key && facts.pinned && facts.opens,
	apply($, facts, {app, user, repository}) {
		const {key, knownHosts} = keyFiles(app, user);
		const {host = '', port = 22} = gitHost(repository) ?? {};
		$.folder(`/home/${user}/.ssh`, {mode: '0700', owner: `${user}:${user}`});
		if (!facts.key) $`${as(user, '/')} ssh-keygen -q -t ed25519 -N '' -C ${`${app} deploy key`} -f ${key}`;
		if (!facts.pinned) {
			const pin = `ssh-keyscan -T 10 -p ${port} ${host} 2>/dev/null | grep . > ${knownHosts}`;
			$`${as(user, '/')} bash -c ${pin} || { echo ${`${host} does not answer on port ${port}, so its host key could not be read.`}; false; }`;
		}

		$`ssh-keygen -l -f ${knownHosts}`;
	},
	undo($, before, {app, user}) {
		const {key, knownHosts} = keyFiles(app, user);
		if (!before.key) $`rm -f ${[key, `${key}.pub`, knownHosts]}`;
	},
	notUndone:
		'The deploy key that you gave your git host stands there still: take it out there. It opens nothing any more.',
	async wait($, answers) {
		const host = gitHost(answers.repository);
		const {key, knownHosts} = keyFiles(answers.app, answers.user);
		const [refusal, publicKey, fingerprints] = await Promise.all([
			tryKey($, answers),
			$`cat ${key}.pub`,
			$`ssh-keygen -l -f ${knownHosts}`,
		]);
		if (refusal === '' || !host) return undefined;
		return {
			what: `${host.host} to let the box read ${host.path}`,
			show: [publicKey],
			notes: [
				`Paste it at: ${deployKeyPage(host)} (read access is enough)`,
				...fingerprints.split('\n').map(line => `Host key of ${host.host}: ${line}`),
			],
			seen: refusal.split(/\r?\n/).filter(line => line !== ''),
			every: 3000,
		};
	},
});

/** '' when the repository opens and has the branch, else what git said. */
function tryKey(
	$: Probe,
	{app, user, repository, branch}: {app: string; user: string; repository: string; branch: string},
): Promise<string> {
	const ask = ['timeout', '20', 'git', 'ls-remote', '--exit-code', '--heads', repository, `refs/heads/${branch}`];
	const missing = `The repository opens, but it has no branch ${branch}.`;
	return $`said=$(${as(user, '/')} GIT_SSH_COMMAND=${sshCommand(app, user)} ${ask} 2>&1 >/dev/null); case $? in 0) ;; 2) echo ${missing} ;; *) echo "\${said:-git did not answer within 20 s}" ;; esac`;
}

/** How known_hosts names the host: with its port where that is not 22 (sshd(8), SSH_KNOWN_HOSTS). */
function knownName(repository: string): string {
	const {host = '', port = 22} = gitHost(repository) ?? {};
	return port === 22 ? host : `[${host}]:${port}`;
}
