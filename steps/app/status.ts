import type {AppStatus, BoxStatus} from '../../source/contract/status.ts';
import type {Probe} from '../../source/contract/step.ts';
import {programsOf} from '../doctor/app/programs.ts';
import {liveFolder} from '../tls/facts.ts';
import {as, placesOf} from './paths.ts';
import {WaitingUpdates} from './updates.ts';

/** What is asked about an app. */
export type AppAnswers = {
	readonly app: string;
	readonly user: string;
	readonly domain?: string;
	readonly appPort?: number;
	readonly supervisor: 'supervisor' | 'systemd';
	readonly queue: string;
};

/** How a box and the apps on it stand now. All questions travel as one script. */
export async function readStatus(
	$: Probe,
	apps: readonly AppAnswers[],
	waiting: WaitingUpdates = new WaitingUpdates(),
): Promise<BoxStatus> {
	const [clock, memory, disk, updates, reboot, states] = await Promise.all([
		$`date +%s; cut -d' ' -f1 /proc/uptime`,
		$`awk '/^(MemTotal|MemAvailable):/ {print $2}' /proc/meminfo`,
		$`df -B1 --output=size,avail / | tail -1`,
		waiting.read($),
		$`[ -e /run/reboot-required ] && echo pending`,
		Promise.all(apps.map(app => readApp($, app))),
	]);
	const [now = '0', uptime = '0'] = clock.split('\n');
	const [total = '0', available = '0'] = memory.split('\n');
	const [size = '0', free = '0'] = disk.trim().split(/\s+/);
	return {
		at: new Date(Number(now) * 1000).toISOString(),
		uptime: Math.floor(Number(uptime)),
		memory: {total: Number(total) * 1024, available: Number(available) * 1024},
		disk: {size: Number(size), free: Number(free)},
		updates,
		rebootPending: reboot === 'pending',
		apps: states,
		others: [],
	};
}

async function readApp($: Probe, {app, user, domain, appPort, supervisor, queue}: AppAnswers): Promise<AppStatus> {
	const {current} = placesOf(app);
	const names = programsOf({app, queue});
	const [stated, processes, commit, certificate] = await Promise.all([
		supervisor === 'supervisor'
			? $`supervisorctl status ${names}`
			: $`for name in ${names}; do echo "$name" $(systemctl show --property=ActiveState --value "$name"); done`,
		// Of the processes that run as the app's own user: memory in KB that is theirs alone, and when the first began.
		$`ps -u ${app} -o rss=,etimes= | awk '{memory += $1; if ($2 > age) age = $2} END {print memory, age}'`,
		$`${as(user, current)} git log -1 --format='%H %s'`,
		domain === undefined ? '' : $`openssl x509 -noout -enddate -in ${`${liveFolder(domain)}/cert.pem`}`,
	]);
	const [memory = '', age = ''] = processes.split(' ');
	const [id, ...words] = commit.split(' ');
	const expires = Date.parse(certificate.replace('notAfter=', ''));
	return {
		name: app,
		state: stateOf(stated, names),
		...(age !== '' && {since: new Date(Date.now() - Number(age) * 1000).toISOString()}),
		...(id && {version: {id, title: words.join(' ')}}),
		...(memory !== '' && {memory: Number(memory) * 1024}),
		...(domain !== undefined && {domain}),
		...(!Number.isNaN(expires) && {certificateExpires: new Date(expires).toISOString()}),
		...(appPort !== undefined && {port: appPort}),
	};
}

/** The state of an app is that of the worst of its programs. */
function stateOf(answer: string, names: readonly string[]): AppStatus['state'] {
	const lines = names.map(name => answer.split('\n').find(line => line.split(/\s+/)[0] === name) ?? '');
	if (lines.every(line => line === '')) return 'unknown';
	if (lines.every(line => /\s(RUNNING|active)\b/.test(line))) return 'up';
	return lines.some(line => /\s(STARTING|activating|reloading)\b/.test(line)) ? 'starting' : 'down';
}
