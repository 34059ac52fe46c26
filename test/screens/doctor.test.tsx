import {afterEach, expect, test} from 'vitest';
import type {Finding} from '../../source/contract/diagnosis/examination.ts';
import type {Start} from '../../source/contract/ui/wizard.ts';
import type {FakeOptions} from './fake/fake-options.ts';
import {fakeWizard} from './fake/fake-wizard.ts';
import {cleanup} from './ink.ts';
import {openApp} from './open-app.tsx';

afterEach(cleanup);

const start: Start = {at: 'box', target: 'jessica@203.0.113.7', to: 'doctor'};
const enter = '\r';
const escapeKey = '\u001b';
const down = '\u001b[B';

const findings: readonly Finding[] = [
	{
		id: 'ssh/door',
		severity: 'bad',
		title: 'ssh lets in root, or passwords, again',
		means: 'Robots try root and passwords on every server all day.',
		evidence: ['sshd -T: passwordauthentication yes', '/etc/ssh/sshd_config.d/00-aaa.conf:PasswordAuthentication yes'],
		fix: {id: 'fix/ssh-door', title: 'Shut the door again', why: 'The lines that open it become comments.'},
	},
	{
		id: 'system/disk',
		severity: 'warning',
		title: '/srv is nearly full',
		means: 'When nothing can be written any more the database stops first.',
		evidence: ['/srv: 96 % in use, 40 MB left'],
		next: 'Look at what is big.',
	},
];

const open = (options: FakeOptions, from: Start = start) => openApp(fakeWizard(options), from);

test('the worst finding stands first, with its evidence and its fix on one key', async () => {
	const {see, frame, press} = open({findings});
	await see('The doctor has found 2 things');
	expect(frame()).toMatch(/❯ ✗ ssh lets in root[^\n]*\n[^\n]* ! \/srv is nearly full/);
	expect(frame()).toContain('│ sshd -T: passwordauthentication yes');
	expect(frame()).toContain('↵ Shut the door again');
	expect(frame()).toContain('nothing was touched');
	await press(down, '│ /srv: 96 % in use');
	expect(frame()).toContain('Look at what is big.');
	expect(frame()).not.toContain('see its fix');
});

test('a fix is shown before it runs; afterwards the doctor looks again', async () => {
	const heard: unknown[] = [];
	const {see, frame, press} = open({findings, heard: (call, ...details) => heard.push([call, ...details])});
	await see('The doctor has found');
	await press(enter, 'Shut the door again: what it does');
	await see('sshd -t');
	expect(frame()).toContain('The lines that open it become comments.');
	expect(heard).not.toContainEqual(['fix', ['ssh/door']]);
	await press(escapeKey, 'The doctor has found');
	await press(enter, 'what it does');
	await see('sshd -t');
	await press(enter, 'The doctor has found');
	expect(heard).toContainEqual(['fix', ['ssh/door']]);
	expect(heard.filter(one => JSON.stringify(one) === '["examine"]').length).toBe(2);
});

test('a healthy box is told in few words, with what nobody could know', async () => {
	const reason = 'This machine has not set the box up, and does not know its “App name”.';
	const {see, frame, press} = open({unknown: [{id: 'app/packages', title: 'Python packages', reason}]});
	await see('The box is well');
	expect(frame()).toContain('✓ Nothing is wrong.');
	expect(frame()).toContain('Not known: Python packages.');
	expect(frame()).toContain('1 not known');
	await press(escapeKey, 'Your box');
});

test('at home, Ctrl-D leads from the box under the hand to the doctor', async () => {
	const {see, press} = open({findings}, {at: 'home'});
	await see('doctor');
	await press(down, /❯ microblog\.example\.com/);
	await press('\u0004', 'The doctor has found 2 things');
});

test('a box that can’t be looked at says why, and is looked at again on one key', async () => {
	const {see, press} = open({findings, sick: true});
	await see('The box answered 3 of 40 questions');
	await press('r', 'The doctor has found 2 things');
});
