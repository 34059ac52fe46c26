import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import type {Reminder} from './reminder.ts';

/** Milliseconds that a desktop may take to show something. */
const patience = 15_000;

/** Programs of toasted-notifier that are shipped beside the bundle. */
const shipped = {
	mac: 'notifier/terminal-notifier.app/Contents/MacOS/terminal-notifier',
	windows: 'notifier/notifu64.exe',
} as const;

/** Shows a notification on the desktop; answers why it can't, or nothing when it is shown. */
export async function showOnDesktop({title, body}: Pick<Reminder, 'title' | 'body'>): Promise<string | undefined> {
	if (process.platform === 'linux') findSessionBus();
	const {default: notifiers} = await import('toasted-notifier');
	const beside = (path: string) => fileURLToPath(new URL(path, import.meta.url));
	const notifier =
		process.platform === 'darwin'
			? new notifiers.NotificationCenter({customPath: beside(shipped.mac)})
			: process.platform === 'win32'
				? new notifiers.WindowsBalloon({customPath: beside(shipped.windows)})
				: new notifiers.NotifySend();
	return await new Promise(resolve => {
		const late = setTimeout(() => resolve('the desktop does not answer'), patience);
		const end = (problem: unknown) => {
			clearTimeout(late);
			resolve(problem ? firstLine(problem) : undefined);
		};
		notifier.notify({title, message: body, urgency: 'critical', wait: false}, end);
	});
}

/** cron starts without a session; where the person is logged in, its bus is here (systemd's pam_systemd(8)). */
function findSessionBus(): void {
	const bus = `/run/user/${process.getuid?.()}/bus`;
	if (!process.env.DBUS_SESSION_BUS_ADDRESS && existsSync(bus))
		process.env.DBUS_SESSION_BUS_ADDRESS = `unix:path=${bus}`;
}

function firstLine(problem: unknown): string {
	const text = problem instanceof Error ? problem.message : String(problem);
	if (/not found: notify-send/.test(text)) return 'notify-send is not installed (Debian: libnotify-bin)';
	const lines = text.split('\n').filter(line => line.trim() !== '' && !line.startsWith('Command failed'));
	return lines[0]?.trim().slice(0, 200) ?? 'the desktop shows no notifications';
}
