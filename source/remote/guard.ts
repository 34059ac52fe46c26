import type {Box} from '../contract/box.ts';
import {quote} from '../contract/command.ts';
import {Secret} from '../contract/secret.ts';
import {Trouble} from '../contract/trouble.ts';
import type {Operation} from './recorder.ts';
import {body, stateFolder, stepFolder, verbs} from './script.ts';

/** Seconds until the box takes a guarded change back by itself. */
export const guardWindow = 60;

/** The code of a Trouble: the box was asked to take a change back, and could not. */
export const notReverted = 'not-reverted';

const folder = `${stateFolder}/guard`;
/** What a guarded undo uses up of its step's folder, kept until the undo is proven. Its being there says that it is an undo. */
const ledger = `${folder}/ledger`;
const unit = 'boxwizard-revert';
const unitFolder = '/etc/systemd/system';
const wants = `${unitFolder}/timers.target.wants`;

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
const timerUnit = (window: number) => `[Unit]
Description=boxwizard: the window for proving a change of the door

[Timer]
OnActiveSec=${window}
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
rm -f ${wants}/${unit}.timer ${unitFolder}/${unit}.timer ${unitFolder}/${unit}.service
rmdir ${wants} 2>/dev/null
systemctl daemon-reload
rm -rf ${folder}/kept ${folder}/revert ${folder}/own ${ledger}`;

/** What the box does by itself when no fresh login proves a change. */
export type Revert = {
	/** Lines that keep, ahead of the change, what it is about to use up. */
	readonly keep: readonly string[];
	readonly lines: readonly string[];
};

/** Takes an apply back: by the step's undo, with what the guard kept. @throws TypeError for an undo with a secret */
export function revertOfApply(undo: readonly Operation[]): Revert {
	return {keep: [], lines: [`step_state=${folder}/kept`, ...bodyOnDisk(undo)]};
}

/**
 * Takes an undo back: all that it touched is put back as it stood, and the step is applied once more, as it was the first
 * time, for what is no file: rules that are loaded, services that run. @throws TypeError for an apply with a secret
 */
export function revertOfUndo(step: string, apply: readonly Operation[]): Revert {
	const own = stepFolder(step);
	return {
		keep: [`mkdir -p ${own}`, `cp -a --no-target-directory ${own} ${ledger}`, `find ${ledger} -type f -exec sync {} +`],
		lines: [
			`step_state=${folder}/kept`,
			'restore_kept',
			`if [ -d ${ledger} ]; then rm -rf ${own} && mv -T ${ledger} ${own}; fi`,
			`step_state=${own}`,
			...bodyOnDisk(apply),
		],
	};
}

function bodyOnDisk(operations: readonly Operation[]): string[] {
	if (operations.some(holdsSecret)) throw new TypeError('A revert lies on disk: it must not hold a secret');
	return body(operations);
}

/**
 * The lines that arm the revert, ahead of a guarded change: from here on the box takes it back by itself, also after a
 * reboot. What the change touches is kept apart (`guard_state`), as it is now. All that the revert needs is on disk
 * before it is armed: it must do its work on a disk that the change has filled.
 * @param job the unit the change is made in: a revert ends it first, so that it can't go on to shut the door
 * @param window seconds
 */
export function armScript(step: string, job: string, revert: Revert, window: number): string {
	const text = `mv ${state('armed')} ${state('reverting')} 2>/dev/null || [ -f ${state('reverting')} ] || exit 0
[ -e ${applied} ] || systemctl stop ${job} 2>/dev/null
step_state=${folder}/kept
${verbs()}
# Nobody takes a revert back, and a full disk has no room to keep anything.
keep_in() { :; }
${revert.lines.join('\n')}
mv ${state('reverting')} ${state('reverted')}
${standDown}
`;
	return `rm -rf ${folder} ${applied}; (umask 077; mkdir -p ${folder}/kept /run/boxwizard)
guard_armed=
trap 'code=$?; set +e
: > ${applied}
if [ -z "$guard_armed" ]; then
${standDown}
elif [ "$code" != 0 ]; then systemctl start ${unit}.service; fi' EXIT
${revert.keep.join('\n')}
printf %s ${quote(text)} > ${folder}/revert
printf '%s\n' ${quote(step)} > ${folder}/step
printf '%s\n' ${quote(stepFolder(step))} > ${folder}/own
printf %s ${quote(serviceUnit)} > ${unitFolder}/${unit}.service
printf %s ${quote(timerUnit(window))} > ${unitFolder}/${unit}.timer
mkdir -p ${wants}
ln -sf ../${unit}.timer ${wants}/${unit}.timer
sync ${folder}/revert ${folder}/step ${folder}/own ${unitFolder}/${unit}.service ${unitFolder}/${unit}.timer ${unitFolder}
systemctl daemon-reload
guard_armed=yes
mv ${folder}/step ${state('armed')}
${restartWindow}`;
}

/** A login that proves a change. */
export type Proof = {
	readonly user: string;
	readonly port: number;
	/** Also by what else opened the login of the one who is logged in: without it, by the person's key alone. */
	readonly anyWay?: boolean;
};

/** Disarms the revert through a login of its own: a fresh one, as the person will log in from now on. @throws Trouble when that door is shut */
export async function proveAndDisarm(box: Box, {user, anyWay = false}: Omit<Proof, 'port'>): Promise<void> {
	// Proven already: the answer of the login before this one was lost on its way. A guard that version 1 has armed names no folder.
	const disarm = `mv ${state('armed')} ${state('proven')} || [ -f ${state('proven')} ] || exit 1
if [ -d ${ledger} ]; then rm -rf "$(cat ${folder}/own 2>/dev/null || echo ${stateFolder}/steps/$(cat ${state('proven')}))"; fi
${standDown}
echo disarmed`;
	const {stdout} = await box.freshLogin(user, disarm, {anyWay});
	if (stdout.trim() === 'disarmed') return;
	throw new Trouble({
		what: 'The fresh login came too late: the box had already taken the change back.',
		means: 'Everything is as it was before this step.',
		next: 'Run it again.',
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
		code: notReverted,
	});
}

function holdsSecret(operation: Operation): boolean {
	return (
		(operation.kind === 'file' && operation.content instanceof Secret) ||
		(operation.kind === 'run' && operation.input instanceof Secret)
	);
}
