import type {Conflict} from '../../source/contract/option.ts';
import type {Probe} from '../../source/contract/step.ts';
import {readSshd, readSshPorts} from '../system/sshd.ts';
import {letsSomebodyIn, readRuleTexts} from './ufwRules.ts';

/** What answers to others than the box itself. */
export type Reached = {
	readonly port: number;
	readonly protocol: 'tcp' | 'udp';
	/** As ss(8) names it; '' for the kernel. */
	readonly program: string;
};

/** Ports of the database servers, whose own steps would have them listen to the box alone. */
const databases = [3306, 5432];
/** Of the web, which the firewall lets in; and of what asks others itself, is for the same cable, or is installed without being used. */
const noMatter = {
	tcp: [80, 443, 111],
	udp: [80, 443, 68, 111, 123, 323, 546, 5353, 5355],
};
/** Linux takes ports from here on for programs that ask others (ip_local_port_range). */
const ephemeral = 32_768;

/** Lines of an answer that are read: an honest box has a few dozen. */
const most = 500;

const socket = /^(tcp|udp)\s+\S+\s+\d+\s+\d+\s+(\S+):(\d{1,5})\s+\S+(?:\s+users:\(\("([^"]*)")?/;
const ofBoxAlone = /^(127\.|\[::1\]|\[::ffff:127\.|\[fe80:)/;

/**
 * What others reach on this box and would not any more: where no firewall is at work all that listens for them, else the
 * databases that one of its rules lets in. Docker opens the ports of its containers past every firewall: they stay as they are.
 */
export async function readReached($: Probe): Promise<Reached[]> {
	const [sockets, settings, rules, {ports: ssh}] = await Promise.all([
		$`ss -Hlntup | head -n ${most}`,
		$`cat /etc/ufw/ufw.conf /etc/default/ufw`,
		readRuleTexts($),
		readSshPorts($, readSshd($, 'root')),
	]);
	const isShut = /^ENABLED=yes/m.test(settings) && /^DEFAULT_INPUT_POLICY="?(DROP|REJECT)/m.test(settings);
	const found = listeners(sockets).filter(({port, program}) => program !== 'sshd' && !ssh.includes(port));
	if (!isShut) return found;
	return found.filter(({port}) => databases.includes(port) && rules.some(text => letsSomebodyIn(text, port)));
}

/** Each once, whatever addresses it listens on. */
function listeners(sockets: string): Reached[] {
	const all = sockets.split('\n').flatMap(line => {
		const [, word, address = '', digits, program = ''] = socket.exec(line) ?? [];
		const protocol = word === 'udp' ? 'udp' : 'tcp';
		const port = Number(digits);
		if (word === undefined || ofBoxAlone.test(address) || noMatter[protocol].includes(port)) return [];
		if (program === 'docker-proxy' || (protocol === 'udp' && port >= ephemeral && program !== '')) return [];
		return [[`${port}/${protocol}`, {port, protocol, program}] as const];
	});
	return [...new Map(all).values()].sort((one, other) => one.port - other.port);
}

/** What becomes of them, for a person to choose. */
export async function reachedConflict($: Probe): Promise<Conflict | undefined> {
	const reached = await readReached($);
	if (reached.length === 0) return undefined;
	return {
		option: 'otherPorts',
		what: `Others reach ${inWords(reached)} on this box.`,
		means: 'The firewall lets in ssh and the web alone, and a database listens to the box alone.',
		choices: {
			shut: 'from now on the box alone reaches what listens there; undo opens it again',
			open: 'it stays as it is, and the firewall gets a rule for each port',
		},
	};
}

/** 'postgres (port 5432) and a program (port 51820/udp)' */
function inWords(reached: readonly Reached[]): string {
	const names = [...new Set(reached.map(({program}) => program))];
	const phrases = names.map(name => {
		const ports = reached.filter(({program}) => program === name).map(asPort);
		return `${name === '' ? 'a program' : name} (port${ports.length > 1 ? 's' : ''} ${ports.join(', ')})`;
	});
	return [phrases.slice(0, -1).join(', '), phrases.at(-1)].filter(part => part !== '').join(' and ');
}

const asPort = ({port, protocol}: Reached) => (protocol === 'tcp' ? String(port) : `${port}/${protocol}`);

/** Whether the firewall lets somebody in to a port, or there is none yet. */
export async function readLetIn($: Probe, port: number): Promise<boolean> {
	const [enabled, rules] = await Promise.all([$`grep -x ENABLED=yes /etc/ufw/ufw.conf`, readRuleTexts($)]);
	return enabled === '' || rules.some(text => letsSomebodyIn(text, port));
}
