import type {Box} from './box.ts';
import {quote} from './command.ts';
import type {Operation} from './recorder.ts';
import {body, stateFolder, verbs} from './script.ts';
import {Secret} from './secret.ts';
import {Trouble} from './trouble.ts';

/** Seconds until the box takes a guarded change back by itself. */
export const guardWindow = 60;

const folder = `${stateFolder}/guard`;
const unit = 'boxwizard-revert';
const unitFolder = '/etc/systemd/system';

const serviceUnit = `[Unit]
Description=boxwizard: take back a change that no fresh login has proven

[Service]
Type=oneshot
ExecStart=/bin/bash ${folder}/revert
`;

/**
 * Counts from its start: by us, or by timers.target at boot, so that it also fires when the box was rebooted inside the
 * window. OnBootSec would be past on a box that is up longer, and fire at once (systemd.timer(5)).
 */
const timerUnit = `[Unit]
Description=boxwizard: the window for proving a change of the door

[Timer]
OnActiveSec=${guardWindow}
AccuracySec=1s

[Install]
WantedBy=timers.target
`;

/** What removes the guard again: timer, units, and what was kept. `outcome` is the file that stays behind. */
const standDown = (outcome: 'reverted' | 'proven') => `mv ${folder}/armed ${folder}/${outcome}
rm -f ${unitFolder}/timers.target.wants/${unit}.timer ${unitFolder}/${unit}.timer ${unitFolder}/${unit}.service
systemctl daemon-reload
systemctl stop ${unit}.timer 2>/dev/null || true
rm -rf ${folder}/kept ${folder}/revert`;

/**
 * The lines that arm the revert, ahead of a guarded apply: from here on the box takes back by itself, also after a
 * reboot, what `undo` takes back. What the apply touches is kept apart (`guard_state`), as it is now.
 */
export function armScript(step: string, undo: readonly Operation[]): string {
	if (undo.some(holdsSecret)) throw new TypeError(`The undo of ${step} holds a secret: a revert on disk must not`);
	const revert = `step_state=${folder}/kept
restore_from=${folder}/kept
${verbs()}
${body(undo).join('\n')}
${standDown('reverted')}
`;
	return `rm -rf ${folder}; mkdir -p -m 0700 ${folder}/kept
printf %s ${quote(revert)} > ${folder}/revert
printf '%s\\n' ${quote(step)} > ${folder}/armed
printf %s ${quote(serviceUnit)} > ${unitFolder}/${unit}.service
printf %s ${quote(timerUnit)} > ${unitFolder}/${unit}.timer
mkdir -p ${unitFolder}/timers.target.wants
ln -sf ../${unit}.timer ${unitFolder}/timers.target.wants/${unit}.timer
sync ${folder}/revert ${folder}/armed ${unitFolder}
systemctl daemon-reload
systemctl start ${unit}.timer
trap 'if [ "$?" != 0 ]; then systemctl start ${unit}.service; fi' EXIT`;
}

/** Disarms the revert through a login of its own: a fresh one, as the person will log in from now on. @throws Trouble when that door is shut */
export async function proveAndDisarm(box: Box, user: string): Promise<void> {
	const {stdout} = await box.freshLogin(user, `set -e; test -f ${folder}/armed\n${standDown('proven')}\necho disarmed`);
	if (stdout.trim() === 'disarmed') return;
	throw new Trouble({
		what: 'The fresh login came too late: the box had already taken the change back.',
		means: 'Everything is as it was before this step.',
		next: 'Run the step again.',
		code: 'guard-late',
	});
}

/** The step whose guard is armed on the box, if any. One round trip. */
export async function armedStep(box: Box): Promise<string | undefined> {
	const {stdout} = await box.run(`cat ${folder}/armed 2>/dev/null`);
	return stdout.trim() || undefined;
}

/** Waits until the box has taken the change back: its timer, or at once with `now`. @throws Disconnected */
export async function awaitRevert(box: Box, now: boolean): Promise<void> {
	await box.run(
		`${now ? `systemctl start ${unit}.service` : ''}
for second in $(seq ${guardWindow + 10}); do [ -f ${folder}/armed ] || exit 0; sleep 1; done
systemctl start ${unit}.service`,
	);
}

function holdsSecret(operation: Operation): boolean {
	return (
		(operation.kind === 'file' && operation.content instanceof Secret) ||
		(operation.kind === 'run' && operation.input instanceof Secret)
	);
}
