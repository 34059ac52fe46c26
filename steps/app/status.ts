import type {AppStatus, BoxStatus, ForeignProgram, JobStatus} from '../../source/contract/status.ts';
import type {Probe, Version} from '../../source/contract/step.ts';
import {as, pathsOf} from '../folders/paths.ts';
import {jobProperties, jobsIn, jobsOf, unitsOfJobs} from '../process/jobs.ts';
import {programIn, programsOf, programsOnBox} from '../process/programs.ts';
import {readLiveSlot, type Slot} from '../process/slots.ts';
import {askSupervisor, type Supervised, supervisedIn} from '../process/supervisor.ts';
import {shownUnits} from '../system/shownUnits.ts';
import {readCertificate} from '../tls/facts.ts';
import {WaitingUpdates} from './updates.ts';

/** What is asked about an app. */
export type AppAnswers = {
	readonly app: string;
	readonly user: string;
	readonly domain?: string;
	readonly appPort?: number;
	readonly secondPort?: number;
	readonly supervisor: 'supervisor' | 'systemd';
	readonly queue: string;
	readonly processes?: Readonly<Record<string, string>>;
	readonly cron?: Readonly<Record<string, string>>;
};

/** What the box answered, as text: what it means is for `statusFrom` to say. */
export type StatusAnswers = {
	/** Two lines: seconds since 1970, and since the boot. */
	readonly clock: string;
	/** Two lines: MemTotal and MemAvailable, in KB. */
	readonly memory: string;
	/** Size and free bytes of the root file system. */
	readonly disk: string;
	/** How many packages have a newer version. */
	readonly updates: number;
	readonly reboot: string;
	/** supervisor's own answer (XML-RPC). */
	readonly supervised: string;
	/** 'NAME NUMBER': how often each program of supervisor ended by itself since somebody started it. */
	readonly ended: string;
	/** Blocks of systemctl show: services that lie where an administrator puts them, and those of the apps with the timers of their jobs. */
	readonly units: string;
	readonly apps: readonly {
		/** That of its server's two that is live. */
		readonly slot: Slot;
		/** KB that are its own, shared pages by their part (PSS). */
		readonly memory: string;
		/** Commit and the first line of its message. */
		readonly commit: string;
		/** When its certificate ends. ISO 8601, UTC. */
		readonly certificateExpires?: string;
	}[];
};

/** How a box and the apps on it stand now. All questions travel as one script. @throws Trouble where the box can't be reached */
export async function readStatus(
	$: Probe,
	apps: readonly AppAnswers[],
	waiting: WaitingUpdates = new WaitingUpdates(),
): Promise<BoxStatus> {
	return statusFrom(await readAnswers($, apps, waiting), apps);
}

async function readAnswers($: Probe, apps: readonly AppAnswers[], waiting: WaitingUpdates): Promise<StatusAnswers> {
	const kept = [
		...apps.filter(({supervisor}) => supervisor === 'systemd').flatMap(unitsOf),
		...apps.flatMap(unitsOfJobs),
	];
	const properties = ['Id', 'Type', 'SubState', 'NRestarts', 'StateChangeTimestampMonotonic', ...jobProperties].join(
		',',
	);
	const [clock, memory, disk, updates, reboot, supervised, ended, units, states] = await Promise.all([
		$`date +%s; cut -d' ' -f1 /proc/uptime`,
		$`awk '/^(MemTotal|MemAvailable):/ {print $2}' /proc/meminfo`,
		$`df -B1 --output=size,avail / | tail -1`,
		waiting.read($),
		$`[ -e /run/reboot-required ] && echo pending`,
		askSupervisor($),
		// supervisor keeps no count: its log tells each end, and each stop and start that somebody asked for.
		$`tail -c 1M /var/log/supervisor/supervisord.log | awk '/ supervisord started with pid / {split("", ended)} match($0, / (exited|stopped): [^ ]+ /) {split(substr($0, RSTART + 1, RLENGTH - 2), words, ": "); if (words[1] == "stopped") delete ended[words[2]]; else ended[words[2]]++} END {for (name in ended) print name, ended[name]}'`,
		$`cd /etc/systemd/system && TZ=UTC systemctl show --property=${properties} -- ${kept} $(find . /usr/local/lib/systemd/system -maxdepth 1 -type f -name '*.service' ! -name '*@.service' ! -name 'snap.*' -printf '%f\n' | sort -u)`,
		Promise.all(apps.map(app => readApp($, app))),
	]);
	return {clock, memory, disk, updates, reboot, supervised, ended, units, apps: states};
}

async function readApp($: Probe, {app, user, domain}: AppAnswers): Promise<StatusAnswers['apps'][number]> {
	const [slot, memory, commit, certificate] = await Promise.all([
		readLiveSlot($, app),
		$`cat $(pgrep -u ${app} | sed 's|.*|/proc/&/smaps_rollup|') < /dev/null | awk '/^Pss:/ {memory += $2} END {print memory}'`,
		$`${as(user, pathsOf(app).current)} git log -1 --format='%H %s'`,
		domain === undefined ? null : readCertificate($, domain),
	]);
	return {slot, memory, commit, ...(certificate && {certificateExpires: certificate.expires})};
}

/** Foreign programs that are told at most: a page has room for a few. */
const mostOthers = 50;

/** Characters of such a program's name. */
const longestName = 100;

/** What the box's answers say. Nothing in them is believed to be well-formed: a number that is none is left out. Pure. */
export function statusFrom(answers: StatusAnswers, apps: readonly AppAnswers[]): BoxStatus {
	const [now = Number.NaN, uptime = 0] = numbers(answers.clock);
	const [total = 0, available = 0] = numbers(answers.memory);
	const [size = 0, free = 0] = numbers(answers.disk);
	const moment = Number.isNaN(now) ? Date.now() / 1000 : now;
	const supervised = supervisedIn(answers.supervised);
	const units = unitsIn(answers.units, moment - uptime);
	const ended = new Map(answers.ended.split('\n').map(line => line.split(' ') as [string, string]));
	const programs = [...supervised.map(program => fromSupervisor(program, ended.get(program.name))), ...units];
	const own = new Set(apps.flatMap(app => [...programsOnBox(app), ...jobsOf(app)]));
	return {
		at: isoTime(moment) ?? new Date().toISOString(),
		uptime: Math.floor(uptime),
		memory: {total: total * 1024, available: available * 1024},
		disk: {size, free},
		updates: answers.updates,
		rebootPending: answers.reboot === 'pending',
		apps: apps.map((app, index) => appFrom(app, answers.apps[index], programs, jobsIn(answers.units, app))),
		others: programs
			.filter(({name}) => !own.has(name) && !name.startsWith('boxwizard'))
			.slice(0, mostOthers)
			.map(({name, manager, state, logs}) => ({name: name.slice(0, longestName), manager, state, logs})),
	};
}

/** A program as its process manager has it. `since` in seconds since 1970. */
type Program = ForeignProgram & {readonly since?: number; readonly restarts?: number};

function appFrom(
	app: AppAnswers,
	seen: StatusAnswers['apps'][number] | undefined,
	programs: readonly Program[],
	jobs: readonly JobStatus[],
): AppStatus {
	const {slot = 'first'} = seen ?? {};
	// The other slot of its server rests; or a deploy is under way, and it is none of its visitors' business.
	const names = programsOf(app).map(name => programIn(slot, app.app, name));
	const mine = names.map(name => programs.find(program => program.name === name && program.manager === app.supervisor));
	const found = mine.flatMap(program => program ?? []);
	const [memory = 0] = numbers(seen?.memory ?? '');
	const stated = stateOf(mine);
	// Where nobody says, and no process of its user runs either, it is down for sure.
	const state = stated === 'unknown' && memory === 0 ? 'down' : stated;
	const since = isoTime(Math.max(...found.filter(program => program.state === state).map(one => one.since ?? 0)));
	const version = versionIn(seen?.commit ?? '');
	const port = slot === 'first' ? app.appPort : app.secondPort;
	return {
		name: app.app,
		state,
		...(since !== undefined && {since}),
		...(version && {version}),
		...(memory > 0 && {memory: memory * 1024}),
		...(found.length > 0 && {restarts: found.reduce((sum, {restarts = 0}) => sum + restarts, 0)}),
		...(app.domain !== undefined && {domain: app.domain}),
		...(seen?.certificateExpires !== undefined && {certificateExpires: seen.certificateExpires}),
		...(port !== undefined && {port}),
		...(jobs.length > 0 && {jobs}),
	};
}

/** The state of an app is that of the worst of its programs. One that its process manager does not know is down, where that answers at all. */
function stateOf(programs: readonly (Program | undefined)[]): AppStatus['state'] {
	const states = programs.map(program => program?.state ?? 'unknown');
	if (states.every(state => state === 'unknown')) return 'unknown';
	if (states.some(state => state === 'down' || state === 'unknown')) return 'down';
	return states.some(state => state === 'starting') ? 'starting' : 'up';
}

/** supervisor's states (its manual, “Process States”). */
function fromSupervisor({name, state, start, stop, logs}: Supervised, ended: string | undefined): Program {
	const isUp = state === 'RUNNING';
	return {
		name,
		manager: 'supervisor',
		// BACKOFF: it has just died, and is started once more.
		state: isUp ? 'up' : state === 'STARTING' ? 'starting' : 'down',
		since: isUp || state === 'STARTING' ? start : stop,
		restarts: numbers(ended ?? '')[0] ?? 0,
		logs,
	};
}

/** @param boot seconds since 1970 */
function unitsIn(answer: string, boot: number): Program[] {
	return shownUnits(answer).flatMap(({id, value}) => {
		const name = id.replace(/\.service$/, '');
		// One that does its work and ends is no program that runs, and a timer is none at all.
		if (id.endsWith('.timer') || value('Type') === 'oneshot') return [];
		const active = value('ActiveState');
		// Between two attempts, a program that dies at each start is 'activating' too (systemd.service(5), Restart=).
		const dies = value('SubState').startsWith('auto-restart');
		const isStarting = /^(activating|reloading)$/.test(active) && !dies;
		// 0: it has been as it is since the boot, or is not there at all.
		const [changed = 0] = numbers(value('StateChangeTimestampMonotonic'));
		return [
			{
				name,
				manager: 'systemd' as const,
				state: active === 'active' ? ('up' as const) : isStarting ? ('starting' as const) : ('down' as const),
				...(changed > 0 && {since: boot + changed / 1e6}),
				restarts: numbers(value('NRestarts'))[0] ?? 0,
				logs: [],
			},
		];
	});
}

const unitsOf = (app: AppAnswers): string[] => programsOnBox(app).map(name => `${name}.service`);

/** Characters of a commit's title: what its author wrote may have any length. */
const longestTitle = 200;

function versionIn(text: string): Version | undefined {
	const [, id, title = ''] = /^([0-9a-f]{40,64}) ?(.*)/.exec(text) ?? [];
	return id === undefined ? undefined : {id, title: title.slice(0, longestTitle)};
}

/** The numbers of a text that is nothing but numbers, none of them negative. */
function numbers(text: string): number[] {
	const words = text.split(/\s+/).filter(word => word !== '');
	return words.every(word => /^\d{1,18}(\.\d+)?$/.test(word)) ? words.map(Number) : [];
}

/** ISO 8601; undefined for seconds that are no moment of a box's life. */
function isoTime(seconds: number): string | undefined {
	const isMoment = seconds > 0 && seconds < 253_402_300_800;
	return isMoment ? new Date(Math.floor(seconds) * 1000).toISOString() : undefined;
}
