import {afterEach, beforeEach, expect, test} from 'vitest';
import {verbs} from '../../source/remote/script.ts';
import {ToyBox} from '../fixtures/toy-box.ts';

let box: ToyBox;

/** dpkg and apt at work on three empty packages of their own: database, which needs engine, which needs library. Each stays as long as /srv/stays-NAME is there. */
const packages = `set -e
for folder in /var/lib/dpkg /var/lib/apt /var/cache/apt /var/log; do mount -t tmpfs toy $folder; done
mkdir -p /var/lib/dpkg/{info,updates,triggers} /var/lib/apt/lists/partial /var/cache/apt/archives/partial /var/log/apt
touch /var/lib/dpkg/status /var/lib/dpkg/available
make() {
	mkdir -p /run/toy/$1/DEBIAN
	printf 'Package: %s\\nVersion: 1\\nArchitecture: all\\nMaintainer: nobody <nobody@example.com>\\nDescription: a toy\\n%s' $1 "\${2:+Depends: $2
}" > /run/toy/$1/DEBIAN/control
	printf '#!/bin/sh\\n[ ! -e /srv/stays-%s ]\\n' $1 > /run/toy/$1/DEBIAN/prerm
	chmod 0755 /run/toy/$1/DEBIAN/prerm
	dpkg-deb --build /run/toy/$1 > /dev/null
	dpkg --install /run/toy/$1.deb > /dev/null
}
make library; make engine library; make database engine
printf 'Package: %s\\nArchitecture: all\\nAuto-Installed: 1\\n\\n' library engine > /var/lib/apt/extended_states
mkdir -p /var/lib/boxwizard/box/packages
printf '%s\\n' database engine library > /var/lib/boxwizard/box/packages/packages
`;

beforeEach(async () => {
	box = await ToyBox.open();
	const {code, stdout, stderr} = await box.run(packages);
	expect({code, printed: code === 0 ? '' : `${stdout}${stderr}`}).toEqual({code: 0, printed: ''});
});
afterEach(async () => box.close());

/** The undo of a service whose package is database. @param others what it is told to stay for; `more` patterns of what goes with it */
async function takeOff(others = '', more = ''): Promise<number> {
	const {code} = await box.run(`set -euo pipefail
step_state=/var/lib/boxwizard/box/service
${verbs()}
others='${others}'
remove_some_packages /var/lib/boxwizard/box/packages database ${more}`);
	return code;
}

const left = async () => (await box.peek('dpkg-query -W | cut -f 1')).trim().split('\n').join(' ');
const remembered = async () => await box.peek('cd /var/lib/boxwizard/box/packages; cat packages; ls going');
const unknown = 'databases that can not be listed';

test('packages go with what nobody needs without them, and nothing is remembered of them', async () => {
	expect(await takeOff()).toBe(0);
	expect([await left(), await remembered()]).toEqual(['', '']);
});

test('they stay for what others have put there', async () => {
	expect(await takeOff('a database')).toBe(0);
	expect(await left()).toBe('database engine library');
});

test('a removal that was cut off goes on, where nobody is left to say what they are needed for', async () => {
	await box.peek('touch /srv/stays-engine');
	// Somebody has asked for it: with the database alone it would not go.
	await box.peek("sed -i 's/^Auto-Installed: 1/Auto-Installed: 0/' /var/lib/apt/extended_states");
	expect(await takeOff('', 'engine')).not.toBe(0);
	expect(await left()).toBe('engine library');
	await box.peek('rm /srv/stays-engine');
	expect(await takeOff(unknown, 'engine')).toBe(0);
	expect(await left()).toBe('library');
});

test('what nobody needs any more goes too where only its removal was cut off', async () => {
	await box.peek('touch /srv/stays-library');
	expect(await takeOff()).not.toBe(0);
	expect(await left()).toBe('library');
	await box.peek('rm /srv/stays-library');
	expect(await takeOff(unknown)).toBe(0);
	expect([await left(), await remembered()]).toEqual(['', '']);
});

test('one that was cut off before it began asks anew what they are needed for', async () => {
	await box.peek('touch /srv/stays-database');
	expect(await takeOff()).not.toBe(0);
	await box.peek('rm /srv/stays-database');
	expect(await takeOff('a database that came since')).toBe(0);
	expect([await left(), await remembered()]).toEqual(['database engine library', 'database\nengine\nlibrary\n']);
});
