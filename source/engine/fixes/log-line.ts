/** More than any message is: a pattern must not be held up by a line of a megabyte. */
const longest = 2000;

/** What logs write before a program's own words: each is cut off, in this order, where it is there. */
const prefixes: readonly RegExp[] = [
	// pm2 logs: '0|shop  | ', and with a time behind it; docker compose: 'web-1  | '
	/^(?:\d+\|)?[\w.-]{1,40} {0,20}\| (?:\d{4}-\d\d-\d\d[T ][\d:.+-]{8,20}Z?:? )?/,
	// journalctl and syslog, with a time in words or as ISO 8601: 'Mar 02 03:12:33 web1 kernel: ', '2026-11-27T03:12:33+00:00 web1 sshd[7]: '
	/^(?:[A-Za-zéû]{3,5}\.? [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.+-]{8,21}Z?) [\w.-]{1,64} [\w@.:/()-]{1,80}(?:\[\d+\])?: /,
	// The same without time and host: 'systemd[1]: ', 'pm2[6053]: '
	/^[a-z][\w@.()-]{0,40}\[\d+\]: /,
	// pip's frames around what a build said, and the marks of npm
	/^ *[│╰╭×]{1,3}─?>? (?=\S| {2})/u,
	/^npm (?:ERR!|error|warn|WARN) ?/,
];

/** What is said of a visitor is the visitor's own text: an address, a browser's name. ('GET /path HTTP/1.1" 200' of access logs.) */
const visitor = /"[A-Z]{3,10} [^"]{0,1500} HTTP\/[\d.]{1,3}"?:? "?\d{3}\b/;

/** A line of a log as the program said it; undefined for one that says only what a visitor asked for. */
export function bareLine(text: string): string | undefined {
	const line = text.slice(0, longest);
	if (visitor.test(line)) return undefined;
	return prefixes.reduce((rest, prefix) => rest.replace(prefix, ''), line);
}

/** A program was started here: what was said before is of an earlier start. */
const beginnings: readonly RegExp[] = [
	/^\[[^\]]{10,40}\] \[\d+\] \[INFO\] Starting gunicorn /,
	/^INFO: {5}Started (?:server|parent) process \[/,
	/^[\d-]{10} [\d:,]{8,12} INFO spawned: '/,
	/^Started \S.{0,200}\.$|^Starting \S.{0,200}\.\.\.$|^\S+\.service: Scheduled restart job/,
	/^> [^@\s]{1,100}@\S{1,40} (?:start|serve)$/,
	/^PM2 {5,}\| App \[\S+\] starting in/,
];

export function beginsStart(text: string): boolean {
	return beginnings.some(pattern => pattern.test(text));
}
