import {spawn} from 'node:child_process';
import {release} from 'node:os';

/** Opens an address in this machine's browser; false where that can't be done. */
export async function browse(address: string): Promise<boolean> {
	if (!/^https?:\/\//.test(address)) return false;
	return await start(browserCommand(address, process.platform, process.env, release()));
}

/** What opens an address in the person's browser; undefined where there is no desktop to open it on. Pure. */
export function browserCommand(
	url: string,
	platform: NodeJS.Platform,
	environment: Readonly<Record<string, string | undefined>>,
	kernel: string,
): readonly string[] | undefined {
	if (environment.SSH_CONNECTION) return undefined;
	if (platform === 'darwin') return ['open', url];
	// `start` is a word of cmd's own, which reads & as its own too: the shell's handler takes the address as it is.
	if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
	if (/microsoft/i.test(kernel)) return ['rundll32.exe', 'url.dll,FileProtocolHandler', url];
	return environment.DISPLAY || environment.WAYLAND_DISPLAY ? ['xdg-open', url] : undefined;
}

/** Whether the command could be started. Whether a browser comes of it is not waited for: some starters run as long as it does. */
async function start(words: readonly string[] | undefined): Promise<boolean> {
	const [program, ...rest] = words ?? [];
	if (program === undefined) return false;
	const child = spawn(program, rest, {stdio: 'ignore', detached: true});
	child.unref();
	return await new Promise(resolve => {
		child.once('error', () => resolve(false)).once('spawn', () => resolve(true));
	});
}
