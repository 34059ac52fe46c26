import {pathsOf} from '../folders/paths.ts';

/** Where a repository is reached by ssh. */
export type GitHost = {
	readonly host: string;
	readonly port: number /** 'owner/name', without .git */;
	readonly path: string;
};

/** The host of an ssh address (`git@host:owner/name.git`, `ssh://git@host:22/owner/name`); undefined for any other (git-clone(1), GIT URLS). */
export function gitHost(repository: string): GitHost | undefined {
	const address =
		/^ssh:\/\/(?:[^@/]+@)?(?<host>[^:/]+)(?::(?<port>\d+))?\/(?<path>.+)$/.exec(repository)?.groups ??
		/^[\w.-]+@(?<host>[\w.-]+):(?<path>.+)$/.exec(repository)?.groups;
	if (!address?.host || !address.path) return undefined;
	const path = address.path.replace(/^\//, '').replace(/\.git$/, '');
	return {host: address.host, port: Number(address.port ?? 22), path};
}

/** The app's deploy key and the pinned host key beside it, in the deploying user's ~/.ssh. */
export function keyFiles(app: string, user: string): {key: string; knownHosts: string} {
	const folder = `/home/${user}/.ssh`;
	return {key: `${folder}/${app}_deploy`, knownHosts: `${folder}/${app}_known_hosts`};
}

/** The ssh that git uses for this app: its own key, and only the pinned host key. */
export function sshCommand(app: string, user: string): string {
	const {key, knownHosts} = keyFiles(app, user);
	return `ssh -i ${key} -o IdentitiesOnly=yes -o UserKnownHostsFile=${knownHosts} -o StrictHostKeyChecking=yes -o BatchMode=yes`;
}

/** The page where a deploy key is pasted, in words where the host is not a known one. */
export function deployKeyPage({host, path}: GitHost): string {
	if (host === 'github.com') return `https://${host}/${path}/settings/keys/new`;
	if (host === 'gitlab.com') return `https://${host}/${path}/-/settings/repository`;
	if (host === 'bitbucket.org') return `https://${host}/${path}/admin/access-keys/`;
	if (host === 'codeberg.org') return `https://${host}/${path}/settings/keys`;
	return `the settings of ${path} on ${host}, under “Deploy keys”`;
}

/** A clone that proves the key was accepted once. */
export const cloneOf = (app: string): readonly [string, string] => [
	`${pathsOf(app).current}/.git`,
	`${pathsOf(app).next}/.git`,
];
