import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {isIPv6} from 'node:net';
import {homedir, tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {Trouble} from '../contract/trouble.ts';

/** What a person writes: `[user@]host[:port]`. */
export type Target = {readonly host: string; readonly port?: number; readonly user?: string};

/** Where and how to connect, ~/.ssh/config included. */
export type Destination = {
	/** The name as it was given: what messages say. */
	readonly host: string;
	/** What is connected to. */
	readonly hostname: string;
	readonly port: number;
	readonly user: string;
	/** Paths of private keys, whether or not they exist. */
	readonly identityFiles: readonly string[];
	/** Only the agent's keys that are among identityFiles. */
	readonly identitiesOnly: boolean;
	/** The agent's socket or pipe; undefined where there is none. */
	readonly agent?: string;
	/** The hosts in between, first one first. */
	readonly jumps: readonly Target[];
	/** The command whose stdin and stdout lead to the box, as ssh_config(5) has it: with its tokens. */
	readonly proxyCommand?: string;
	readonly knownHosts: readonly string[];
	/** The name to look for in known_hosts. */
	readonly knownAs: string;
};

const defaultKeys = ['id_rsa', 'id_ecdsa', 'id_ed25519'];
const windowsAgent = '\\\\.\\pipe\\openssh-ssh-agent';

/**
 * An address in brackets, or a name: of letters (of any script), digits and few other characters. It stands in known_hosts, in
 * commands that a person may copy, and in what ssh_config makes of %h; ssh(1) itself refuses most others since 9.6.
 */
const targetForm =
	/^\[(?<v6>[^\]]+)\](?::(?<port6>\d+))?$|^(?<name>[\p{L}\p{N}_][\p{L}\p{N}\p{M}._+-]*)(?::(?<digits>\d+))?$/u;

/** Parses `[user@]host[:port]`, an IPv6 address in brackets where a port follows. @throws Trouble */
export function parseTarget(text: string): Target {
	const at = text.lastIndexOf('@');
	const user = at === -1 ? undefined : text.slice(0, at);
	const rest = text.slice(at + 1);
	const {v6, port6, name, digits = port6} = targetForm.exec(rest)?.groups ?? {};
	const isBare = isIPv6(rest);
	const host = isBare ? rest : (v6 ?? name);
	const port = isBare || digits === undefined ? undefined : Number(digits);
	const wrong =
		host === undefined ||
		(v6 !== undefined && !isIPv6(v6)) ||
		(user !== undefined && !/^[\w.][\w.@\\-]*$/.test(user)) ||
		outOfRange(port);
	if (wrong) {
		throw new Trouble({
			what: `“${text}” is not a host.`,
			means: 'boxwizard needs the name or address of the box, and may be told the user and the ssh port.',
			next: 'Write it as root@203.0.113.7, example.com:2222 or root@[2001:db8::7]:22.',
			code: 'bad-target',
		});
	}

	return {host, ...(port === undefined ? {} : {port}), ...(user === undefined ? {} : {user})};
}

function outOfRange(port: number | undefined): boolean {
	return port !== undefined && (port < 1 || port > 65_535);
}

/**
 * Completes a target from ~/.ssh/config by asking OpenSSH itself (`ssh -G`, 9 ms). Without an ssh program there is hardly a
 * config file either: the target is then taken as it is, with OpenSSH's default names.
 * `knownHosts` takes the place of its known_hosts files. A user who is named nowhere is root: the login that a new box comes with.
 */
export async function resolveTarget(target: Target, knownHosts?: string): Promise<Destination> {
	const settings = await askSsh(target);
	const answered = target.user ?? settings.get('user')?.[0] ?? 'root';
	const isOpen = target.user === undefined && answered !== 'root' && isLocal(answered);
	return complete(target, settings, isOpen ? await userOrRoot(target) : answered, knownHosts);
}

/** Completes a host in between in the same way, but for its user: whoever ssh itself would be there, never root by default. */
export async function resolveJump(jump: Target, knownHosts?: string): Promise<Destination> {
	const settings = await askSsh(jump);
	return complete(jump, settings, jump.user ?? settings.get('user')?.[0] ?? userInfo().username, knownHosts);
}

/** Windows' ssh says domain\name, in small letters. */
function isLocal(user: string): boolean {
	const bare = (name: string) => name.slice(name.lastIndexOf('\\') + 1).toLowerCase();
	return bare(user) === bare(userInfo().username);
}

/**
 * The configured user, even where that is the local one: ssh is asked again with root as its configuration's last word. The
 * first word wins, so it can be no option of the command line, and must wait for the final reading where there are two of them
 * (CanonicalizeHostname, Match final).
 */
async function userOrRoot(target: Target): Promise<string> {
	const system = process.platform === 'win32' ? `"${process.env.ProgramData}/ssh/ssh_config"` : '/etc/ssh/ssh_config';
	let folder: string | undefined;
	try {
		folder = mkdtempSync(join(tmpdir(), 'boxwizard-user-'));
		const file = join(folder, 'config');
		writeFileSync(file, `Include ~/.ssh/config ${system}\nMatch final all\n\tUser root\n`);
		return (await askSsh(target, file)).get('user')?.[0] ?? 'root';
	} catch {
		// ssh understands its configuration, as the first answer shows, but is stricter about who owns a file that is included.
		return 'root';
	} finally {
		if (folder) rmSync(folder, {recursive: true, force: true});
	}
}

function complete(
	target: Target,
	settings: Map<string, string[]>,
	user: string,
	knownHosts: string | undefined,
): Destination {
	const first = (name: string) => settings.get(name)?.[0];
	const hostname = first('hostname') ?? target.host;
	const port = Number(first('port') ?? target.port ?? 22);
	const agent = findAgent(first('identityagent'));
	const proxyCommand = parseProxy(first('proxycommand'), first('proxyusefdpass'), target.host);
	return {
		host: target.host,
		hostname,
		port,
		user,
		identityFiles: (settings.get('identityfile') ?? defaultKeys.map(name => `~/.ssh/${name}`)).map(expand),
		identitiesOnly: first('identitiesonly') === 'yes',
		...(agent === undefined ? {} : {agent}),
		jumps: parseJumps(first('proxyjump')),
		...(proxyCommand === undefined ? {} : {proxyCommand}),
		knownHosts: knownHosts === undefined ? knownHostsFiles(settings) : [knownHosts],
		knownAs: first('hostkeyalias') ?? nameIn(hostname, port),
	};
}

/** How known_hosts names a host: the port only where it isn't 22. */
export function nameIn(hostname: string, port: number): string {
	return port === 22 ? hostname : `[${hostname}]:${port}`;
}

/** @param config instead of ssh's own files */
async function askSsh({host, port, user}: Target, config?: string): Promise<Map<string, string[]>> {
	const settings = new Map<string, string[]>();
	const file = config ? ['-F', config] : [];
	const words = ['-G', ...file, ...(port ? ['-p', String(port)] : []), ...(user ? ['-l', user] : []), '--', host];
	// Include takes ~ from HOME, ssh itself from the account.
	const env = config ? {...process.env, HOME: userInfo().homedir} : process.env;
	try {
		const {stdout} = await promisify(execFile)('ssh', words, {env, timeout: 5000, windowsHide: true});
		for (const line of stdout.split(/\r?\n/)) {
			const [name = '', ...rest] = line.split(' ');
			settings.set(name, [...(settings.get(name) ?? []), rest.join(' ')]);
		}
	} catch (error) {
		if (isMissing(error)) return new Map();
		throw new Trouble(
			{
				what: 'ssh does not understand its own configuration.',
				means: `boxwizard asked “ssh -G ${host}” how to reach the box, and it failed.`,
				next: 'Mend ~/.ssh/config as the line below says, and try again.',
				evidence: [error instanceof Error ? error.message : String(error)],
				code: 'ssh-config',
			},
			error,
		);
	}

	return settings;
}

function isMissing(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function knownHostsFiles(settings: Map<string, string[]>): string[] {
	const named = [...(settings.get('userknownhostsfile') ?? []), ...(settings.get('globalknownhostsfile') ?? [])];
	const files = named.flatMap(line => line.split(' ')).filter(name => name !== '' && name !== 'none');
	return (files.length > 0 ? files : ['~/.ssh/known_hosts']).map(expand);
}

function parseJumps(line: string | undefined): Target[] {
	if (line === undefined || line === 'none') return [];
	return line.split(',').map(hop => parseTarget(hop.trim().replace(/^ssh:\/\//, '')));
}

/** @throws Trouble where the command hands over an open connection: only programs in C can take one. */
function parseProxy(command: string | undefined, handsOver: string | undefined, host: string): string | undefined {
	if (command === undefined || command === 'none') return undefined;
	if (handsOver !== 'yes') return command;
	throw new Trouble({
		what: `~/.ssh/config reaches ${host} with ProxyUseFdpass, which boxwizard can’t.`,
		means: 'Such a command hands over an open connection; boxwizard speaks to the box through the command.',
		next: `Take ProxyUseFdpass out for ${host}, so that the command carries the connection (“nc %h %p” without -F), or use ProxyJump.`,
		evidence: [`ProxyCommand ${command}`],
		code: 'ssh-config',
	});
}

function findAgent(configured: string | undefined): string | undefined {
	if (configured === 'none') return undefined;
	const named = configured === 'SSH_AUTH_SOCK' ? undefined : configured;
	if (named?.startsWith('$')) return process.env[named.slice(1).replace(/[{}]/g, '')];
	if (named !== undefined) return expand(named);
	return process.env.SSH_AUTH_SOCK ?? (process.platform === 'win32' ? windowsAgent : undefined);
}

function expand(path: string): string {
	return path === '~' || /^~[/\\]/.test(path) ? join(homedir(), path.slice(2)) : path;
}
