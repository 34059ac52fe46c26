import type {Box} from '../contract/box.ts';
import {quote} from '../contract/command.ts';
import {Trouble} from '../contract/trouble.ts';

/**
 * Takes the box for one wizard at a time. The lock is held by a process of this connection and dies with it.
 * `holder` says who, where and since when, `does` what: '; it deploys blog', or ''. Returns what gives it back.
 * @param known whether some of what is on the box is ours: then it is had once all that a boot starts has started. What is
 * looked at too early would be brought about again; what a new box does at first is waited for by a step.
 * @throws Trouble naming the holder, where another wizard has it
 */
export async function takeLock(
	box: Box,
	{holder, does}: {readonly holder: string; readonly does: string},
	known: boolean,
): Promise<() => Promise<void>> {
	const lines = box.follow(lockScript(holder, does, known ? bootEnd : ''));
	const first = await lines.next();
	const word = first.done ? '' : first.value;
	if (word === 'locked') return async () => void (await lines.return());
	await lines.return();
	throw new Trouble({
		what: `Another boxwizard is at work on this box: ${word.replace(/^held by /, '') || 'it does not say who'}.`,
		means: 'Two at once could undo each other. Nothing was done.',
		next: 'Wait until it is finished, or end it, and try again.',
		code: 'locked',
	});
}

/**
 * Waits for a boot's end: at most a minute, and not for a box that hangs in its boot for over three
 * (UserspaceTimestampMonotonic is in µs, org.freedesktop.systemd1(5)). Without the lock's descriptor: a holder that is
 * ended meanwhile must not leave it taken.
 */
const bootEnd = `if [ "$(systemctl is-system-running)" = starting ]; then
	read -r up _ < /proc/uptime
	begun=$(systemctl show -P UserspaceTimestampMonotonic)
	[ $((\${up%.*} - begun / 1000000)) -gt 180 ] || timeout 60 systemctl is-system-running --wait > /dev/null 9>&-
fi
`;

/**
 * Whoever finds the lock taken names its holder, and takes it over only where the holder is proven dead: it is this very
 * wizard through a connection that died unseen, its connection is no more, or its machine acknowledges nothing (RFC 9293
 * 3.8.1: a kernel that is there does, however busy its programs are) through six retransmissions, at least 12 seconds.
 */
function lockScript(holder: string, does: string, atLast: string): string {
	return `mine=${quote(holder)} does=${quote(does)} lock=/run/boxwizard.lock note=/run/boxwizard.holder
exec 9>> $lock
gone() {
	if [ "$connection" -gt 1 ] && [ ! -e /proc/$connection ]; then return 0; fi
	kill -USR1 "$pid"
	for _ in $(seq 60); do
		sleep 0.5
		case $(ss -Htnpo | grep "pid=$connection,") in
			*'timer:(on,'*,[0-5]')'*) ;;
			*'timer:(on,'*) return 0 ;;
			*) return 1 ;;
		esac
	done
	return 1
}
taken=yes
for _ in $(seq 100); do
	if flock --nonblock 9; then taken=; break; fi
	# Who has just taken it is about to say so.
	if ! { read -r pid connection && read -r who && { read -r at || at=; }; } 2>/dev/null < $note || [ "$(readlink "/proc/$pid/fd/9")" != $lock ]; then
		sleep 0.05
		continue
	fi
	if [ "$who" = "$mine" ] || gone; then
		kill "$pid"
		if [ "$connection" -gt 1 ]; then kill "$connection"; fi
		if flock --wait 5 9; then taken=; fi
	fi
	break
done 2>/dev/null
if [ -n "$taken" ]; then echo "held by $who$at"; exit 1; fi
# sshd's process of this connection is the one to outlive: under sudo the parent is not it, so its line is walked up.
connection=$BASHPID
while [ "$connection" -gt 1 ]; do
	case $(cat /proc/$connection/comm) in sshd*) break ;; esac
	connection=$(awk '$1 == "PPid:" {print $2}' /proc/$connection/status)
done
printf '%s\n' "$BASHPID $connection" "$mine" "$does" > $note.$BASHPID && mv $note.$BASHPID $note
# Something to be acknowledged, for whoever doubts that anybody is there.
trap 'echo "still there?"' USR1
exec 8<> <(:)
${atLast}echo locked
while [ "$connection" -le 1 ] || [ -e /proc/$connection ]; do read -r -t 0.5 -u 8; done`;
}
