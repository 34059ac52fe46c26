import type {Probe} from '../../source/contract/step.ts';
import {pathsOf} from '../folders/paths.ts';
import {mainProcess} from './mainProcess.ts';
import {lastLines} from './processManager.ts';
import type {ProcessManager} from './program.ts';
import {type Asked, oldRelease, portTaken, silent, troubleOf} from './refusals.ts';

/** An app's web server, as it shall answer. The first of its names is asked for; a redirect to another one is followed too. */
export type Served = Asked & {
	readonly app: string;
	/** What its program is called. */
	readonly program: string;
	readonly manager: ProcessManager;
	/** The pages that are asked for: '/'. */
	readonly pages: readonly string[];
};

/**
 * Bash functions that tell who answers on a port, and what. Each starts few processes: a box may be small.
 *
 * family PID: the process and all that come from it, one each line.
 *
 * listeners PORT APP RELEASES RELEASE MAIN: who listens, one line each: what it is, its user and its program. 'old': of another release
 * than this one. A process that has left the folder of releases is the app's own where it comes from its main process.
 *
 * ask PORT HOST PATH NAME…: asks for a page as nginx would, with the cookies it is given, and follows a redirect to a page of the same
 * site. Prints what was answered, hop by hop ('302 /'; 'slow /' after 20 s, '000 /' where nobody answered), then the beginning of the page.
 */
export const proofFunctions = `family() {
	ps -e -o pid=,ppid= | awk -v main="$1" '{ parent[$1] = $2 } END { for (one in parent) { above = one; while (above > 1 && above != main) above = parent[above]; if (above == main) print one } }'
}
listeners() {
	local port=$1 app=$2 releases=$3 release=$4 main=$5 pid user folder kind name own
	ss -Hltnp "sport = :$port" | grep -oE 'pid=[0-9]+' | sort -u | cut -d= -f2 | while read -r pid; do
		user=$(stat -c %U "/proc/$pid" 2> /dev/null) || continue
		folder=$(readlink "/proc/$pid/cwd")
		kind=own
		if [ "$user" != "$app" ]; then kind=other
		elif case $folder in "$releases"/*) true ;; *) false ;; esac; then
			name=\${folder#"$releases"/}
			[ "$releases/\${name%%/*}" -ef "$release" ] || kind=old
		else
			own=$(family "\${main:-0}")
			grep -qx "$pid" <<< "$own" || kind=old
		fi
		echo "$kind $user $(cat "/proc/$pid/comm")"
	done
}
ask() (
	port=$1 host=$2 path=$3; shift 3
	jar=$(mktemp); page=$(mktemp); trap 'rm -f "$jar" "$page"' EXIT
	for hop in 1 2 3 4; do
		code=0
		answer=$(curl --silent --noproxy '*' --output "$page" --max-time 20 --cookie "$jar" --cookie-jar "$jar" --write-out '%{http_code} %{redirect_url}' \
			--header "Host: $host" --header "X-Real-IP: 127.0.0.1" --header "X-Forwarded-For: 127.0.0.1" --header 'X-Forwarded-Proto: https' --path-as-is "http://127.0.0.1:$port$path") || code=$?
		case $code in 0 | 23) ;; 28) echo "slow $path"; exit ;; *) echo "000 $path"; exit ;; esac
		echo "\${answer%% *} $path"
		case $answer in 3*) ;; *) break ;; esac
		next=
		for name in "127.0.0.1:$port" "$@"; do
			for scheme in https http; do
				case "\${answer#* }" in "$scheme://$name") next=/ ;; "$scheme://$name/"*) next=\${answer#* *"$name"} ;; "$scheme://$name:443/"*) next=\${answer#* *"$name:443"} ;; esac
			done
		done
		[ -n "$next" ] || exit 0
		path=\${next%%#*}
	done
	head -c 2000 "$page" | tr -d '\\r\\0' | head -n 40
)`;

/** Waits up to 20 s for somebody to listen, and that long for an older release to leave. */
async function readListeners($: Probe, {app, program, manager, port}: Served): Promise<string[]> {
	const {releases, current} = pathsOf(app);
	const said = await $`eval ${proofFunctions}
for attempt in {1..200}; do
	found=$(listeners ${port} ${app} ${releases} ${current} "$(bash -c ${mainProcess(manager, program)})")
	case $found in '' | *'old '*) sleep 0.1 ;; *) break ;; esac
done; echo "$found"`;
	return said.split('\n').filter(line => line !== '');
}

/**
 * Proves that an app's web server answers: the app itself and no other program, in the release that is live; with its domain's name and
 * as over https. A page that wants a login, or is not there, is the app's own word; an error of the server's is not. @throws Trouble
 */
export async function proveServed($: Probe, served: Served): Promise<void> {
	const {app, port, names, pages} = served;
	const found = await readListeners($, served);
	const foreign = found.find(line => line.startsWith('other '));
	if (found.length === 0) throw silent(port, await words());
	if (foreign) throw portTaken(app, port, foreign.split(' '), await words());
	if (found.some(line => line.startsWith('old '))) throw oldRelease(app, port, await words());
	const host = names[0] ?? 'localhost';
	const answers = await Promise.all(
		pages.map(
			page => $`eval ${proofFunctions}
for attempt in {1..200}; do
	answer=$(ask ${port} ${host} ${page} ${names})
	case $answer in 000*) sleep 0.1 ;; *) break ;; esac
done; echo "$answer"`,
		),
	);
	const wrong = answers.find(answer => troubleOf(answer, served, []) !== undefined);
	if (wrong !== undefined) throw troubleOf(wrong, served, await words());

	async function words(): Promise<string[]> {
		return (await lastLines($, served.manager, served.program)).split('\n');
	}
}
