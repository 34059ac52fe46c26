import type {Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {unitState} from './mainProcess.ts';
import {lastLines} from './processManager.ts';
import type {ProcessManager} from './program.ts';

/** 'up PID', 'waits' (it is being started, or the one before finishes its job), or 'dead'. A program of systemd's that ended is started again after a pause. */
const systemdState = `${unitState}
state() {
unit_state "$1"
case $ActiveState:$SubState in
	activating:auto-restart*) echo dead ;;
	active:*) echo up $MainPID ;;
	activating:* | deactivating:* | reloading:*) echo waits ;;
	*) if [ "$Job" -gt 0 ]; then echo waits; else echo dead; fi ;;
esac
}`;

const supervisorState = `state() {
set -- $(supervisorctl status "$1")
case $2 in RUNNING) echo up \${4%,} ;; STARTING | STOPPING) echo waits ;; *) echo dead ;; esac
}`;

/**
 * Waits until a program has come to rest (two seconds old, and half a second without work of its own: it waits for something to do),
 * or has run for 30 s. Prints 'up', 'waits' where the one before still finishes its job by then, or 'dead'.
 */
const settle = `first=; before=-1; still=0; last=dead
for attempt in {1..120}; do
	set -- $1 $(state "$1"); last=$2
	case $2 in
		dead) break ;;
		up)
			if [ -n "$first" ] && [ "$first" != "$3" ]; then last=dead; break; fi
			first=$3; stat=$(cat "/proc/$3/stat" 2> /dev/null); set -- $1 up $3 \${stat##*) }
			work=$((\${15:-0} + \${16:-0}))
			if [ "$work" = "$before" ]; then still=$((still + 1)); else still=0; before=$work; fi
			if [ $attempt -gt 8 ] && [ $still -ge 2 ]; then break; fi
			;;
	esac
	set -- $1; sleep 0.25
done; echo $last`;

/** Proves that a program that serves no pages runs, and goes on running. @throws Trouble with its last lines */
export async function proveStaysUp($: Probe, manager: ProcessManager, name: string): Promise<void> {
	const state = manager === 'systemd' ? systemdState : supervisorState;
	const answer = await $`bash -c ${`${state}\n${settle}`} bash ${name}`;
	if (answer !== 'dead' && answer !== '') return;
	throw new Trouble({
		what: `${name} does not stay up.`,
		means: 'It was started, and ended. It is started again and again, and does nothing meanwhile.',
		next: 'Read its last lines below: they name what is missing or wrong. Mend it in the app or in its settings, then try again.',
		evidence: (await lastLines($, manager, name)).split('\n'),
		code: 'program-ends',
	});
}
