import {describe, expect, test} from 'vitest';
import {missingLines} from '../../../steps/account/loginLists.ts';

const groups = ['jessica', 'sudo'];
const lines = (settings: Readonly<Record<string, readonly string[]>>) => missingLines(settings, 'jessica', groups);

describe('sshd’s lists of who may log in', () => {
	test.each([
		['no lists', {}, []],
		['a list of others', {allowusers: ['root', 'bob alice']}, ['AllowUsers jessica']],
		['a list with them', {allowusers: ['root', 'jessica']}, []],
		['a pattern', {allowusers: ['jes*']}, []],
		['a pattern for one letter is no dot', {allowusers: ['jessic?', 'x.y']}, []],
		['from some places only: theirs to decide', {allowusers: ['jessica@192.0.2.*']}, []],
		['groups of others', {allowgroups: ['wheel']}, ['AllowGroups jessica']],
		['a group of theirs', {allowgroups: ['wheel', 'sudo']}, []],
		[
			'both lists without them',
			{allowusers: ['root'], allowgroups: ['root']},
			['AllowUsers jessica', 'AllowGroups jessica'],
		],
		['they are denied from one place', {denyusers: ['jessica@198.51.100.7']}, []],
		['others are denied', {denyusers: ['mallory'], denygroups: ['guests']}, []],
	])('%s', (_name, settings, expected) => {
		expect(lines(settings)).toEqual(expected);
	});

	test.each([
		['by name', {denyusers: ['mallory', 'jessica']}, 'jessica'],
		['by a pattern', {denyusers: ['j*']}, 'j*'],
		['by a group', {denygroups: ['sudo']}, 'sudo'],
	])('whoever is denied %s is told so before the door is touched', (_name, settings, pattern) => {
		expect(() => lines(settings)).toThrow(
			expect.objectContaining({code: 'user-denied', evidence: [`denied: ${pattern}`]}),
		);
	});
});
