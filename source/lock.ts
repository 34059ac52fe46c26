import type {Box} from './box.ts';
import {quote} from './command.ts';
import {Trouble} from './trouble.ts';

/**
 * Takes the box for one wizard at a time. The lock is held by a process of this connection and dies with it.
 * `holder` says who, where and since when. Returns what gives it back.
 * @throws Trouble naming the holder, where another wizard has it
 */
export async function takeLock(box: Box, holder: string): Promise<() => Promise<void>> {
	const lines = box.follow(lockScript(holder));
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
 * sshd's process of this connection is the one to outlive: under sudo the parent is not it, so its line is walked up.
 * A lock that this very wizard holds through a connection that died unseen is taken over.
 */
function lockScript(holder: string): string {
	return `mine=${quote(holder)}
exec 9>> /run/boxwizard.lock
if ! flock --nonblock 9; then
	if [ "$(cat /run/boxwizard.holder)" = "$mine" ]; then kill "$(cat /run/boxwizard.holder-pid)"; patience=5; fi
	if ! flock --wait "\${patience:-0}" 9; then echo "held by $(cat /run/boxwizard.holder)"; exit 1; fi
fi
printf '%s\\n' "$mine" > /run/boxwizard.holder
echo $$ > /run/boxwizard.holder-pid
connection=$$
while [ "$connection" -gt 1 ]; do
	case $(cat /proc/$connection/comm) in sshd*) break ;; esac
	connection=$(awk '$1 == "PPid:" {print $2}' /proc/$connection/status)
done
echo locked
exec tail -f --pid="$connection" /dev/null`;
}
