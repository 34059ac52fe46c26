import type {Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {pathsOf} from '../folders/paths.ts';
import {pidCommand} from './mainProcess.ts';
import {lastLines} from './processManager.ts';
import type {ProcessManager} from './program.ts';

/** An app's web server, as it shall answer. */
export type Served = {
	readonly app: string;
	readonly manager: ProcessManager;
	/** Where it listens, on the loopback. */
	readonly port: number;
	/** The first one is asked for; a redirect to another one is followed too. */
	readonly names: readonly string[];
};

/**
 * Who listens on a port, one line each: what it is, its user and its program. 'old': of another release than the current one. A process
 * that has left the folder of releases is the manager's own where it comes from its main process.
 */
const listeners = `port=$1 app=$2 releases=$3 current=$4 main=$5
ss -Hltnp "sport = :$port" | grep -oE 'pid=[0-9]+' | sort -u | cut -d= -f2 | while read -r pid; do
	user=$(stat -c %U "/proc/$pid" 2> /dev/null) || continue
	folder=$(readlink "/proc/$pid/cwd")
	kind=own
	if [ "$user" != "$app" ]; then kind=other
	elif case $folder in "$releases"/*) true ;; *) false ;; esac; then
		name=\${folder#"$releases"/}
		[ "$releases/\${name%%/*}" -ef "$current" ] || kind=old
	else
		above=$pid
		while [ "\${above:-0}" -gt 1 ] && [ "$above" != "$main" ]; do above=$(ps -o ppid= -p "$above" | tr -d ' '); done
		[ "$above" = "$main" ] || kind=old
	fi
	echo "$kind $user $(cat "/proc/$pid/comm")"
done`;

/** Waits up to 20 s for somebody to listen, and that long for an older release to leave. */
async function readListeners($: Probe, {app, manager, port}: Served): Promise<string[]> {
	const {releases, current} = pathsOf(app);
	const said = await $`for attempt in {1..200}; do
	found=$(bash -c ${listeners} bash ${port} ${app} ${releases} ${current} "$(${pidCommand(manager, app)})")
	case $found in '' | *'old '*) sleep 0.1 ;; *) break ;; esac
done; echo "$found"`;
	return said.split('\n').filter(line => line !== '');
}

/** Asks for the first page as nginx would, with the cookies it is given, and follows a redirect to a page of the same site. Prints what was answered, hop by hop. */
const ask = `port=$1 host=$2; shift 2
jar=$(mktemp); page=$(mktemp); trap 'rm -f "$jar" "$page"' EXIT
path=/
for hop in 1 2 3 4; do
	answer=$(curl --silent --noproxy '*' --output "$page" --max-time 20 --cookie "$jar" --cookie-jar "$jar" --write-out '%{http_code} %{redirect_url}' \\
		--header "Host: $host" --header "X-Real-IP: 127.0.0.1" --header "X-Forwarded-For: 127.0.0.1" --header 'X-Forwarded-Proto: https' --path-as-is "http://127.0.0.1:$port$path")
	case $? in 0 | 23) ;; 28) echo "slow $path"; exit ;; *) echo "000 $path"; exit ;; esac
	echo "\${answer%% *} $path"
	case $answer in 3*) ;; *) break ;; esac
	next=
	for name in "127.0.0.1:$port" "$@"; do
		for scheme in https http; do
			case "\${answer#* }" in "$scheme://$name") next=/ ;; "$scheme://$name/"*) next=\${answer#* *"$name"} ;; "$scheme://$name:443/"*) next=\${answer#* *"$name:443"} ;; esac
		done
	done
	[ -n "$next" ] || exit
	path=\${next%%#*}
done
head -c 2000 "$page" | tr -d '\\r\\0' | head -n 40`;

/**
 * Proves that an app's web server answers: the app itself and no other program, in the release that is live; with its domain's name and
 * as over https. A page that wants a login, or is not there, is the app's own word; an error of the server's is not. @throws Trouble
 */
export async function proveServed($: Probe, served: Served): Promise<void> {
	const {app, port, names} = served;
	const found = await readListeners($, served);
	const foreign = found.find(line => line.startsWith('other '));
	if (found.length === 0) throw silent(port, await words());
	if (foreign) throw portTaken(app, port, foreign.split(' '), await words());
	if (found.some(line => line.startsWith('old '))) throw oldRelease(app, port, await words());
	const host = names[0] ?? 'localhost';
	const answer = await $`for attempt in {1..200}; do
	answer=$(bash -c ${ask} bash ${port} ${host} ${names})
	case $answer in 000*) sleep 0.1 ;; *) break ;; esac
done; echo "$answer"`;
	if (troubleOf(answer, served, []) !== undefined) throw troubleOf(answer, served, await words());

	async function words(): Promise<string[]> {
		return (await lastLines($, served.manager, app)).split('\n');
	}
}

/** What is wrong with what was answered; undefined for nothing. Pure. @param said hops, then the beginning of the last page */
export function troubleOf(said: string, {port, names}: Served, evidence: readonly string[]): Trouble | undefined {
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

function portTaken(app: string, port: number, [, user, program]: readonly string[], evidence: string[]): Trouble {
	return new Trouble({
		what: `Port ${port} of the box is taken by ${program || 'another program'}, which runs as ${user}.`,
		means: `${app} can’t listen there: what answers is another program, and nginx would show its pages.`,
		next: 'Give the app another port (App port, in its details), or move that program to another one. Then try again.',
		evidence,
		code: 'port-taken',
	});
}

function oldRelease(app: string, port: number, evidence: string[]): Trouble {
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

function silent(port: number, evidence: readonly string[]): Trouble {
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
