import {Trouble} from '../../source/contract/trouble.ts';

/** What is asked of an app's web server, as far as it tells what is wrong with an answer. */
export type Asked = {
	/** Where it listens, on the loopback. */
	readonly port: number;
	/** The names of its site. */
	readonly names: readonly string[];
};

/** What is wrong with what was answered; undefined for nothing. Pure. @param said hops, then the beginning of the last page */
export function troubleOf(said: string, {port, names}: Asked, evidence: readonly string[]): Trouble | undefined {
	const lines = said.split('\n');
	const hops = lines.filter(line => /^(?:\d{3}|slow) \//.test(line));
	const [status = '000', path = '/'] = hops.at(-1)?.split(' ') ?? [];
	const page = lines.slice(hops.length).join('\n');
	const asked = hops.map(hop => `GET ${hop.split(' ')[1] ?? '/'} → ${hop.split(' ')[0]}`);
	if (status === 'slow') return slow(port, evidence);
	if (status === '000') return silent(port, evidence);
	if (Number(status) >= 500) return failing(status, path, [...asked, ...evidence]);
	const visited = hops.map(hop => hop.split(' ')[1]);
	if (/^3/.test(status) && visited.length > 3 && new Set(visited).size < visited.length) return loops(asked, evidence);
	if (status === '400' && refusesHost.test(page)) return refused(names[0] ?? '', asked, evidence);
	return undefined;
}

/** What Django, Starlette and Werkzeug write on the page for a name that they don't know. */
const refusesHost =
	/Invalid HTTP_HOST header|<h1>Bad Request \(400\)<\/h1>|Invalid host header|DisallowedHost|is not trusted/;

export function portTaken(
	app: string,
	port: number,
	[, user, program]: readonly string[],
	evidence: string[],
): Trouble {
	return new Trouble({
		what: `Port ${port} of the box is taken by ${program || 'another program'}, which runs as ${user}.`,
		means: `${app} can’t listen there: what answers is another program, and nginx would show its pages.`,
		next: 'Give the app another port (App port, in its details), or move that program to another one. Then try again.',
		evidence,
		code: 'port-taken',
	});
}

export function oldRelease(app: string, port: number, evidence: string[]): Trouble {
	return new Trouble({
		what: `What answers on port ${port} of the box is not the version of ${app} that is live now.`,
		means:
			'A process of an earlier version still holds the port: one that its process manager does not know (the app may start itself in the background), or that does not end.',
		next: 'Have the app stay in the foreground (no `daemon`, no `&` in its start command), and try again.',
		evidence,
		code: 'old-release-answers',
	});
}

function slow(port: number, evidence: readonly string[]): Trouble {
	return new Trouble({
		what: `The app takes the question for its first page on port ${port} of the box, and does not answer within 20 s.`,
		means: 'It waits for something: another service, a lock, or a page of its own that no worker is left to make.',
		next: 'Look in its code at what the first page asks for, or at its last lines below. Mend it, then try again.',
		evidence,
		code: 'app-slow',
	});
}

export function silent(port: number, evidence: readonly string[]): Trouble {
	return new Trouble({
		what: `The app does not answer on port ${port} of the box.`,
		means: 'It ended while it started, it has not started within 20 s, or it listens elsewhere.',
		next: 'Read its last lines below: they name what is missing or wrong. Mend it in the app or in its settings, then try again.',
		evidence,
		code: 'app-silent',
	});
}

function failing(status: string, path: string, evidence: readonly string[]): Trouble {
	return new Trouble({
		what: `The app answers ${path === '/' ? 'its first page' : path} with an error (${status}).`,
		means: 'It runs, but a page of it fails: its visitors would see “Internal Server Error”.',
		next: 'Read its last lines below: they name what is missing or wrong. Mend it in the app or in its settings, then try again.',
		evidence,
		code: 'app-error',
	});
}

function loops(asked: readonly string[], evidence: readonly string[]): Trouble {
	return new Trouble({
		what: 'The app sends its visitors round in a circle.',
		means:
			'Each answer is a redirect to a page that was asked for before. Mostly it wants https, and does not see that nginx was asked over https: it has to heed X-Forwarded-Proto.',
		next: 'Let it trust the proxy before it (in Flask ProxyFix, in Django SECURE_PROXY_SSL_HEADER), commit and push. Then try again.',
		evidence: [...asked, ...evidence],
		code: 'redirect-loop',
	});
}

function refused(host: string, asked: readonly string[], evidence: readonly string[]): Trouble {
	return new Trouble({
		what: `The app does not know the name ${host}: it answers “400 Bad Request”.`,
		means:
			'It answers only for the host names that its settings list (ALLOWED_HOSTS, trusted hosts). All visitors would see this.',
		next: `Have ALLOWED_HOSTS (in Starlette allowed_hosts) contain ${host}; best read from a variable. Then try again.`,
		evidence: [...asked, ...evidence],
		code: 'host-refused',
	});
}
