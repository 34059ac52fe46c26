import type {Box} from '../contract/box.ts';
import {isSupported} from '../contract/releases.ts';
import {leastRoom} from '../contract/room.ts';
import type {Survey} from '../contract/ui/survey.ts';
import {createProbe} from './probe.ts';

/** Services worth a word when a box already runs them. */
const knownServices = [
	'nginx',
	'apache2',
	'caddy',
	'haproxy',
	'mysql',
	'mariadb',
	'postgresql',
	'redis-server',
	'supervisor',
	'docker',
	'postfix',
	'exim4',
	'fail2ban',
	'ufw',
];

/** Looks the box over, without touching it. One round trip. */
export async function survey(box: Box): Promise<Survey> {
	const ask = createProbe(box);
	// What a box says of itself is shown: as much of it as an honest one says.
	const $: typeof ask = Object.assign(async (...words: Parameters<typeof ask>) => modest(await ask(...words)), ask);
	const [release, machine, memory, disk, addresses, host, reboot, listening, users, running] = await Promise.all([
		$`. /etc/os-release; echo "$ID"; echo "$VERSION_ID"; echo "$PRETTY_NAME"`,
		$`uname -r; uname -m; nproc; cut -d. -f1 /proc/uptime`,
		$`awk '/^(MemTotal|SwapTotal):/ {print $2}' /proc/meminfo`,
		$`df -B1 --output=size,avail / | tail -1`,
		$`ip -o addr show scope global | awk '{print $3, $4}'`,
		$`hostname -f 2>/dev/null || hostname`,
		$`[ -e /run/reboot-required ] || [ -e /var/run/reboot-required ] && echo pending`,
		$`ss -Hltnp | awk '{print $4, $6}'`,
		// Below 1000 are those of the system (login.defs(5), UID_MIN), and 65534 is nobody.
		$`getent passwd | awk -F: '$3 >= 1000 && $3 < 65534 {print $1}'`,
		$`systemctl is-active ${knownServices}`,
	]);
	const [id = '', version = '', name = ''] = release.split('\n');
	const [kernel = '', architecture = '', cores = '1', uptime = '0'] = machine.split('\n');
	const [ram = '0', swap = '0'] = memory.split('\n');
	const open = listeners(listening);
	const [size = '0', free = '0'] = disk.trim().split(/\s+/);
	return {
		os: {id, version, name, supported: isSupported({id, version})},
		kernel,
		architecture,
		cores: numberOf(cores),
		memory: numberOf(ram) * 1024,
		swap: numberOf(swap) * 1024,
		disk: {size: numberOf(size), free: numberOf(free), enough: numberOf(free) >= leastRoom.kilobytes * 1024},
		hostname: host,
		addresses: {v4: addressesOf(addresses, 'inet'), v6: addressesOf(addresses, 'inet6')},
		rebootPending: reboot === 'pending',
		listening: open,
		pastFirewall: open.filter(({process}) => process === 'docker-proxy').map(({port}) => port),
		users: users.split('\n').filter(name => /^[\w.-]+$/.test(name)),
		running: knownServices.filter((_, index) => running.split('\n')[index] === 'active'),
		uptime: numberOf(uptime),
	};
}

/** 0 for what is no number. */
const numberOf = (text: string): number => (/^\d{1,15}$/.test(text) ? Number(text) : 0);

/** Lines of an answer, and characters of one. */
const most = {lines: 200, characters: 200};

function modest(answer: string): string {
	const lines = answer
		.slice(0, most.lines * most.characters)
		.split('\n')
		.slice(0, most.lines);
	return lines.map(line => line.slice(0, most.characters)).join('\n');
}

function addressesOf(listing: string, family: 'inet' | 'inet6'): string[] {
	return listing
		.split('\n')
		.filter(line => line.startsWith(`${family} `))
		.map(line => line.slice(family.length + 1).replace(/\/\d+$/, ''));
}

function listeners(listing: string): {port: number; process: string}[] {
	const byPort = new Map<number, string>();
	for (const line of listing.split('\n')) {
		const match = /:(\d+)(?:$| )(?:users:\(\("([^"]*)")?/.exec(line);
		if (match) byPort.set(Number(match[1]), match[2] ?? '');
	}
	return [...byPort].map(([port, process]) => ({port, process})).sort((one, other) => one.port - other.port);
}
