import {afterEach, expect, test, vi} from 'vitest';
import type {Start} from '../../source/contract/ui/wizard.ts';
import type {FakeOptions} from './fake/fake-options.ts';
import {fakeWizard} from './fake/fake-wizard.ts';
import {cleanup} from './ink.ts';
import {openApp} from './open-app.tsx';

afterEach(cleanup);

const enter = '\r';
const escapeKey = '\u001b';
const control = (letter: string) => String.fromCharCode(letter.charCodeAt(0) - 96);

type Heard = NonNullable<FakeOptions['heard']>;
const open = (options: FakeOptions, start?: Start) => openApp(fakeWizard(options), start);

test('home forgets the box under the hand for whoever types its name', async () => {
	const heard = vi.fn<Heard>();
	const {see, press, type, frame} = open({heard});
	await see('microblog.example.com');
	await press(control('f'), 'Forget 203.0.113.44?');
	expect(frame()).toContain('its host key in /home/you/.ssh/known_hosts');
	expect(frame()).toContain('On the box nothing is touched');
	await press('x', 'It is done only when this says 203.0.113.44');
	await press(enter, 'It is done only when this says 203.0.113.44');
	expect(heard).not.toHaveBeenCalledWith('forget', expect.anything());
	await type('\u007f203.0.113.44');
	await see(/Its name +203\.0\.113\.44/);
	await press(enter, 'Your boxes');
	expect(heard).toHaveBeenCalledWith('forget', 'root@203.0.113.44');
});

test('a known box that does not let in any more can be forgotten there and then', async () => {
	const heard = vi.fn<Heard>();
	const {see, press} = open({heard, refuses: true});
	await see('microblog.example.com');
	await press(enter, 'f forget it');
	await press('f', 'Forget 203.0.113.44?');
	await press(escapeKey, 'Your boxes');
	expect(heard).not.toHaveBeenCalledWith('forget', expect.anything());
});

test('an address that this machine does not know is nothing to forget', async () => {
	const {see, frame} = open({refuses: true}, {at: 'box', target: 'root@203.0.113.9'});
	await see('did not let you in');
	expect(frame()).not.toContain('forget it');
});
