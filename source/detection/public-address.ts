import {git} from './git.ts';

/** Milliseconds for which the host is waited for. */
const patience = 8000;

/** The https address of the same repository: git@HOST:OWNER/NAME.git has its counterpart on all the usual hosts. Undefined for any other. */
export function overHttps(address: string): string | undefined {
	const [, host, path] =
		/^(?:ssh:\/\/git@(?=[^:]*$)|git@)([\w-][\w.-]*)[:/]((?:[\w~-][\w.~-]*\/)+\w[\w.-]*?)(?:\.git)?\/?$/.exec(address) ??
		[];
	return host === undefined ? undefined : `https://${host}/${path}.git`;
}

/** Where anybody may read the repository of an address for ssh, without a key or a password: its address over https. Undefined where that can't be told. */
export async function publicAddress(address: string, signal?: AbortSignal): Promise<string | undefined> {
	const open = overHttps(address);
	if (open === undefined) return undefined;
	const said = await git(['ls-remote', '--quiet', '--', open, 'HEAD'], {
		limit: patience,
		isAnonymous: true,
		...(signal && {signal}),
	}).catch(() => undefined);
	return said === undefined ? undefined : open;
}
