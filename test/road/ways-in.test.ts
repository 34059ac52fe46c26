import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Outside} from '../../source/contract/outside.ts';
import {Secret} from '../../source/contract/secret.ts';
import type {Question} from '../../source/contract/ui/question.ts';
import {openBox} from '../../source/transport/index.ts';
import {GuardedBox, summaryOf} from './boxes/guarded-box.ts';
import {saveState} from './boxes/saved-state.ts';

let guarded: GuardedBox;
let asked: Question['kind'][];
const on = (script: string) => guarded.box.console(script);

/** Users whose names say what their shell is; sudo asks them nothing. */
const shells = {sh: '/bin/dash', zed: '/usr/bin/zsh', fishy: '/usr/bin/fish', sea: '/bin/tcsh'};
const closed = {servant: '/usr/sbin/nologin', nobody2: '/bin/false'};

/** @param rule of sudoers; '' for none */
const user = (name: string, shell: string, key: string, rule = 'NOPASSWD: ALL') => `useradd -m -s ${shell} ${name}
install -d -m 700 -o ${name} -g ${name} ~${name}/.ssh
echo '${key}' > ~${name}/.ssh/authorized_keys; chown ${name}: ~${name}/.ssh/authorized_keys
[ -z '${rule}' ] || echo '${name} ALL=(ALL:ALL) ${rule}' > /etc/sudoers.d/${name}`;

beforeAll(async () => {
	guarded = await GuardedBox.open('ways-in');
	const {publicKey} = guarded.person;
	await on(`apt-get update -q > /dev/null
DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends install zsh fish tcsh > /dev/null
${Object.entries({...shells, ...closed})
	.map(([name, shell]) => user(name, shell, publicKey))
	.join('\n')}
${user('pat', '/bin/bash', publicKey, 'ALL')}
${user('guest', '/bin/bash', publicKey, '')}
${user('chatty', '/bin/bash', publicKey)}
${user('hasty', '/bin/bash', publicKey)}
${user('debian', '/bin/bash', publicKey)}
printf 'pat:sesame\\nguest:sesame\\n' | chpasswd
sed -i '1i exit 0' ~hasty/.bashrc
sed -i '1i echo "Welcome home"; echo "and mind the step" >&2; stty sane; seq 20000' ~chatty/.bashrc
seq 500 > /etc/motd; seq 100 > /etc/issue.net; echo 'Banner /etc/issue.net' > /etc/ssh/sshd_config.d/02-banner.conf
install -d -m 700 /root/.ssh
cat > /root/.ssh/authorized_keys <<'END'
no-port-forwarding,no-agent-forwarding,no-X11-forwarding,command="echo 'Please login as the user \\"debian\\" rather than the user \\"root\\".';echo;sleep infinity" ${publicKey}
END
systemctl restart ssh`);
});

afterAll(async () => guarded?.close());

/** Logs in with the person's key, and answers who runs commands then. */
async function enter(name: string, host = guarded.box.address, passwords: readonly string[] = []): Promise<string> {
	const left = [...passwords];
	asked = [];
	const {person} = guarded;
	const box = await openBox(
		{host, user: name},
		(async (question: Question) => {
			asked.push(question.kind);
			return question.kind === 'trust-host' ? true : new Secret(left.shift() ?? 'nobody knows');
		}) as never,
		{
			outside: () => ({}) as Outside,
			identity: person.file('.ssh/id_ed25519'),
			knownHosts: person.file(`known-${host}`),
		},
	);
	const {stdout} = await box.run('id -un; echo "$SSH_CONNECTION" | cut -d" " -f 3');
	await box.close();
	return stdout;
}

describe('shells', () => {
	test.each(Object.entries(shells))('%s logs in to %s', async name => {
		expect(await enter(name)).toBe(`root\n${guarded.box.address}\n`);
	});

	test.each(Object.entries(closed))('%s, whose shell is %s, is told to be shut out', async name => {
		await expect(enter(name)).rejects.toMatchObject({code: 'shell-closed', next: expect.stringContaining('usermod')});
	});

	test('a motd, a banner and a .bashrc that print are passed over', async () => {
		expect(await enter('chatty')).toBe(`root\n${guarded.box.address}\n`);
	});

	test('a .bashrc that exits is named', async () => {
		await expect(enter('hasty')).rejects.toMatchObject({code: 'no-shell', next: expect.stringContaining('.bashrc')});
	});
});

describe('sudo', () => {
	test('with a password is asked for it, again when it was wrong', async () => {
		expect(await enter('pat', guarded.box.address, ['wrong', 'sesame'])).toContain('root\n');
		expect(asked.filter(kind => kind === 'sudo-password')).toHaveLength(2);
	});

	test('who may not use it is told so', async () => {
		await expect(enter('guest', guarded.box.address, ['sesame'])).rejects.toMatchObject({code: 'no-sudo'});
	});
});

test('root closed by the provider: who asks for root is sent to the image’s user, at once', async () => {
	// Whoever waited for the end of what root's key is bound to would never end.
	await expect(enter('root')).rejects.toMatchObject({
		code: 'other-user',
		what: expect.stringContaining('log in as debian'),
	});
});

describe('the door from', () => {
	let back: () => Promise<void>;

	beforeAll(async () => {
		back = await saveState(guarded.box);
	});

	test('the image’s user, where root is closed', async () => {
		const told = await guarded.walk({target: `debian@${guarded.box.address}`});
		expect(summaryOf(told)).toMatchObject({failed: []});
		expect(await guarded.secondHost().knock(performance.now())).toMatchObject({old: false, new: true});
	});

	test('root, on a box without sudo', async () => {
		await back();
		await on(
			'rm /root/.ssh/authorized_keys; apt-get -y -q purge sudo > /dev/null 2>&1 || SUDO_FORCE_REMOVE=yes apt-get -y -q purge sudo > /dev/null',
		);
		await expect(enter('sh')).rejects.toMatchObject({code: 'no-sudo', what: expect.stringContaining('root')});
		expect(summaryOf(await guarded.walk({}))).toMatchObject({failed: []});
	});

	test('an address of IPv6, where there is no other', async () => {
		await back();
		const {address6} = guarded.box;
		await on(`rm /root/.ssh/authorized_keys
DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends install ufw unattended-upgrades fail2ban python3-systemd nftables logrotate openssl > /dev/null
ip -4 -o address show scope global | while read -r _ device _ address _; do ip address delete $address dev $device; done`);
		const steps = [
			'system/ready',
			'services/packages',
			'account/adminUser',
			'account/authorizedKeys',
			'ssh/hardening',
			'ssh/fail2ban',
			'firewall/ufw',
		];
		const told = await guarded.walk({target: `root@${address6}`, steps});
		expect(summaryOf(told)).toMatchObject({failed: []});
		expect(await on('cat /etc/fail2ban/jail.d/boxwizard.local')).toMatch(/^ignoreip = .* [\da-f:]+::\/64$/m);
		expect(await on("grep -c 'allow tcp 22 ::/0' /etc/ufw/user6.rules")).not.toBe('0\n');
	});
});
