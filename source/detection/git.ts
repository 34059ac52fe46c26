import {type ChildProcess, spawn} from 'node:child_process';
import {Trouble} from '../contract/trouble.ts';

/** Settings that keep a repository from having anything run: it may be anybody's. Those of the person, their credentials too, stay. */
const harmless = [
	'core.hooksPath=/dev/null',
	'core.fsmonitor=false',
	'core.attributesFile=/dev/null',
	'core.symlinks=false',
	'submodule.recurse=false',
	'fetch.recurseSubmodules=false',
	'protocol.allow=never',
	'protocol.https.allow=always',
	'protocol.http.allow=never',
	'protocol.ssh.allow=always',
	'protocol.git.allow=never',
	'protocol.ext.allow=never',
	'init.templateDir=',
	'gc.auto=0',
	'maintenance.auto=false',
	'fetch.fsckObjects=true',
	'transfer.bundleURI=false',
	'advice.detachedHead=false',
];

/** What may be set for one run. */
export type GitRun = {
	/** The folder of the bare repository it works in. */
	readonly repository?: string;
	readonly input?: string;
	/** Whether a repository on this machine may be read: one that the person named. */
	readonly allowsFiles?: boolean;
	/** Milliseconds. */
	readonly limit: number;
	/** Ended when it is aborted. */
	readonly signal?: AbortSignal;
	/** The most bytes of its output. */
	readonly most?: number;
	/** Whether it goes as anybody would: without the person's settings, keys and passwords. */
	readonly isAnonymous?: boolean;
};

/** The person's own git, which asks nothing and runs nothing of a repository. Answers what it printed. @throws Trouble with its last lines */
export async function git(words: readonly string[], run: GitRun): Promise<Buffer> {
	const settings = [...harmless, `protocol.file.allow=${run.allowsFiles ? 'always' : 'never'}`];
	const place = run.repository === undefined ? [] : ['--git-dir', run.repository];
	const child = spawn('git', [...settings.flatMap(one => ['-c', one]), ...place, ...words], {
		env: run.isAnonymous ? anonymous() : environment(),
		stdio: ['pipe', 'pipe', 'pipe'],
		...(run.signal && {signal: run.signal}),
	});
	return collect(child, run, words[0] ?? '');
}

/** Without what a shell may have set for another repository, and without anything that would ask on the terminal. */
function environment(): NodeJS.ProcessEnv {
	const kept = Object.entries(process.env).filter(
		([name]) => !/^GIT_(?!SSH|ASKPASS|PROXY|SSL|CONFIG_GLOBAL|CONFIG_NOSYSTEM)/.test(name),
	);
	const ssh =
		(process.env.GIT_SSH_COMMAND ?? process.env.GIT_SSH)
			? {}
			: {GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=15'};
	return {
		...Object.fromEntries(kept),
		...ssh,
		GIT_TERMINAL_PROMPT: '0',
		GIT_NO_REPLACE_OBJECTS: '1',
		GIT_ATTR_NOSYSTEM: '1',
		GIT_LFS_SKIP_SMUDGE: '1',
		LC_ALL: 'C',
	};
}

/** No folder has settings, a .netrc or helpers in it, and nothing goes by ssh. */
function anonymous(): NodeJS.ProcessEnv {
	const nowhere = '/nonexistent';
	const {GIT_ASKPASS: _git, SSH_ASKPASS: _ssh, ...rest} = environment();
	const without = {HOME: nowhere, USERPROFILE: nowhere, XDG_CONFIG_HOME: nowhere, GIT_CONFIG_GLOBAL: '/dev/null'};
	return {...rest, ...without, GIT_CONFIG_NOSYSTEM: '1', GIT_SSH_COMMAND: 'false'};
}

async function collect(child: ChildProcess, {input, limit, most = 200_000_000}: GitRun, what: string): Promise<Buffer> {
	const [out, said]: [Buffer[], string[]] = [[], []];
	let length = 0;
	let isOver: 'time' | 'size' | undefined;
	const timer = setTimeout(() => {
		isOver = 'time';
		child.kill('SIGKILL');
	}, limit);
	child.stdout?.on('data', (bytes: Buffer) => {
		length += bytes.length;
		if (length <= most) out.push(bytes);
		else {
			isOver = 'size';
			child.kill('SIGKILL');
		}
	});
	child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text.slice(0, 10_000)));
	child.stdin?.on('error', () => undefined).end(input ?? '');
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	})
		.catch((error: NodeJS.ErrnoException) => {
			if (error.code === 'ENOENT') throw noGit();
			return null;
		})
		.finally(() => clearTimeout(timer));
	if (code === 0 && isOver === undefined) return Buffer.concat(out);
	throw gitFailed(what, said.join(''), isOver);
}

function noGit(): Trouble {
	return new Trouble({
		what: 'There is no git on this machine.',
		means: 'A repository at an address can’t be looked at without it.',
		next: 'Install git, or start boxwizard in a folder that has the files.',
		code: 'no-git',
	});
}

function gitFailed(what: string, said: string, isOver: 'time' | 'size' | undefined): Trouble {
	const lines = said
		.split('\n')
		.filter(line => line.trim() !== '')
		.map(line => line.replaceAll(/(:\/\/)[^/@\s]*@/g, '$1'));
	const isRefused =
		/Permission denied|could not read Username|Authentication failed|terminal prompts disabled|not found|Repository not found|access rights|HTTP (?:401|403|404)/i.test(
			said,
		);
	return new Trouble({
		what:
			isOver === 'time'
				? 'The repository did not answer in time.'
				: isOver === 'size'
					? 'The repository is too large to be looked at.'
					: isRefused
						? 'The repository can’t be read from this machine.'
						: 'git could not read the repository.',
		means:
			isOver === 'size'
				? 'More was sent than an app’s sources have.'
				: 'Nothing of it was looked at. Nothing was changed.',
		next: isRefused
			? 'See that the address is right and that `git ls-remote ADDRESS` works here; or start boxwizard in a clone of it.'
			: 'Try again, or start boxwizard in a clone of it: then its files are read there.',
		evidence: lines.slice(-3),
		code: isRefused ? 'repository-refused' : `git-${what}`,
	});
}
