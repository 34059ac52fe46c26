import {foreignLogs} from '../../../../steps/control/foreign.ts';
import {type LoggedApp, logSourcesOf} from '../../../../steps/process/logs.ts';
import {didYouMean} from '../../../answers/nearest.ts';
import {type LogKind, type LogSource, logKinds} from '../../../contract/log-source.ts';
import type {ForeignProgram} from '../../../contract/status.ts';
import {Trouble} from '../../../contract/trouble.ts';
import {type LogFilter, type LogLine, passes, sinceOf} from '../../../logs/merge.ts';
import {streamLogs} from '../../../logs/stream.ts';
import {knownBox} from '../../boxes/open-known.ts';
import type {BoxFlags} from '../../given/from-flags.ts';
import {placeOf} from '../../target/named-box.ts';
import {isTerminal, note, print, printJson} from '../../terminal/output.ts';

export type LogsFlags = BoxFlags & {
	/** 'app,nginx' */
	readonly only?: string;
	/** '1h', or a date. */
	readonly since?: string;
	readonly grep?: string;
	readonly lines?: number;
	/** Undefined where nothing is said: at a terminal, it follows. */
	readonly follow?: boolean;
};

/** Lines of each source, where nothing is said; and those of a span of time. */
const [fewLines, manyLines] = [100, 20_000];

/** Prints the logs of a box as one, by their moments, and goes on as lines come. */
export async function logs(named: string | undefined, which: string | undefined, flags: LogsFlags): Promise<void> {
	const {host, app} = placeOf(named, which);
	const box = await knownBox(host, flags);
	const own = logSourcesOf(box.apps as readonly unknown[] as readonly LoggedApp[]);
	const kinds = kindsOf(flags.only);
	const filter = filterOf(flags);
	const follow = flags.follow ?? (isTerminal() && !flags.json);
	const lines = flags.lines ?? (filter.since === undefined ? fewLines : manyLines);
	const {session, clean, others} = await box.open();
	const stop = () => void session.box.close();
	process.once('SIGINT', stop);
	let stopped = false;
	process.once('SIGINT', () => {
		stopped = true;
	});
	try {
		const sources = ofKinds(
			app === undefined || isOwn(own, app) ? ofApp(own, app) : ofForeign(own, await others(), app),
			kinds,
		);
		const width = Math.max(0, ...sources.map(({label}) => label.length));
		const wish = {lines, follow, ...(filter.since !== undefined && {since: filter.since})};
		for await (const event of streamLogs(session.box, sources, wish)) {
			if (stopped) return;
			if ('reconnecting' in event) note(`The connection was lost; connecting again (${event.reconnecting}).`);
			else if (passes(event, filter)) show(event, clean, width, flags.json ?? false);
		}
	} catch (error) {
		// Who follows a log ends it with Ctrl-C: that is no error, and nothing is left half done.
		if (!stopped) throw error;
	} finally {
		process.off('SIGINT', stop);
		await session.box.close();
	}
}

/** @throws Trouble with the nearest name for a kind that there is not */
function kindsOf(only: string | undefined): readonly string[] | undefined {
	const kinds = only?.split(',').map(word => word.trim());
	const stranger = kinds?.find(kind => !logKinds.includes(kind as LogKind));
	if (stranger !== undefined) throw noSuch(`There is no log “${stranger}”.`, stranger, logKinds);
	return kinds;
}

const ofKinds = (sources: readonly LogSource[], kinds: readonly string[] | undefined): readonly LogSource[] =>
	sources.filter(({kind}) => kinds?.includes(kind) ?? true);

const isOwn = (sources: readonly LogSource[], name: string): boolean =>
	sources.some(({kind, label}) => kind === 'app' && label === name);

/** Those of one app, or of one of its programs. */
function ofApp(sources: readonly LogSource[], app: string | undefined): readonly LogSource[] {
	if (app === undefined) return sources;
	// A program of an app has its own log, and shares those of its site.
	const owner = sources.find(({kind, label}) => kind === 'app' && label === app)?.app;
	return sources.filter(source => {
		if (source.kind === 'app') return app === owner ? source.app === owner : source.label === app;
		return source.kind === 'nginx' && (source.app ?? owner) === owner;
	});
}

/** Those of a program that is not boxwizard's. @throws Trouble with the nearest name where there is none of that name */
function ofForeign(own: readonly LogSource[], others: readonly ForeignProgram[], name: string): readonly LogSource[] {
	const found = others.find(other => other.name === name);
	if (found) return foreignLogs(found);
	const names = [...own.filter(({kind}) => kind === 'app'), ...others.map(other => ({label: other.name}))];
	throw noSuch(`There is no app “${name}” on this box.`, name, [...new Set(names.map(({label}) => label))]);
}

/** @throws Trouble for a span that can't be read */
function filterOf({since, grep}: LogsFlags): LogFilter {
	const moment = since === undefined ? undefined : sinceOf(since, Date.now());
	if (since !== undefined && moment === undefined) {
		throw new Trouble({
			what: `“${since}” is no span of time.`,
			means: 'Nothing was shown.',
			next: 'Write it as 30m, 2h, 3d or 2026-11-21T10:00Z.',
			code: 'bad-option',
		});
	}

	return {...(moment !== undefined && {since: moment}), ...(grep !== undefined && {grep})};
}

function show({time, source, text}: LogLine, clean: (line: string) => string, width: number, json: boolean): void {
	const moment = new Date(time).toISOString();
	if (json) printJson({event: 'line', time: moment, kind: source.kind, source: source.label, text: clean(text)});
	else print(`${moment.replace(/\.\d+Z$/, 'Z')} ${source.label.padEnd(width)} ${clean(text)}`);
}

function noSuch(what: string, word: string, words: readonly string[]): Trouble {
	return new Trouble({what, means: 'Nothing was shown.', next: didYouMean(word, words), code: 'unknown-log'});
}
