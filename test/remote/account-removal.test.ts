import {afterEach, beforeEach, expect, test} from 'vitest';
import {verbs} from '../../source/remote/script.ts';
import {ToyBox} from '../fixtures/toy-box.ts';

let box: ToyBox;

beforeEach(async () => {
	box = await ToyBox.open();
	// Accounts of its own, and a home.
	await box.peek('cp -a /etc /run/etc && mount --bind /run/etc /etc && mkdir /srv/home');
	expect(await box.peek('useradd --create-home --home-dir /srv/home/toyuser toyuser && id -un toyuser')).toBe(
		'toyuser\n',
	);
});
afterEach(async () => box.close());

/** Some lines, then the removal of the user, if need be with its home. Answers what is left of it, and what was printed where it failed. */
async function removed(before: string, option = ''): Promise<string> {
	const {code, stdout, stderr} = await box.run(`set -euo pipefail
step_state=/var/lib/boxwizard/box/toy
${verbs()}
${before}
remove_account toyuser ${option}`);
	const left = await box.peek('getent passwd toyuser; getent group toyuser; ls /srv/home; ls /etc/*.lock 2> /dev/null');
	return code === 0 ? left : `${left}exit ${code}: ${stdout}${stderr}`;
}

test.each([
	['with its home', '', '--remove', ''],
	['without a home, which stays', '', '', 'toyuser\n'],
	['whose group alone is left', 'userdel toyuser; groupadd toyuser', '', 'toyuser\n'],
	['whose home has gone already', 'rm -r /srv/home/toyuser', '--remove', ''],
	['that is gone already', 'userdel --remove toyuser', '--remove', ''],
])('a user %s', async (_of, before, option, left) => {
	expect(await removed(before, option)).toBe(left);
});

test('a user whose processes start others as they end', async () => {
	const loop = 'while :; do setsid sleep 1000 & sleep 0.05; done';
	const before = `(setsid runuser -u toyuser -- bash -c '${loop}' > /dev/null 2>&1 &)
until [ "$(pgrep -c -u toyuser)" -gt 3 ]; do sleep 0.05; done`;
	expect(await removed(before)).toBe('toyuser\n');
});

test.each([
	['empty ones, which a power cut has left', 'for file in passwd shadow group gshadow; do : > /etc/$file.lock; done'],
	['of a process that is another one by now', 'sleep 1000 > /dev/null 2>&1 & printf "$!\\0" > /etc/passwd.lock'],
	['of a process that is no more', 'printf 999999 > /etc/group.lock'],
])('locks are no hindrance: %s', async (_which, before) => {
	expect(await removed(before)).toBe('toyuser\n');
});

test('the lock of a tool at work is left to it', async () => {
	await box.peek('cp /bin/sleep /run/usermod; /run/usermod 1000 > /dev/null 2>&1 & printf $! > /etc/passwd.lock');
	expect(await removed('')).toContain('/etc/passwd.lock');
});
