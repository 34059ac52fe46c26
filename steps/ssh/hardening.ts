import {z} from 'zod';
import {fileIs} from '../../source/contract/file-fact.ts';
import {defineStep, type Hand, type Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {allowing, placeBefore, readRuleTexts} from '../firewall/ufwRules.ts';
import {options} from '../options/shared.ts';
import {type Os, readOs} from '../system/os.ts';
import {readSshd, readSshPorts, refuseBrokenSshd, type SshdSettings} from '../system/sshd.ts';
import {strongAlgorithms} from './algorithms.ts';
import {reloadSshd} from './reload.ts';
import * as config from './sshdConfig.ts';

/** The door: root and passwords out, strong algorithms only, on the port that was chosen. */
export const hardening = defineStep({
	id: 'ssh/hardening',
	title: 'Harden SSH',
	why: 'Only your key opens the door: no root, no passwords. Robots try passwords on every server all day; if your new way in fails, the box restores the old one by itself.',
	needs: ['account/authorizedKeys'],
	hazard: 'lockout',
	options: z.object({user: options.user, sshPort: options.sshPort}),
	async check($, {user, sshPort}) {
		const settings = readSshd($, user);
		const [os, open, listening, taken, kex, keys, dropIn, main, otherPorts, firewall, rules] = await Promise.all([
			readOs($),
			readOpenDoors($, user),
			readSshPorts($, settings),
			$`ss -Hltnp ${`sport = :${sshPort}`} | grep -v '"sshd"'`,
			$`ssh -Q kex`,
			readRsaKeys($),
			$.file(config.dropIn),
			$`cat ${config.mainConfig}`,
			$`grep -HE '^[[:space:]]*Port[[:space:]]' ${config.mainConfig} $(ls /etc/ssh/sshd_config.d/*.conf | grep -vxF ${config.dropIn})`,
			$`grep -x ENABLED=yes /etc/ufw/ufw.conf`,
			readRuleTexts($),
			refuseBrokenSshd($),
		]);
		if (taken !== '' && !listening.ports.includes(sshPort)) throw portTaken(sshPort, taken);
		const facts = {
			os,
			...listening,
			kex: kex.split('\n'),
			keys,
			// The whole text, only where it has to be written anew.
			withoutInclude: /^\s*Include\s+\/etc\/ssh\/sshd_config\.d\/\*\.conf/m.test(main) ? '' : main,
			otherPorts: portLines(otherPorts),
			firewall: firewall !== '',
			rulePlace: placeBefore(rules, [sshPort]),
			open,
		};
		return {...facts, configured: fileIs(dropIn, dropInContent(facts, sshPort))};
	},
	done: (facts, {sshPort}) =>
		facts.configured && facts.open.length === 0 && facts.ports.length === 1 && facts.ports[0] === sshPort,
	apply($, facts, {sshPort}) {
		if (!facts.keys.strong && !facts.keys.stock) makeStrongRsaKey($);
		$`awk '$5 >= 3071' /etc/ssh/moduli > ${config.strongModuli}`;
		if (facts.withoutInclude !== '') $.file(config.mainConfig, `${config.include}\n${facts.withoutInclude}\n`);
		$.file(config.dropIn, dropInContent(facts, sshPort));
		if (moves(facts, sshPort) || sshPort !== 22) yieldPort($, facts.otherPorts);
		if (moves(facts, sshPort)) movePort($, facts, sshPort);
		$`sshd -t`;
		adoptConfig($, facts.socket && moves(facts, sshPort), 'try-reload-or-restart');
	},
	undo($, before, {sshPort}) {
		const others = before.otherPorts.map(({path}) => path);
		for (const path of new Set([config.dropIn, config.mainConfig, config.socketDropIn, ...others])) $.restore(path);
		if (!before.keys.strong) {
			for (const path of [config.strongRsaKey, `${config.strongRsaKey}.pub`, config.strongModuli]) $.remove(path);
		}

		$`sshd -t`;
		// Started where it runs no more: a port that it can't have ends it.
		adoptConfig($, before.socket && moves(before, sshPort), 'reload-or-restart');
		if (before.firewall && moves(before, sshPort)) $`ufw delete allow ${sshPort}/tcp`;
	},
	/** The fresh login has been made by the guard. Here sshd is asked whether it now shuts out whom it should. */
	async verify($, {user}) {
		// One that has ended says nothing: that no login comes through is the guard's to find out.
		const open = (await readOpenDoors($, user)).filter(setting => !setting.endsWith(unknown));
		if (open.length > 0) throw stillOpen(open);
	},
});

type Listening = {readonly ports: readonly number[]; readonly socket: boolean};
type PortLine = {readonly path: string; readonly line: string};

/** sshd answers on every port that any file names: the lines of other files become comments. */
function yieldPort($: Hand, lines: readonly PortLine[]): void {
	for (const {path, line} of lines) $.line(path, `# ${line} (now: ${config.dropIn})`, '^[[:space:]]*Port[[:space:]]');
}

/** Not where it is there: a guard that takes an undo back has brought it back already, and a new one takes seconds. */
function makeStrongRsaKey($: Hand): void {
	const key = config.strongRsaKey;
	$`ssh-keygen -l -f ${key}.pub > /dev/null 2>&1 || { rm -f ${key} ${key}.pub; ssh-keygen -q -t rsa -b 4096 -N '' -C '' -f ${key}; }`;
}

/** systemd's socket moves along, and the new port is open before anybody tries it. */
function movePort($: Hand, facts: {socket: boolean; firewall: boolean; rulePlace?: number}, port: number): void {
	if (facts.socket) $.file(config.socketDropIn, config.socketConfig(port));
	// A journal of an earlier version knows no place.
	if (facts.firewall) $`ufw ${allowing(facts.rulePlace ?? 0, `${port}/tcp`)}`;
}

function adoptConfig($: Hand, socketMoves: boolean, how: 'reload-or-restart' | 'try-reload-or-restart'): void {
	if (!socketMoves) {
		reloadSshd($, how);
		return;
	}

	// systemd doesn't bind a socket while its service runs. Started again at once, because sshd's own checks need /run/sshd.
	$`systemctl daemon-reload`;
	$.service('ssh.service', 'stop');
	$.service('ssh.socket', 'restart');
	$.service('ssh.service', 'start');
}

function moves({ports}: Listening, port: number): boolean {
	return ports.length !== 1 || ports[0] !== port;
}

/** What `grep -H` answers: '/etc/ssh/sshd_config:Port 2222'. */
function portLines(answer: string): PortLine[] {
	return [...answer.matchAll(/^([^:\n]+):\s*(.*)$/gm)].map(([, path = '', line = '']) => ({path, line}));
}

function dropInContent(facts: {os: Os; kex: readonly string[]; keys: RsaKeys}, port: number): string {
	const rsaKey = facts.keys.stock ? config.stockRsaKey : config.strongRsaKey;
	return config.sshdConfig(rsaKey, strongAlgorithms(facts.os, facts.kex), port === 22 ? undefined : port);
}

/** Which of the two RSA host keys are there and have at least 4096 bits. */
type RsaKeys = {readonly stock: boolean; readonly strong: boolean};

async function readRsaKeys($: Probe): Promise<RsaKeys> {
	const [stock, strong] = await Promise.all([
		$`ssh-keygen -l -f ${config.stockRsaKey}.pub`,
		$`ssh-keygen -l -f ${config.strongRsaKey}.pub`,
	]);
	return {stock: Number.parseInt(stock, 10) >= 4096, strong: Number.parseInt(strong, 10) >= 4096};
}

/** What still lets in whom it should not, be it from anywhere or from where the person is: Match blocks tell them apart. */
async function readOpenDoors($: Probe, user: string): Promise<string[]> {
	const {client} = await $.outside.peer();
	const who = [user, 'root'];
	const settings = await Promise.all(who.flatMap(name => [readSshd($, name), readSshd($, name, client)]));
	return [...new Set(settings.flatMap(openDoors))];
}

const unknown = 'unknown';

/** The settings that still let in whom they should not: 'permitrootlogin yes'. */
export function openDoors(settings: SshdSettings): string[] {
	return config.doors
		.filter(([name, value]) => settings[name.toLowerCase()]?.[0] !== value)
		.map(([name]) => `${name.toLowerCase()} ${settings[name.toLowerCase()]?.[0] ?? unknown}`);
}

function portTaken(port: number, taken: string): Trouble {
	return new Trouble({
		what: `Port ${port} of the box is taken by another program.`,
		means: 'sshd could not listen there, and would end. Nothing was touched.',
		next: 'Choose another port for ssh, or move that program to another one.',
		evidence: taken.split('\n').slice(0, 6),
		code: 'port-taken',
	});
}

function stillOpen(open: readonly string[]): Trouble {
	return new Trouble({
		what: `sshd still says ${open.join(', ')}.`,
		means: 'Another setting overrules the new one, most likely a Match block in /etc/ssh/sshd_config or its drop-ins.',
		next: '`grep -rn Match /etc/ssh` on the box shows it: take the block out, then run this step again.',
		evidence: open,
		code: 'door-still-open',
	});
}
