import {logSources, plainSources} from '../../../steps/process/logs.ts';
import {resolve} from '../../answers/answers.ts';
import type {LogEvent, LogSource} from '../../contract/log-source.ts';
import type {Catalogue} from '../../contract/step.ts';
import type {Session} from '../../engine/session.ts';
import {streamLogs} from '../../logs/stream.ts';
import {redactor} from '../../remote/explain.ts';
import type {JournalState} from '../../state/journal.ts';
import {appsOf} from './derived.ts';
import {keptSecrets} from './secrets.ts';

/** Lines of each log to begin with. */
const backlog = 100;

/** The logs of a box and all its apps as one, without the secrets that are known; ends as soon as the signal says so. */
export async function* logsOfBox(
	catalogue: Catalogue,
	{box, journal, vault}: Session,
	signal: AbortSignal,
): AsyncGenerator<LogEvent, void, void> {
	const state = journal.read();
	const secrets = await Promise.all(Object.keys(state.apps).map(app => keptSecrets(vault, catalogue, app)));
	const clean = (text: string) => secrets.reduce((line, some) => redactor(some)(line), text);
	const sources = sourcesOf(catalogue, state);
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

/** The sources of all apps; what they share is read once. */
function sourcesOf(catalogue: Catalogue, state: JournalState): LogSource[] {
	const apps = appsOf(catalogue, state, undefined);
	if (apps.length === 0) return [...plainSources];
	const all = apps.flatMap(({name, kind, answers}) => {
		const filled = resolve(kind.steps, kind.defaults, {...state.box.answers, ...answers}).answers;
		const supervisor = filled.supervisor === 'systemd' ? ('systemd' as const) : ('supervisor' as const);
		const {queue = '', mail = 'direct'} = filled;
		return logSources({app: name, queue: String(queue), supervisor, mail: String(mail)});
	});
	const seen = new Map(all.map(source => [JSON.stringify(source.from), source]));
	return [...seen.values()];
}
