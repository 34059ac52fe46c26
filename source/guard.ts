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

/**
 * `armed` says that the guard is set, and holds the step's id. Whoever moves it away has decided: the fresh login
 * (`proven`) or the revert (`reverting`, then `reverted`). A move is one or the other's, never both.
 */
const state = (name: 'armed' | 'reverting' | 'proven' | 'reverted') => `${folder}/${name}`;
/** Says, until the next boot, that the guarded apply has ended and need not be stopped before a revert. */
const applied = '/run/boxwizard/guard-applied';

/** The line that begins the window anew: the whole of it is left for the proof, however long the apply took. */
export const restartWindow = `systemctl restart ${unit}.timer`;

/** What removes the guard again: timer, units, and what was kept. */
const standDown = `systemctl stop ${unit}.timer
rm -f ${unitFolder}/timers.target.wants/${unit}.timer ${unitFolder}/${unit}.timer ${unitFolder}/${unit}.service
systemctl daemon-reload
rm -rf ${folder}/kept ${folder}/revert`;

/**
 * The lines that arm the revert, ahead of a guarded apply: from here on the box takes back by itself, also after a
 * reboot, what `undo` takes back. What the apply touches is kept apart (`guard_state`), as it is now.
 * @param job the unit the apply runs in: a revert ends it first, so that it can't go on to shut the door
 */
export function armScript(step: string, job: string, undo: readonly Operation[]): string {
	if (undo.some(holdsSecret)) throw new TypeError(`The undo of ${step} holds a secret: a revert on disk must not`);
	const revert = `mv ${state('armed')} ${state('reverting')} 2>/dev/null || [ -f ${state('reverting')} ] || exit 0
[ -e ${applied} ] || systemctl stop ${job} 2>/dev/null
step_state=${folder}/kept
${verbs()}
${body(undo).join('\n')}
mv ${state('reverting')} ${state('reverted')}
${standDown}
`;
	return `rm -rf ${folder} ${applied}; (umask 077; mkdir -p ${folder}/kept /run/boxwizard)
printf %s ${quote(revert)} > ${folder}/revert
printf '%s\\n' ${quote(step)} > ${folder}/step
printf %s ${quote(serviceUnit)} > ${unitFolder}/${unit}.service
printf %s ${quote(timerUnit)} > ${unitFolder}/${unit}.timer
mkdir -p ${unitFolder}/timers.target.wants
ln -sf ../${unit}.timer ${unitFolder}/timers.target.wants/${unit}.timer
sync ${folder}/revert ${folder}/step ${unitFolder}/${unit}.service ${unitFolder}/${unit}.timer ${unitFolder}
systemctl daemon-reload
trap 'code=$?; : > ${applied}; if [ "$code" != 0 ]; then systemctl start ${unit}.service; fi' EXIT
mv ${folder}/step ${state('armed')}
${restartWindow}`;
}

/** Disarms the revert through a login of its own: a fresh one, as the person will log in from now on. @throws Trouble when that door is shut */
export async function proveAndDisarm(box: Box, user: string): Promise<void> {
	const {stdout} = await box.freshLogin(
		user,
		`mv ${state('armed')} ${state('proven')} || exit 1\n${standDown}\necho disarmed`,
	);
	if (stdout.trim() === 'disarmed') return;
	throw new Trouble({
		what: 'The fresh login came too late: the box had already taken the change back.',
		means: 'Everything is as it was before this step.',
		next: 'Run the step again.',
		code: 'guard-late',
	});
}

/** The step whose guard is armed on the box, or being taken back, if any. One round trip. */
export async function armedStep(box: Box): Promise<string | undefined> {
	const {stdout} = await box.run(`cat ${state('armed')} ${state('reverting')} 2>/dev/null`);
	return stdout.trim().split('\n')[0] || undefined;
}

/**
 * Has the box take an unproven change back now, and waits until it has; a revert that runs already is waited for.
 * @throws Disconnected
 * @throws Trouble when it could not
 */
export async function takeBack(box: Box): Promise<void> {
	const waits = `[ -f ${state('armed')} ] || [ -f ${state('reverting')} ]`;
	const {code, stderr} = await box.run(
		`if ${waits}; then systemctl start ${unit}.service; fi\nif ${waits}; then exit 1; fi`,
	);
	if (code === 0) return;
	throw new Trouble({
		what: 'The box could not take the change back.',
		means: 'The change stands, and no fresh login has proven that you can still get in.',
		next: `Keep this connection open. On the box, \`bash ${folder}/revert\` takes it back.`,
		evidence: stderr.split('\n').filter(line => line !== ''),
		code: 'not-reverted',
	});
}

function holdsSecret(operation: Operation): boolean {
	return (
		(operation.kind === 'file' && operation.content instanceof Secret) ||
		(operation.kind === 'run' && operation.input instanceof Secret)
	);
}
