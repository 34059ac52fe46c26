import {quote} from '../contract/command.ts';
import {Secret} from '../contract/secret.ts';
import type {Script} from '../remote/script.ts';
import {type ForegroundRun, foregroundUnit, type Mode, removeUnit, unit, writeUnit} from './foreground-unit.ts';
import type {Situation} from './look.ts';

/**
 * The job that runs the exact program in the foreground, asks it for pages once it listens, and ends it again. In its
 * unit stand both the stop of the supervised app and its start afterwards (ExecStartPre=, ExecStopPost=): whatever ends the
 * program (the job, its time, a lost connection, a killed wizard), systemd gives the app back. A box that is rebooted
 * starts it anyway.
 */
export function foregroundScript(run: ForegroundRun): Script {
	const {situation, mode, mark, log} = run;
	const {app, since} = situation;
	const port = portFor(situation, mode);
	const text = [
		`mark=${quote(mark)} log=${quote(log)} unit=${foregroundUnit} port=${port ?? ''} since=${quote(since)}`,
		`say() { printf '\\n%s %s\\n' "$mark" "$*"; }`,
		...writeUnit(run, port),
		`trap 'systemctl stop $unit 2>/dev/null; ${removeUnit}; systemctl daemon-reload' EXIT`,
		...(mode === 'beside' ? [] : [leash]),
		'systemctl daemon-reload; systemctl reset-failed $unit 2>/dev/null || true; begun=$(date +%s)',
		'systemctl start $unit 2>/dev/null || true',
		port === undefined ? watchWorker : watchServer(app.domain),
		leave,
		...(situation.supervised === 'running' && (situation.answers ?? 200) > 0 ? [] : [keptLog(run)]),
		nginxLog,
		'exit 0',
	].join('\n');
	return {text, secrets: {unit: new Secret(unit(run, port))}};
}

/** Where the program listens; undefined for what serves no pages. */
export function portFor({app, sparePort}: Situation, mode: Mode): number | undefined {
	return app.port !== undefined && mode === 'beside' ? sparePort : app.port;
}

/**
 * Waits for the wizard's lock, which dies with its connection: whoever is gone leaves no app stopped. The lock is given back
 * at once, to the wizard that comes again.
 */
const leash = `( exec 9>> /run/boxwizard.lock; flock 9; say cut; systemctl stop $unit ) &`;

/** Whether the program holds the port: another's answer would be taken for its own. */
const watchServer = (domain: string | undefined) => `mine() {
	for pid in $(ss -Hltnp "( sport = :$port )" | grep -o 'pid=[0-9]*' | cut -d= -f2); do
		if grep -q "$unit" /proc/$pid/cgroup 2>/dev/null; then return 0; fi
	done
	return 1
}
listens=
for try in {1..250}; do
	if mine; then listens=yes; break; fi
	if ! systemctl is-active --quiet $unit; then break; fi
	sleep 0.1
done
if [ -n "$listens" ]; then
	say listening "$port"
	pages=$({ echo /; awk '$6 == "\\"GET" && $9 ~ /^5/ && $7 !~ /[?]/ && length($7) < 200 {print $7}' /var/log/nginx/*access.log 2>/dev/null | tail -n 20 | sort -u | grep -v '^/$' | tail -n 3; } || true)
	while read -r page; do
		code=$(curl --silent --noproxy '*' --globoff --path-as-is --output /dev/null --max-time 25 --write-out '%{http_code}' --header ${quote(`Host: ${domain ?? 'localhost'}`)} --header 'X-Forwarded-Proto: https' "http://127.0.0.1:$port$page") || true
		say answer "\${code:-000}" "$page"
		if ! systemctl is-active --quiet $unit; then break; fi
	done <<< "$pages"
elif systemctl is-active --quiet $unit; then say silent
fi`;

/** What serves no pages is well when it stays. */
const watchWorker = `steady=yes
for try in {1..40}; do
	if ! systemctl is-active --quiet $unit; then steady=; break; fi
	sleep 0.1
done
if [ -n "$steady" ]; then say steady; fi`;

/** Ends it, which gives the app back, and tells how it ended and what systemd said of it. */
const leave = `alive=; if systemctl is-active --quiet $unit; then alive=yes; fi
systemctl stop $unit 2>/dev/null || true
if [ -z "$alive" ]; then say ended "$(systemctl show --property=Result,ExecMainStatus --value $unit | tr '\\n' ' ')"; fi
{ journalctl --quiet --no-pager --output=cat --unit=$unit --since="@$begun" || true; } | { grep -E 'Failed at step|Failed to (locate|determine|execute|set up)|status=[0-9]+/[A-Z]+|oom|Changing to the requested' || true; } | while read -r line; do say box "$line"; done`;

/** What the app said under its process manager, where it is not well there. */
function keptLog({situation: {app}}: ForegroundRun): string {
	const lines =
		app.manager === 'systemd'
			? `journalctl --quiet --no-pager --output=cat --unit=${quote(app.program)} --lines=60`
			: `tail -n 60 -- ${quote(app.log)}`;
	return `{ ${lines} 2>/dev/null || true; } | while read -r line; do say log "$line"; done`;
}

const nginxLog = `{ tail -q -n 200 /var/log/nginx/*error.log 2>/dev/null || true; } | awk -v since="$since" '$1 " " $2 >= since' | tail -n 40 | while read -r line; do say nginx "$line"; done
say clock "$(date '+%Y/%m/%d %H:%M:%S')"`;

/** What a line of the job means. */
export type Told =
	| {readonly kind: 'output' | 'log' | 'nginx' | 'box'; readonly text: string}
	| {readonly kind: 'listening' | 'silent' | 'steady' | 'cut'}
	| {readonly kind: 'answer'; readonly status: number; readonly page: string}
	| {readonly kind: 'ended'; readonly result: string; readonly status: string}
	| {readonly kind: 'clock'; readonly text: string};

/** Lines of a traceback that say nothing: Python’s own machinery, and marks under a line. */
const noise = /^[ |]*[~^]+$|File "<frozen importlib/;

export function toldBy(line: string, mark: string): Told | undefined {
	if (!line.startsWith(`${mark} `)) return line === '' || noise.test(line) ? undefined : {kind: 'output', text: line};
	const [kind = '', ...rest] = line.slice(mark.length + 1).split(' ');
	const text = rest.join(' ');
	switch (kind) {
		case 'log':
		case 'nginx':
		case 'box':
		case 'clock':
			return {kind, text};
		case 'listening':
		case 'silent':
		case 'steady':
		case 'cut':
			return {kind};
		case 'answer':
			return {kind, status: Number(rest[0]) || 0, page: rest.slice(1).join(' ')};
		case 'ended':
			return {kind, result: rest[0] ?? '', status: rest[1] ?? ''};
		default:
			return undefined;
	}
}
