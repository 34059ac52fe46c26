import {spawn} from 'node:child_process';
import {once} from 'node:events';

/** The program that opens an address in the person's browser; undefined where there is no desktop to show one on. */
export function browserOf(
	platform: NodeJS.Platform,
	environment: Readonly<Record<string, string | undefined>>,
): readonly string[] | undefined {
	if (environment.SSH_CONNECTION) return undefined;
	if (platform === 'darwin') return ['open'];
	if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
	return environment.DISPLAY || environment.WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}

/** Opens an address in this machine's browser; false where that can't be done. */
export async function browse(address: string): Promise<boolean> {
	const [program, ...words] = browserOf(process.platform, process.env) ?? [];
	if (program === undefined || !/^https?:\/\//.test(address)) return false;
	const child = spawn(program, [...words, address], {stdio: 'ignore', detached: true});
	try {
		await once(child, 'spawn');
		child.unref();
		return true;
	} catch {
		return false;
	}
}
