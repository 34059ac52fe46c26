import type {Hand} from '../../source/contract/step.ts';
import {pathsOf} from '../folders/paths.ts';
import type {ProcessManager} from './program.ts';
import {slotFunctions} from './slotFunctions.ts';
import {type SlotPorts, settlerOf, verdictOf} from './slots.ts';

/** What is known of an app's slots where one takes the place of the other. */
export type SlotsOfApp = {
	readonly app: string;
	readonly manager: ProcessManager;
	readonly ports: SlotPorts;
	/** Names of its other programs: they run what is live. */
	readonly programs: readonly string[];
};

/** Seconds for which a new version is watched once it is live, from its start. The one before still runs: who is live changes back in one move. */
const watched = 6;

/** Seconds that requests and streams have to end by themselves, in the slot that is live no more. */
const drained = 30;

/** Releases that stay on the box: a way back is kept, and the disk does not fill up deploy by deploy. */
const keptReleases = 5;

/**
 * Puts the slots in order, wherever what switched them has stopped: waits until that is over (its process id is `$1`; 0 for at once), watches
 * what has become live and goes back where it ends, starts what is live and does not run, lets the other slot finish what it does, and stops it.
 * A unit of its own does this, so that it is done also when the switch is killed, or the connection is lost.
 */
function settleScript({app, manager, ports, programs}: SlotsOfApp): string {
	const {root, next, current, releases} = pathsOf(app);
	return `# Once that is over: watch what is live, and stop what is not
waits=$1 from=$2
app=${app} root=${root} first_port=${ports.appPort} second_port=${ports.secondPort}
${slotFunctions(manager)}
if [ "$waits" != 0 ]; then tail --pid="$waits" -s 0.1 -f /dev/null; fi
verdict() { mkdir -p -m 0711 /run/boxwizard; echo "$1" > ${verdictOf(app)}.new; mv ${verdictOf(app)}.new ${verdictOf(app)}; }
# Its main process may go on while its workers die, and others take their place: all that it had when it became live are gone.
outlived() { [ -s "$1" ] && ! ps -o pid= -p "$(paste -sd , "$1")" > /dev/null; }
now=$(live)
if [ -n "$from" ] && [ "$from" != "$now" ]; then
	name=$(program "$now")
	while [ -e "$root/slots/$now/watched" ] && [ -n "$(find "$root/slots/$now/watched" -newermt '-${watched} seconds')" ]; do
		if ended "$name" || outlived "$root/slots/$now/watched"; then
			make_live "$from"
			rm -f "$root/slots/$now/watched"
			for one in ${programs.join(' ')}; do ${manager === 'systemd' ? 'systemctl restart --no-block -- "$one"' : 'supervisorctl restart "$one" > /dev/null'} || true; done
			verdict "back"
			break
		fi
		sleep 0.2
	done
	rm -f "$root/slots/$now/watched"
	if [ "$(live)" = "$now" ]; then verdict live; fi
fi
stays=$(live); goes=$(other "$stays")
rm -f "$root/slots/$goes/watched" "$(mark "$goes")"
if ! runs "$stays"; then start "$(program "$stays")" || true; fi
if runs "$goes"; then
	if [ "$goes" = "$from" ]; then
		for attempt in {1..${drained * 5}}; do
			[ -n "$(ss -Htn state established "sport = :$(port "$goes")")" ] || break
			sleep 0.2
		done
	fi
fi
stop "$(program "$goes")"
rm -f "$(mark "$stays")"
if [ ${next} -ef ${current} ]; then rm -f ${next}; fi
cd ${releases} || exit 0
for one in $(printf '%s\n' */ | head -n -${keptReleases}); do
	if ! [ "$one" -ef "$root/slots/first/release" ] && ! [ "$one" -ef "$root/slots/second/release" ]; then
		runuser -u "$(stat -c %U .)" -- rm -rf -- "$one"
	fi
done`;
}

/** Starts what settles the slots once the script that this stands in is over, however it ends. @param from the slot that is live as it begins */
export function settleAfterwards($: Hand, slots: SlotsOfApp, from: string): void {
	const unit = settlerOf(slots.app);
	$`systemctl stop ${unit} 2> /dev/null || true; rm -f ${verdictOf(slots.app)}`;
	$`systemd-run --quiet --collect --unit=${unit} --description=${`boxwizard: settle the slots of ${slots.app}`} bash -c ${settleScript(slots)} bash $$ ${from}`;
}

/** Settles the slots at once, and comes back when it is done. Nobody is live but the slot that is. */
export function settleNow($: Hand, slots: SlotsOfApp): void {
	$`systemctl stop ${settlerOf(slots.app)} 2> /dev/null || true`;
	$`bash -c ${settleScript(slots)} bash 0 ''`;
}
