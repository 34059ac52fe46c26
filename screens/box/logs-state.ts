import {type LogEvent, type LogKind, logKinds} from '../../source/contract/log-source.ts';
import {cleanLine} from '../../source/render/wording.ts';

type Line = Extract<LogEvent, {type: 'line'}>;

/** What is seen of the logs. */
export type Logs = {
	readonly lines: readonly Line[];
	/** Lines of this app alone; of all apps and of the box with `undefined`. */
	readonly app: string | undefined;
	/** Of this kind alone; of all kinds with `undefined`. */
	readonly kind: LogKind | undefined;
	/** Only lines with this text, in any letter case; '' for all. */
	readonly search: string;
	/** The connection was lost: the attempt to make it anew. */
	readonly reconnecting?: number;
};

/** The last lines that are kept. */
const most = 5000;

export const logsOf = (app: string | undefined): Logs => ({lines: [], app, kind: undefined, search: ''});

/** After what came within one frame. Pure. */
export function afterEvents(logs: Logs, events: readonly LogEvent[]): Logs {
	const lines = events.filter(event => event.type === 'line');
	const last = events.at(-1);
	const {reconnecting: _over, ...rest} = logs;
	return {
		...rest,
		lines: lines.length === 0 ? logs.lines : [...logs.lines, ...lines].slice(-most),
		...(last?.type === 'reconnecting' && {reconnecting: last.attempt}),
	};
}

/** The next of the apps, then all of them, then the first again. Pure. */
export function withNextApp(logs: Logs, apps: readonly string[]): Logs {
	const order = [undefined, ...apps];
	return {...logs, app: order[(order.indexOf(logs.app) + 1) % order.length]};
}

/** The next of the kinds that there are lines of, then all of them. Pure. */
export function withNextKind(logs: Logs): Logs {
	const order = [undefined, ...logKinds.filter(kind => logs.lines.some(line => line.kind === kind))];
	return {...logs, kind: order[(order.indexOf(logs.kind) + 1) % order.length]};
}

/** The lines that pass. Pure. */
export function shownLines({lines, app, kind, search}: Logs): readonly Line[] {
	const wanted = search.toLowerCase();
	return lines.filter(
		line =>
			(app === undefined || line.app === app) &&
			(kind === undefined || line.kind === kind) &&
			(wanted === '' || `${line.label} ${line.text}`.toLowerCase().includes(wanted)),
	);
}

/** A line as it is read: its time of day here, what it is of, its text. */
export function lineText({time, label, text}: Line, labels: number): string {
	const shifted = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
	return `${shifted.toISOString().slice(11, 19)}  ${label.padEnd(labels)}  ${cleanLine(text)}`;
}
