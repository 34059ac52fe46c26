import {mask, Secret} from '../contract/secret.ts';

/** Values that are no secret, and would make a log unreadable if they were masked: numbers, switches, hosts, paths, plain addresses. */
const harmless = [
	/^[\d.,:]*$/,
	/^(true|false|yes|no|on|off|none|production|development|debug|info|warning|error|utf-?8|c\.utf-8)$/i,
	/^(localhost|([a-z0-9-]+\.)+[a-z]{2,})(:\d+)?$/i,
	/^\.{0,2}\/?[\w.-]+(\/[\w.-]+)*\.(py|js|mjs|ts|json|db|sqlite3?|log|sock|pem|txt)$/,
	/^\/(etc|srv|home|var|run|opt|usr)\/[\w./-]+$/,
	/^[a-z0-9+]+:\/\/(localhost|[\w.-]+)(:\d+)?(\/[\w.-]*)*$/i,
];

/** What a program is told of its environment. */
const surroundings = /^(HOME|USER|LOGNAME|SHELL|PATH|LANG|LC_\w+|TZ|PWD|FLASK_APP|PYTHON\w+)$/;

/** Names whose value is a secret whatever it looks like. */
const telling = /SECRET|PASS|PWD|TOKEN|KEY|SALT|CREDENTIAL|PRIVATE|DSN|AUTH/i;

/** Letters of a value that is masked: what is shorter would take half a log with it. */
const fewest = 6;

/** NAME=value, quoted or not; in quotes a value may have several lines. */
const assignments =
	/^[^\S\n]*(?:export[^\S\n]+)?([A-Za-z_]\w*)[^\S\n]*=[^\S\n]*(?:"((?:\\[\s\S]|[^"\\])*)"|'((?:\\[\s\S]|[^'\\])*)'|([^\n]*?)[^\S\n]*$)/gm;

/**
 * What must not be seen of a .env file, or of one that systemd and a shell read: its values, but for those that are plainly no
 * secrets, and the password in an address. A log has lines: of a value of several lines, each.
 */
export function hiddenValues(environment: string): Secret[] {
	const found = [...environment.matchAll(assignments)].flatMap(([, name = '', double, single, bare = '']) => {
		if (surroundings.test(name)) return [];
		const value = double ?? single ?? bare;
		if (!telling.test(name) && harmless.some(pattern => pattern.test(value))) return [];
		const [, password = ''] = /^[^:\s]+:\/\/[^:@/\s]*:([^@\s]+)@/.exec(value) ?? [];
		const plain = value.replaceAll(/\\([\\"'$`])/g, '$1');
		return [...value.split('\n'), ...plain.split('\n'), password, decoded(password)];
	});
	return [...new Set(found)].filter(text => text.length >= fewest).map(text => new Secret(text));
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Masks them wherever they turn up. */
export function hiding(values: readonly Secret[]): (line: string) => string {
	const texts = values.map(value => value.reveal()).sort((one, other) => other.length - one.length);
	return line => texts.reduce((cleaned, value) => cleaned.replaceAll(value, mask), line);
}
