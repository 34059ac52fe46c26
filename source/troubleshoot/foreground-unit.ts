import {quote} from '../contract/command.ts';
import type {Situation} from './look.ts';
import {withPort} from './spare-port.ts';

/** 'beside': on a spare port, and the app under its process manager runs on; 'in its place': that one is stopped meanwhile. */
export type Mode = 'beside' | 'in its place';

/** Seconds the program may run in the foreground; then the box itself ends it and gives the app back to its process manager. */
export const foregroundWindow = 60;

/** The unit that the program runs in: one at a time. */
export const foregroundUnit = 'boxwizard-foreground.service';

export type ForegroundRun = {
	readonly situation: Situation;
	readonly mode: Mode;
	/** Begins the lines that the job says itself; no app can guess it. */
	readonly mark: string;
	/** The job's log. */
	readonly log: string;
	/** Where the job's secrets lie. */
	readonly secrets: string;
};

const path = `/run/systemd/system/${foregroundUnit}`;
const variables = `${path}.d/variables`;

/** Takes away what `writeUnit` wrote. */
export const removeUnit = `rm -rf ${path} ${path}.d`;

/**
 * Shell lines that write the unit, for root's eyes only: of a program of systemd's, its own files in their order, and what
 * is to be other as a drop-in, of which the last by its name has the last word (systemd.unit(5)).
 */
export function writeUnit({situation, mode, secrets}: ForegroundRun, port: number | undefined): string[] {
	const {program} = situation;
	const files = [program.path, ...program.dropIns].map(quote).join(' ');
	const values = ownVariables(situation, mode === 'beside' ? port : undefined);
	return [
		`mkdir -p /run/systemd/system; ${removeUnit}; mkdir -m 0700 ${path}.d; install -m 0600 /dev/null ${path}`,
		...(program.manager === 'systemd' ? [`for file in ${files}; do cat -- "$file"; echo; done >> ${path}`] : []),
		`cat ${secrets}/unit >> ${program.manager === 'systemd' ? `${path}.d/zz-boxwizard.conf` : path}`,
		`printf '%s\\n' ${values.map(quote).join(' ')} > ${variables}`,
	];
}

/** One worker says what is wrong once, and takes little memory. gunicorn heeds its command line more, its settings less. */
function ownVariables({gunicornIsTold}: Situation, spare: number | undefined): string[] {
	const bind = spare === undefined ? '' : ` --bind 127.0.0.1:${spare}`;
	return [
		'PYTHONUNBUFFERED=1',
		...(gunicornIsTold ? [] : [`GUNICORN_CMD_ARGS=--workers 1${bind}`]),
		...(spare === undefined ? [] : [`PORT=${spare}`]),
	];
}

/** The whole unit, or what is to be other than in the app's own one. (systemd.service(5), systemd.exec(5)) */
export function unit({situation, mode, log}: ForegroundRun, port: number | undefined): string {
	const {program, app} = situation;
	const moved = app.port === undefined || port === undefined ? undefined : withPort(program.words, app.port, port);
	const word = program.manager === 'supervisor' ? literalWord : quoted;
	return [
		'[Unit]',
		`Description=boxwizard: ${program.name} in the foreground`,
		'CollectMode=inactive',
		'[Service]',
		'Type=exec',
		'Restart=no',
		`RuntimeMaxSec=${foregroundWindow}`,
		'TimeoutStopSec=10',
		`StandardOutput=append:${log}`,
		'StandardError=inherit',
		...(program.manager === 'supervisor' ? wholeSettings(situation) : otherSettings(situation, mode)),
		// Heeded more than Environment=, and than a file named before it. `-`: without it, too, the app is given back.
		`EnvironmentFile=-${variables}`,
		...(mode === 'beside' ? [] : handOver(situation)),
		`ExecStart=${(moved ?? program.words).map(word).join(' ')}`,
		'',
	].join('\n');
}

function wholeSettings({program}: Situation): string[] {
	return [
		`User=${program.user}`,
		`WorkingDirectory=${program.folder}`,
		'KillMode=control-group',
		...program.environment.map(([name, value]) => `Environment=${literal(`${name}=${value}`)}`),
		...(program.environmentFile === '' ? [] : [`EnvironmentFile=${program.environmentFile}`]),
	];
}

/**
 * Its folder in /run and its pid file are not removed at the end, and its sockets are not replaced but shared
 * (systemd.exec(5), RuntimeDirectoryPreserve=; systemd.service(5), PIDFile= and Sockets=). Beside the supervised one, what
 * prepares and tidies its place is left out.
 */
function otherSettings({program: {sockets}}: Situation, mode: Mode): string[] {
	const beside = ['ExecStartPre=', 'ExecStartPost=', 'ExecStop=', 'ExecStopPost='];
	return [
		'ExecStart=',
		'RuntimeDirectoryPreserve=yes',
		'PIDFile=',
		...(mode === 'beside' ? beside : sockets.map(name => `Sockets=${name}`)),
	];
}

/** Stops the supervised app, and starts it again whatever becomes of the program. One that a person had stopped stays so. */
function handOver({program: {name, manager}, app, supervised}: Situation): string[] {
	const control = manager === 'supervisor' ? '/usr/bin/supervisorctl' : '/usr/bin/systemctl';
	const start = manager === 'supervisor' ? `${control} start` : `${control} start --no-block`;
	return [
		`ExecStartPre=-+/bin/sh -c ${literalWord(`${control} stop ${name} > /dev/null`)}`,
		// Its workers may outlive it for a moment; what holds the port longer is a finding.
		...(app.port === undefined ? [] : [`ExecStartPre=-+/bin/bash -c ${literalWord(portIsFree(app.port))}`]),
		...(supervised === 'stopped' ? [] : [`ExecStopPost=-+/bin/sh -c ${literalWord(`${start} ${name} > /dev/null`)}`]),
	];
}

const portIsFree = (port: number) =>
	`for try in {1..30}; do ss -Hltn '( sport = :${port} )' | grep -q . || exit 0; sleep 0.1; done`;

/** In quotes; what systemd fills in stays in it. */
function quoted(text: string): string {
	return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** As it is, for a setting in which `$` has no special meaning (systemd.exec(5), Environment=). */
function literal(text: string): string {
	return quoted(text.replaceAll('%', '%%'));
}

/** As it is, for a command, into which systemd fills variables as well (systemd.service(5), “Command lines”). */
function literalWord(text: string): string {
	return literal(text).replaceAll('$', '$$$$');
}
