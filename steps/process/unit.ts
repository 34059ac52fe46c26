import {pathsOf} from '../folders/paths.ts';
import {basicVariables, longestJob, type Program, releaseOf} from './program.ts';
import {candidateMark, type Slot, secondIsLive} from './slots.ts';

/**
 * What an app's programs can't do, whatever becomes of them (systemd.exec(5)). All of it is understood from systemd 249 (Ubuntu
 * 22.04) on. Left off, since programs break by it: MemoryDenyWriteExecute= (compilers at run time: Node, PyPy, regular
 * expressions of PCRE), ProcSubset=pid (what counts memory and processors), RemoveIPC= (takes it from the app's other programs
 * too), PrivateUsers= (some containers have none to give, and nothing would start).
 */
const confinement = [
	'UMask=0027',
	'NoNewPrivileges=yes',
	'CapabilityBoundingSet=',
	'PrivateTmp=yes',
	'PrivateDevices=yes',
	'ProtectSystem=strict',
	'ProtectHome=yes',
	'ProtectProc=invisible',
	'ProtectClock=yes',
	'ProtectHostname=yes',
	'ProtectControlGroups=yes',
	'ProtectKernelLogs=yes',
	'ProtectKernelModules=yes',
	'ProtectKernelTunables=yes',
	// Netlink tells what addresses the box has.
	'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
	'RestrictNamespaces=yes',
	'RestrictRealtime=yes',
	'RestrictSUIDSGID=yes',
	'LockPersonality=yes',
	'SystemCallArchitectures=native',
	'SystemCallFilter=@system-service',
	'SystemCallFilter=~@privileged',
	// gunicorn 20 becomes the user that it is already. Another it can't become: it has no capability, and gets none.
	'SystemCallFilter=@setuid',
	// A call that is refused is an error that the program can tell of; else it would be killed without a word.
	'SystemCallErrorNumber=EPERM',
];

/** The unit of a program: all of the file system is read-only to it, but for the app's state folder. */
export function systemdUnit(program: Program): string {
	const {app, description, words, folder, after, notifies, finishes} = program;
	const {state, processEnvironment} = pathsOf(app);
	return [
		'[Unit]',
		`Description=${description}`,
		`After=network.target mariadb.service mysql.service postgresql.service${after ? ` ${after}` : ''}`,
		...(program.slot === undefined ? [] : conditions(app, program.slot)),
		// It is never given up: where a database was away for long, the app comes back with it.
		'StartLimitIntervalSec=0',
		'',
		'[Service]',
		notifies ? 'Type=notify' : 'Type=exec',
		`User=${app}`,
		...Object.entries(basicVariables(app, releaseOf(program))).map(([name, value]) => `Environment=${name}=${value}`),
		`EnvironmentFile=${processEnvironment}`,
		`WorkingDirectory=${folder}`,
		`ExecStart=${words.map(unitWord).join(' ')}`,
		'Restart=always',
		// The same each time: a longer pause after each end would never be a short one again (RestartSteps=, systemd.service(5)).
		'RestartSec=3',
		// The first process tells its own when to stop.
		'KillMode=mixed',
		...(finishes === undefined ? [] : [`TimeoutStopSec=${finishes}`]),
		// One worker that took too much memory does not take the others with it.
		'OOMPolicy=continue',
		...confinement,
		`ReadWritePaths=${state}`,
		'',
		'[Install]',
		'WantedBy=multi-user.target',
		'',
	].join('\n');
}

/** Of the two slots only the live one starts, also at boot; and one in which a new version is tried (systemd.unit(5): one of those with | has to hold). */
function conditions(app: string, slot: Slot): string[] {
	const isLive = `${slot === 'second' ? '' : '!'}${secondIsLive(app)}`;
	return [isLive, candidateMark(app, slot)].map(path => `ConditionPathExists=|${path}`);
}

/** What a job at fixed times is: a program that does its work and ends. */
export type Job = Pick<Program, 'name' | 'app' | 'description' | 'words' | 'folder'>;

/** The unit of such a job, which its timer starts. @param tells whether somebody is told where it fails */
export function jobUnit({name, app, description, words, folder}: Job, tells: boolean): string {
	const {state, processEnvironment} = pathsOf(app);
	return [
		'[Unit]',
		`Description=${description}`,
		'After=network.target mariadb.service mysql.service postgresql.service redis-server.service',
		...(tells ? [`OnFailure=${app}-failed@${name}.service`] : []),
		'',
		'[Service]',
		'Type=oneshot',
		`User=${app}`,
		...Object.entries(basicVariables(app)).map(([variable, value]) => `Environment=${variable}=${value}`),
		`EnvironmentFile=${processEnvironment}`,
		`WorkingDirectory=${folder}`,
		`ExecStart=${words.map(unitWord).join(' ')}`,
		`TimeoutStopSec=${longestJob}`,
		...confinement,
		`ReadWritePaths=${state}`,
		'',
	].join('\n');
}

/** The timer of a job. One whose time came while the box was off is made up for once it is on. */
export function timerUnit(description: string, calendar: readonly string[]): string {
	return [
		'[Unit]',
		`Description=${description}`,
		'',
		'[Timer]',
		...calendar.map(time => `OnCalendar=${time}`),
		'AccuracySec=1s',
		'Persistent=true',
		'',
		'[Install]',
		'WantedBy=timers.target',
		'',
	].join('\n');
}

/** Minutes for which a job that fails again and again is told once. */
const toldOnceIn = 60;

/** Tells root by mail that a job of an app has failed, with its last lines; its instance is the job's name. */
export function noticeUnit(app: string): string {
	const told = '/run/boxwizard-told-%i';
	const mail = `{ echo "Subject: %i has failed on $(hostname -f)"; echo; echo "The scheduled job %i of ${app} has failed. Where it goes on failing, this is told once an hour. Its last lines:"; echo; journalctl --unit=%i.service --lines=30 --no-pager --output=cat; } | /usr/sbin/sendmail -i root && touch ${told}`;
	const line = `[ -n "$(find ${told} -mmin -${toldOnceIn} 2>/dev/null)" ] || { ${mail}; }`;
	return [
		'[Unit]',
		`Description=Tells that a job of ${app} has failed`,
		'',
		'[Service]',
		'Type=oneshot',
		`ExecStart=/bin/sh -c "${line.replaceAll('$', '$$$$').replaceAll(/[\\"]/g, '\\$&')}"`,
		'',
	].join('\n');
}

/** A word of ExecStart=, in which systemd fills in nothing (systemd.service(5), “Command lines”). */
export function unitWord(word: string): string {
	const literal = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
	return /^[\w@%+=:,./()$-]+$/.test(literal) ? literal : `"${literal.replaceAll(/[\\"]/g, '\\$&')}"`;
}
