import {foreignLogs} from '../../../steps/control/foreign.ts';
import {type LoggedApp, logSourcesOf} from '../../../steps/process/logs.ts';
import type {Catalogue} from '../../contract/kind.ts';
import type {LogEvent} from '../../contract/log-source.ts';
import type {ForeignProgram} from '../../contract/status.ts';
import type {Session} from '../../engine/session.ts';
import {streamLogs} from '../../logs/stream.ts';
import {redactor} from '../../remote/explain.ts';
import {keptSecrets} from '../boxes/secrets.ts';
import {filledApps} from '../plans/derived.ts';

/** Lines of each log to begin with. */
const backlog = 100;

/** The logs of a box and all its apps as one, or of a program that is not boxwizard's, without the secrets that are known; ends as soon as the signal says so. */
export async function* logsOfBox(
	catalogue: Catalogue,
	{box, journal, vault}: Session,
	signal: AbortSignal,
	foreign?: ForeignProgram,
): AsyncGenerator<LogEvent, void, void> {
	const state = journal.read();
	const secrets = await Promise.all(Object.keys(state.apps).map(app => keptSecrets(vault, catalogue, app)));
	const clean = (text: string) => secrets.reduce((line, some) => redactor(some)(line), text);
	const sources = foreign
		? foreignLogs(foreign)
		: logSourcesOf(filledApps(catalogue, state) as readonly unknown[] as readonly LoggedApp[]);
	const stream = streamLogs(box, sources, {lines: backlog, follow: true, signal});
	const ended = new Promise<undefined>(end => signal.addEventListener('abort', () => end(undefined), {once: true}));
	while (!signal.aborted) {
		const next = await Promise.race([stream.next(), ended]);
		if (next === undefined || next.done) return;
		const event = next.value;
		if ('reconnecting' in event) yield {type: 'reconnecting', attempt: event.reconnecting};
		else {
			const {kind, label, app} = event.source;
			yield {type: 'line', time: event.time, kind, label, ...(app !== undefined && {app}), text: clean(event.text)};
		}
	}
}
