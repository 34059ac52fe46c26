import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {placeIn, servicesPaths} from '../place.ts';
import {zone} from './nameserver.ts';

export const gitHost = `git.${zone}`;
/** The sample's author on the imagined git host. */
const author = 'jessica';
export const repository = `https://${gitHost}/${author}/microblog.git`;
export const deployRepository = `git@${gitHost}:${author}/microblog.git`;
export const bareRepository = `/srv/git/${author}/microblog.git`;
/** Where the repositories lie in the folder that the servers share with this machine: their root has a link to it as /srv/git. */
const shared = 'git';

/** The folder on this machine with what the practice git host has at this address; undefined for any other address. */
export function localRepository(address: string, place = placeIn()): string | undefined {
	for (const start of [`https://${gitHost}/`, `git@${gitHost}:`]) {
		const [, owner, name] =
			/^(\w[\w-]*)\/(\w[\w.-]*)$/.exec(address.startsWith(start) ? address.slice(start.length) : '') ?? [];
		if (owner === undefined || name === undefined) continue;
		const folder = join(servicesPaths(place).practice, shared, owner, name);
		return existsSync(folder) ? folder : undefined;
	}

	return undefined;
}

/**
 * lighttpd: git's smart HTTP through git-http-backend(1), with and without TLS. A clock that jumps, as that of a laptop does which
 * has slept, would have it restart as www-data, which may not read its files: it ends, and the servers beside it with it.
 */
export const lighttpdConfiguration = `server.modules = ("mod_openssl", "mod_alias", "mod_setenv", "mod_cgi")
server.document-root = "/srv/git"
server.username = "www-data"
server.groupname = "www-data"
server.port = 80
server.feature-flags = ("server.clock-jump-restart" => 0)
$SERVER["socket"] == ":443" { ssl.engine = "enable" ssl.pemfile = "/practice/git.pem" ssl.privkey = "/practice/git.key" }
$SERVER["socket"] == "[::]:443" { ssl.engine = "enable" ssl.pemfile = "/practice/git.pem" ssl.privkey = "/practice/git.key" }
$SERVER["socket"] == "[::]:80" { }
alias.url = ("/${author}" => "/usr/lib/git-core/git-http-backend")
$HTTP["url"] =~ "^/${author}" {
	cgi.assign = ("" => "")
	setenv.add-environment = ("GIT_PROJECT_ROOT" => "/srv/git/${author}", "GIT_HTTP_EXPORT_ALL" => "1")
}
`;

/** sshd of the git host: git's own shell, and only for keys that were added. The repository belongs to root: read-only. */
export const gitSshdConfiguration = `Port 22
HostKey /practice/ssh_host_ed25519_key
PidFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
AllowUsers git
AuthorizedKeysFile /practice/deploy_keys
`;

/** The sample's .gitignore; npm would not pack a file of that name. */
export const gitignore = '.env\n*.mo\n*.db\nvenv/\n__pycache__/\ninstance/\n';

/** Gives the servers' root its /srv/git. */
export const linkRepositories = `mkdir -p /practice/${shared} && chmod 755 /practice/${shared} && rm -rf /srv/git && ln -s /practice/${shared} /srv/git`;

/** Makes the bare repository from the files in /practice/sample, with the same commit id each time. */
export const makeRepository = `export GIT_AUTHOR_NAME=Jessica GIT_AUTHOR_EMAIL=${author}@${zone} GIT_AUTHOR_DATE='2026-01-05T09:00:00Z'
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
git init -q --bare -b main ${bareRepository}
git --git-dir=${bareRepository} --work-tree=/practice/sample add --all
git --git-dir=${bareRepository} --work-tree=/practice/sample commit -q -m 'A small blog'
rm -f ${bareRepository}/index`;

/**
 * Commits what is in the folder /practice/work on top of a branch; one that is not there yet begins where main stands.
 * @param message of the commit; quoted for the shell by the caller, as the branch
 */
export function commitWork(message: string, branch: string): string {
	return `export GIT_AUTHOR_NAME=Jessica GIT_AUTHOR_EMAIL=${author}@${zone} GIT_COMMITTER_NAME=Jessica GIT_COMMITTER_EMAIL=${author}@${zone}
cd /practice/work
export GIT_DIR=${bareRepository} GIT_WORK_TREE=/practice/work
parent=$(git rev-parse -q --verify refs/heads/${branch} || git rev-parse main)
git read-tree $parent
git add --ignore-removal .
git update-ref refs/heads/${branch} $(git commit-tree -p $parent -m ${message} $(git write-tree))
rm -rf /practice/work ${bareRepository}/index`;
}
