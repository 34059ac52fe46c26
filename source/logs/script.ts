import {quote} from '../contract/command.ts';
import type {LogSource, OwnLines} from '../contract/log-source.ts';

/** What separates the lines that were there from those that come. */
export const backlogEnds = '= end';

/** Bytes of a file's end that are looked through: a log may have gigabytes. */
const window = 8 * 1024 * 1024;

export type LogWish = {
	/** Lines of each source at most. */
	readonly lines: number;
	/** Milliseconds since 1970: how far back the journal is asked, and files that were rotated are read. */
	readonly since?: number;
	readonly follow: boolean;
	/** Ends it, within the seconds in which the box says that it is alive. */
	readonly signal?: AbortSignal;
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
		rotated,
		others,
		...numbered.map(([index, source]) => backlog(index, source, wish)),
		`echo '${backlogEnds}'`,
		...(wish.follow ? [...numbered.map(([index, source]) => following(index, source)), heartbeat] : []),
	].join('\n');
}

/** Seconds after which the box notices that nobody reads any more, also where no line comes: then all of it ends. */
const patience = 10;

const heartbeat = `trap '' PIPE; while echo '= alive' 2> /dev/null; do sleep ${patience}; done`;

const tag = (index: number) => `sed 's/^/${index} /'`;

/** Each line as it comes; reading byte by byte, it would be slow for what is there already. */
const tagAtOnce = (index: number) => `sed -u 's/^/${index} /'`;

/** rotated FILE SIZE SINCE: what was rotated out of a file since then, the oldest first, as far as the window reaches. */
const rotated = `rotated() {
local number=0 bytes=$2 file time size files=()
while [ "$bytes" -lt ${window} ]; do
	number=$((number + 1)) file=$1.$number
	[ -f "$file" ] || file=$file.gz
	read -r time size < <(stat -L -c '%Y %s' -- "$file" 2>/dev/null) && [ "$time" -ge "$3" ] || break
	bytes=$((bytes + size)) files=("$file" "\${files[@]}")
done
for file in "\${files[@]}"; do
	case $file in *.gz) zcat -- "$file" 2>/dev/null ;; *) tail -c ${window} -- "$file" ;; esac
done
}`;

/**
 * others USER,… UNIT…: matches of what all but these apps write. journalctl(1) knows no “not”: it is what other users write, what
 * other units of the same user do, and the kernel, which is no user.
 */
const others = `others() {
{ getent passwd | cut -d: -f3; journalctl --field=_UID; } | sort -u | grep -vxF -- "$(for user in \${1//,/ }; do id -u -- "$user"; done)" | sed 's/^/_UID=/'
echo '+ _TRANSPORT=kernel'
grep -lsx $(printf -- '-e User=%s ' \${1//,/ }) /etc/systemd/system/*.service | sed 's|.*/||' | grep -vxF "$(printf '%s\n' "\${@:2}")" | sed 's/^/+ _SYSTEMD_UNIT=/'
} 2>/dev/null`;

function backlog(index: number, {from}: LogSource, {lines, since}: LogWish): string {
	const seconds = since === undefined ? undefined : Math.floor(since / 1000);
	if ('journal' in from) {
		// With --since, journalctl's own --lines are the first of the span, not the last.
		const span = seconds === undefined ? `--lines=${lines}` : `--since=@${seconds}`;
		return `journalctl --quiet --no-pager --no-hostname --output=short-unix ${span} --cursor-file="$folder/${index}" ${matches(from)} | tail -n ${lines} | ${tag(index)}`;
	}

	const file = quote(from.file);
	return `size=$(stat -L -c %s -- ${file} 2>/dev/null || echo 0); echo "$size" > "$folder/${index}"
start=$((size > ${window} ? size - ${window} : 0))
{
${seconds === undefined ? '' : `rotated ${file} "$size" ${seconds}`}
if [ "$size" -gt 0 ]; then tail -c "+$((start + 1))" -- ${file} | head -c "$((size - start))"; fi
} | tail -c ${window} | tail -n ${lines} | ${tag(index)}`;
}

/** By name (-F), so that a log that is rotated goes on; what it says of that is no line of the log. */
function following(index: number, {from}: LogSource): string {
	if ('journal' in from) {
		return `journalctl --quiet --no-pager --no-hostname --output=short-unix --follow $([ -s "$folder/${index}" ] && echo "--cursor-file=$folder/${index}" || echo --lines=0) ${matches(from)} 2>/dev/null | ${tagAtOnce(index)} &`;
	}

	return `tail -c "+$(($(cat "$folder/${index}") + 1))" -F -- ${quote(from.file)} 2>/dev/null | ${tagAtOnce(index)} &`;
}

const words = (texts: readonly string[]): string => texts.map(quote).join(' ');

function matches({journal, without}: {readonly journal: readonly string[]; readonly without?: OwnLines}): string {
	return without ? `${words(journal)} $(others ${words([without.users.join(','), ...without.units])})` : words(journal);
}
