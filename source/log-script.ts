import {quote} from './command.ts';
import type {LogSource} from './log-source.ts';

/** What separates the lines that were there from those that come. */
export const backlogEnds = '= end';

/** Bytes of a file's end that are looked through: a log may have gigabytes. */
const window = 8 * 1024 * 1024;

export type LogWish = {
	/** Lines of each source at most. */
	readonly lines: number;
	/** Milliseconds since 1970; for the journal, which can look it up. */
	readonly since?: number;
	readonly follow: boolean;
};

/**
 * A script that prints what the sources hold, and then what comes: 'zone +0100', then '3 a line of source 3'. What
 * follows goes on exactly where the backlog ended (a file by its size, the journal by its cursor), so that no line is
 * lost or doubled in between.
 */
export function logScript(sources: readonly LogSource[], wish: LogWish): string {
	const numbered = [...sources.entries()];
	return [
		'export LC_ALL=C.UTF-8',
		'echo "zone $(date +%z)"',
		'folder=$(mktemp -d /run/boxwizard-logs.XXXXXX) || exit 1',
		`trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$folder"' EXIT`,
		...numbered.map(([index, source]) => backlog(index, source, wish)),
		`echo '${backlogEnds}'`,
		...(wish.follow ? [...numbered.map(([index, source]) => following(index, source)), heartbeat] : []),
	].join('\n');
}

/** Seconds after which the box notices that nobody reads any more, also where no line comes: then all of it ends. */
const patience = 10;

const heartbeat = `trap '' PIPE; while echo '= alive' 2> /dev/null; do sleep ${patience}; done`;

const tag = (index: number) => `sed -u 's/^/${index} /'`;

function backlog(index: number, {from}: LogSource, {lines, since}: LogWish): string {
	if ('journal' in from) {
		const when = since === undefined ? '' : ` --since=@${Math.floor(since / 1000)}`;
		return `journalctl --quiet --no-pager --no-hostname --output=short-unix --lines=${lines}${when} --cursor-file="$folder/${index}" ${words(from.journal)} | ${tag(index)}`;
	}

	const file = quote(from.file);
	return `size=$(stat -L -c %s -- ${file} 2>/dev/null || echo 0); echo "$size" > "$folder/${index}"
start=$((size > ${window} ? size - ${window} : 0))
if [ "$size" -gt 0 ]; then tail -c "+$((start + 1))" -- ${file} | head -c "$((size - start))" | tail -n ${lines} | ${tag(index)}; fi`;
}

/** By name (-F), so that a log that is rotated goes on; what it says of that is no line of the log. */
function following(index: number, {from}: LogSource): string {
	if ('journal' in from) {
		return `journalctl --quiet --no-pager --no-hostname --output=short-unix --follow $([ -s "$folder/${index}" ] && echo "--cursor-file=$folder/${index}" || echo --lines=0) ${words(from.journal)} 2>/dev/null | ${tag(index)} &`;
	}

	return `tail -c "+$(($(cat "$folder/${index}") + 1))" -F -- ${quote(from.file)} 2>/dev/null | ${tag(index)} &`;
}

const words = (matches: readonly string[]): string => matches.map(quote).join(' ');
