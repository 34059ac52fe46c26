import {existsSync, rmSync} from 'node:fs';
import {homedir} from 'node:os';
import {isAbsolute, join} from 'node:path';
import {writeWhole} from '../../state/atomic-write.ts';
import {must} from './run-program.ts';
import {type Scheduler, scheduleName} from './scheduler.ts';

const timer = `${scheduleName}.timer`;

/**
 * systemd.timer(5) of the person's own service manager. Several times a day, as with cron: what is made up for at a login
 * often runs before the desktop can show anything, and is to be tried again the same day.
 */
export const systemd: Scheduler = {
	name: 'systemd',
	when: 'every four hours, or as soon as you log in after that',
	async works(run) {
		findManager();
		return (await run(['systemctl', '--user', 'show-environment'])).code === 0;
	},
	async install(run, words) {
		for (const [path, text] of unitFiles(words)) writeWhole(path, text);
		await must(run, ['systemctl', '--user', 'daemon-reload']);
		await must(run, ['systemctl', '--user', 'enable', '--now', timer]);
	},
	async remove(run) {
		const paths = unitFiles([]).map(([path]) => path);
		if (!paths.some(path => existsSync(path))) return;
		findManager();
		await run(['systemctl', '--user', 'disable', '--now', timer]);
		for (const path of paths) rmSync(path, {force: true});
		await run(['systemctl', '--user', 'daemon-reload']);
	},
	async installed(run) {
		findManager();
		return (await run(['systemctl', '--user', 'is-active', '--quiet', timer])).code === 0;
	},
};

/** A shell that did not come by a login (su, cron) does not know where the manager is. */
function findManager(): void {
	const folder = `/run/user/${process.getuid?.()}`;
	if (!process.env.XDG_RUNTIME_DIR && existsSync(folder)) process.env.XDG_RUNTIME_DIR = folder;
}

/** Path and text of both units (systemd.unit(5): the user unit search path). */
export function unitFiles(words: readonly string[]): readonly (readonly [path: string, text: string])[] {
	const {XDG_CONFIG_HOME: given = ''} = process.env;
	const folder = join(isAbsolute(given) ? given : join(homedir(), '.config'), 'systemd', 'user');
	return [
		[join(folder, `${scheduleName}.service`), service(words)],
		[join(folder, timer), schedule],
	];
}

function service(words: readonly string[]): string {
	return `[Unit]
Description=boxwizard: looks when certificates, domains and systems end, and tells in time

[Service]
Type=oneshot
ExecStart=${words.map(quoteWord).join(' ')}
`;
}

const schedule = `[Unit]
Description=boxwizard: looks several times a day when certificates, domains and systems end

[Timer]
OnCalendar=*-*-* 0/4:17
# What was slept through is made up for.
Persistent=true

[Install]
WantedBy=timers.target
`;

/** A word of a command line (systemd.service(5)): % and $ would be expanded. */
function quoteWord(word: string): string {
	const text = word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$');
	return /^[\w%$+,./:=@-]+$/.test(text) ? text : `"${text}"`;
}
