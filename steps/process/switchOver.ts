import {quote} from '../../source/contract/command.ts';
import type {Hand} from '../../source/contract/step.ts';
import type {TroubleParts} from '../../source/contract/trouble.ts';
import {pathsOf} from '../folders/paths.ts';
import {proofFunctions} from './proof.ts';
import {troubleOf} from './refusals.ts';
import {type SlotsOfApp, settleAfterwards, settleNow} from './settle.ts';
import {slotFunctions} from './slotFunctions.ts';
import {candidateMark, otherSlot, type Slot, settlerOf, slotPort, slotProgram, slotRelease} from './slots.ts';

/** Whether a new version starts while the one before still runs: where the memory is enough, always, or never. */
export type Beside = 'auto' | 'always' | 'never';

type Trial = Pick<SwitchOver, 'app' | 'manager' | 'ports' | 'pages' | 'patience'>;

/** One version of an app takes the place of another. */
export type SwitchOver = SlotsOfApp & {
	/** The slot that is live. */
	readonly from: Slot;
	/** The folder of the release that shall be. */
	readonly release: string;
	/** The names of the site: the first is asked for. */
	readonly names: readonly string[];
	/** The pages that have to answer: '/'. */
	readonly pages: readonly string[];
	/** Seconds that it may take to answer. */
	readonly patience: number;
	readonly beside: Beside;
};

/** An app whose release was served from its own folder gets its two slots, and is in the first. Nothing of it changes by that. */
export function layOutSlots($: Hand, app: string): void {
	const {root, live, slots, current} = pathsOf(app);
	$`if [ ! -e ${live} ]; then
	mkdir -p ${slots}/first ${slots}/second; : > ${slots}/second/second
	release=$(readlink -e ${current}); ln -sfnT "$release" ${slotRelease(app, 'first')}
	ln -sfnT slots/first ${root}/.live.boxwizard; mv -T ${root}/.live.boxwizard ${live}
	ln -sfnT live/release ${root}/.current.boxwizard; mv -T ${root}/.current.boxwizard ${current}
fi`;
}

/**
 * The other slot takes over: it gets the release, starts beside the one that serves, is tried, and then becomes live in one move. What
 * fails before that no visitor has met. What is left over is settled by a unit of its own.
 * @param configure writes the configuration of the program in that slot
 */
export function switchOver($: Hand, one: SwitchOver, configure: () => void): void {
	const {app, from, release} = one;
	const {root, next} = pathsOf(app);
	const to = otherSlot(from);
	$.link(slotRelease(app, to), release);
	settleAfterwards($, one, from);
	$`mkdir -p -m 0711 /run/boxwizard; : > ${candidateMark(app, to)}`;
	if (one.manager === 'supervisor') makeRoom($, one);
	configure();
	if (one.manager === 'systemd') makeRoom($, one);
	$`bash -c ${trial(one, to)} bash ${one.names}`;
	// Which workers it has by now is written down. While it is watched, nginx falls back on the one before.
	const take = `# From now on it is live
app=${app} root=${root} first_port=${one.ports.appPort} second_port=${one.ports.secondPort}
${slotFunctions(one.manager)}
look ${slotProgram(app, to)}
pgrep --parent "$MainPID" > ${root}/slots/${to}/watched || true
make_live ${to} || exit 1
echo 'Live: ${slotProgram(app, to)} on port ${slotPort(one.ports, to)}'`;
	$`bash -c ${take}`;
	$`rm -f ${next}`;
}

/** Stops the version before where there is not the memory for two at once, or the answers say so: visitors have to wait until the new one answers. */
function makeRoom($: Hand, {app, manager, ports, from, beside}: SwitchOver): void {
	if (beside === 'always') return;
	const measure = `# Is there the memory for two versions at once?
app=${app} root=${pathsOf(app).root} first_port=${ports.appPort} second_port=${ports.secondPort}
${slotFunctions(manager)}
${proofFunctions}
name=$(program ${from}); look "$name"
[ "$MainPID" -gt 0 ] || exit 0
taken=$(cat $(family "$MainPID" | sed 's|.*|/proc/&/smaps_rollup|') 2> /dev/null < /dev/null | awk '/^Pss:/ {sum += $2} END {print int(sum / 1024)}')
free=$(awk '/^MemAvailable:/ {sum += $2} /^SwapFree:/ {sum += $2 / 2} END {print int(sum / 1024)}' /proc/meminfo)
${beside === 'never' ? '' : '[ "$free" -lt $((taken * 5 / 4 + 32)) ] || exit 0'}
echo "${beside === 'never' ? 'Old and new version are not to run at once' : `The box has \${free} MB to spare, and the app takes \${taken} MB`}: the version before is stopped first."
${manager === 'systemd' ? 'systemctl stop -- "$name"' : 'supervisorctl stop "$name"'}`;
	$`bash -c ${measure}`;
}

/** Bash text that starts the program in a slot, and sees whether it answers: it gets the names of the site. Prints why not, with its last lines, for `explainRefusal`. */
function trial({app, manager, ports, pages, patience}: Trial, to: Slot): string {
	const {root, releases} = pathsOf(app);
	return `# Start it beside the one that runs, and see whether it answers
app=${app} root=${root} first_port=${ports.appPort} second_port=${ports.secondPort} patience=${patience}
host=$1
${slotFunctions(manager)}
${proofFunctions}
name=$(program ${to}) port=$(port ${to}) release=$root/slots/${to}/release
refuse() {
	echo "Refused: $*"
	echo 'Its last lines:'
	words ${to} | grep -vE '^ *[~^]+$|<frozen importlib|Worker with pid|Worker exiting' | tail -n 25
	exit 1
}
judge() {
	local said=$1 status
	status=$(grep -E '^([0-9]{3}|slow) /' <<< "$said" | tail -n 1)
	case $status in
		slow* | 000* | 5* | '') return 1 ;;
		400*) ! grep -qE 'Invalid HTTP_HOST header|<h1>Bad Request \\(400\\)</h1>|Invalid host header|DisallowedHost|is not trusted' <<< "$said" ;;
		3*) [ -z "$(grep -E '^[0-9]{3} /' <<< "$said" | sort | uniq -d)" ] ;;
	esac
}
# Of two deploys in a row, it may still finish what it did before the first.
if runs ${to}; then halt "$name"; fi
SECONDS=0
start "$name" || refuse ended
while :; do
	if ended "$name"; then refuse ended; fi
	found=$(listeners "$port" "$app" ${releases} "$release" "$MainPID")
	case $found in
		*'other '*) refuse taken "$(grep -m 1 '^other ' <<< "$found")" ;;
		'' | *'old '*) ;;
		*) break ;;
	esac
	if [ $SECONDS -ge $patience ]; then
		elsewhere=$(ss -Hltnp | grep -E "pid=($(family "$MainPID" | paste -sd '|'))," | awk '{print $4}' | sort -u | paste -sd ' ')
		refuse silent "$port $patience $elsewhere"
	fi
	sleep 0.1
done
for page in ${pages.map(page => `'${page}'`).join(' ')}; do
	while said=$(ask "$port" "$host" "$page" "$@"); [[ $said == 000* ]] && [ $SECONDS -lt $patience ]; do
		if ended "$name"; then refuse ended; fi
		sleep 0.1
	done
	if ! judge "$said"; then
		if ended "$name"; then refuse ended; fi
		sed 's/^/| /' <<< "$said"
		refuse answer "$port $host"
	fi
	echo "$said" | grep -E '^[0-9]{3} /' | sed 's/^/Asked: /'
done
# Its other workers are still loading: once they rest, each visitor is answered as quickly as the first.
work() { cat $(family "$MainPID" | sed 's|.*|/proc/&/stat|') 2> /dev/null < /dev/null | sed 's/.*) //' | awk '{sum += $12 + $13} END {print sum + 0}'; }
before=-1
for attempt in {1..50}; do
	if ended "$name"; then refuse ended; fi
	now=$(work)
	if [ $((now - before)) -le 2 ] && [ "$before" != -1 ]; then break; fi
	before=$now
	sleep 0.2
done`;
}

/**
 * The way back of a deploy that has failed on its way: what was live before is live again, and the other slot stops. Where it was
 * stopped already it is started first, and answers before it takes over.
 * @param one `from` is the slot that was live, `release` the folder that it served
 */
export function goBack($: Hand, one: SwitchOver, configure: () => void): void {
	const {app, from, release, names} = one;
	const {live, next, root} = pathsOf(app);
	$`systemctl stop ${settlerOf(app)} 2> /dev/null || true; rm -f ${next}`;
	const relink = `# What was live before serves its own release
app=${app} root=${root} first_port=${one.ports.appPort} second_port=${one.ports.secondPort}
${slotFunctions(one.manager)}
if [ ! -e ${live} ] || [ ${slotRelease(app, from)} -ef ${release} ]; then exit 0; fi
ln -sfnT ${release} ${slotRelease(app, from)}
halt "$(program ${from})"`;
	$`bash -c ${relink}`;
	configure();
	const back = `# What was live before is live again
app=${app} root=${root} first_port=${one.ports.appPort} second_port=${one.ports.secondPort}
${slotFunctions(one.manager)}
if [ ! -e ${live} ]; then exit 0; fi
if ! runs ${from}; then
	mkdir -p -m 0711 /run/boxwizard; : > "$(mark ${from})"
	bash -c ${quote(trial(one, from))} bash "$@" || true
fi
make_live ${from}`;
	$`bash -c ${back} bash ${names}`;
	settleNow($, one);
}

/**
 * A release takes over in the slot that is live: where nothing leads visitors to the other one. They have to wait until it answers.
 * @param release its folder
 */
export function replaceInPlace($: Hand, app: string, live: Slot, release: string): void {
	$.link(slotRelease(app, live), release);
	$`rm -f ${pathsOf(app).next}`;
}

/** What the words of a refused trial mean. Pure. */
export function explainRefusal(log: readonly string[]): TroubleParts | undefined {
	const at = log.findIndex(line => line.startsWith('Refused: '));
	if (at === -1) return undefined;
	const [kind = '', ...words] = (log[at] ?? '').slice('Refused: '.length).split(' ');
	const evidence = log.slice(at + 2).filter(line => line.trim() !== '');
	const parts = refusalOf(kind, words, log.slice(0, at), evidence);
	return parts && {...parts, means: `${parts.means} The version before serves on: no visitor has met this one.`};
}

function refusalOf(
	kind: string,
	words: readonly string[],
	before: readonly string[],
	evidence: readonly string[],
): TroubleParts | undefined {
	const next =
		'Read its last lines below: they name what is missing or wrong. Mend it, commit and push, then deploy again.';
	switch (kind) {
		case 'ended':
			return {
				what: 'The new version does not stay up: its server ended while it was tried.',
				means: 'It would have answered nobody.',
				next,
				evidence,
				code: 'release-ends',
			};
		case 'silent': {
			const [port = '', patience = '', ...elsewhere] = words.filter(word => word !== '');
			return {
				what:
					elsewhere.length > 0
						? `The new version listens on ${elsewhere.join(' and ')}, and not on port ${port}.`
						: `The new version does not listen on port ${port} after ${patience} s.`,
				means:
					elsewhere.length > 0
						? 'nginx would find nobody there.'
						: 'It hangs at its start, or takes longer than it may.',
				next:
					elsewhere.length > 0
						? 'Have it take its port from the variable PORT, commit and push, then deploy again.'
						: `Look for what it waits for while it starts. Where it only needs longer, raise “Time to start” (${patience} s now). Then deploy again.`,
				evidence,
				code: 'release-silent',
			};
		}
		case 'taken': {
			const [, user = '', program = ''] = words;
			return {
				what: `The port for the new version is taken by ${program || 'another program'}, which runs as ${user}.`,
				means: 'It can’t listen there.',
				next: 'Stop that program, or give the app another “Second port”. Then deploy again.',
				evidence,
				code: 'port-taken',
			};
		}
		case 'answer': {
			const [port = '0', host = ''] = words;
			const said = before.filter(line => line.startsWith('| ')).map(line => line.slice(2));
			return troubleOf(said.join('\n'), {port: Number(port), names: [host]}, evidence)?.toJSON();
		}
		default:
			return undefined;
	}
}
