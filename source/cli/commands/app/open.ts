import {spawn} from 'node:child_process';
import {release} from 'node:os';
import {Trouble} from '../../../contract/trouble.ts';
import {chosenApp} from '../../place/chosen-app.ts';
import {placeOf} from '../../place/place.ts';
import {isTerminal, note, print, printJson} from '../../talk/terminal.ts';
import {appNamed} from '../../wizard/app-roads.ts';
import {knownState} from '../../wizard/known-boxes.ts';

export type OpenFlags = {
	readonly json?: boolean;
	/** Only the address is wanted. */
	readonly print?: boolean;
};

/** Opens an app's site in the browser; prints its address where that can't be done. */
export async function open(host: string | undefined, app: string | undefined, flags: OpenFlags): Promise<void> {
	const place = placeOf(host, app);
	const state = knownState(place.host);
	const name = chosenApp(state, place.app);
	const {domain} = appNamed(state, name).answers;
	if (typeof domain !== 'string' || domain === '') throw noSite(name);
	const url = `https://${domain}/`;
	if (flags.json) return printJson({event: 'site', host: state.host, app: name, url});
	if (flags.print || !isTerminal()) return print(url);
	if (state.practice !== undefined) note('A practice box: only the name server beside it knows its name.');
	const opened = await start(browserCommand(url, process.platform, process.env, release()));
	if (opened) note(`Opening ${url}`);
	else print(url);
}

/** What opens an address in the person's browser; undefined where there is no desktop to open it on. Pure. */
export function browserCommand(
	url: string,
	platform: NodeJS.Platform,
	environment: Readonly<Record<string, string | undefined>>,
	kernel: string,
): readonly string[] | undefined {
	if (platform === 'darwin') return ['open', url];
	// `start` is a word of cmd's own, which reads & as its own too: the shell's handler takes the address as it is.
	if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
	if (/microsoft/i.test(kernel)) return ['rundll32.exe', 'url.dll,FileProtocolHandler', url];
	return environment.DISPLAY || environment.WAYLAND_DISPLAY ? ['xdg-open', url] : undefined;
}

/** Whether the command could be started, and did not fail at once. */
async function start(words: readonly string[] | undefined): Promise<boolean> {
	const [program, ...rest] = words ?? [];
	if (program === undefined) return false;
	const child = spawn(program, rest, {stdio: 'ignore', detached: true});
	return await new Promise(resolve => {
		child.once('error', () => resolve(false));
		// xdg-open and its like hand the address on and end; a browser that stays is left to itself.
		child.once('exit', code => resolve(code === 0));
		child.once('spawn', () =>
			setTimeout(() => {
				child.unref();
				resolve(true);
			}, 3000).unref(),
		);
	});
}

function noSite(app: string): Trouble {
	return new Trouble({
		what: `${app} serves no site.`,
		means: 'There is no address to open.',
		next: 'Look at what it does: boxwizard logs HOST',
		code: 'no-site',
	});
}
