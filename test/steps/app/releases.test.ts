import {expect, test} from 'vitest';
import {releasesIn} from '../../../steps/app/releases.ts';

const id = 'a1'.repeat(20);

test('each line is a release; what is none is left out', () => {
	const answer = [
		`20261128T124602 live whole ${id} Try new form`,
		`20261127T091500 - whole ${id}`,
		`20261126T091500 - - ${id} Old`,
		'20261125T091500 - whole ',
		`../../etc live whole ${id} x`,
		`20261124T091500 live whole ${id} ${'x'.repeat(5000)}`,
		'fatal: not a git repository',
	].join('\n');
	expect(releasesIn(answer)).toEqual([
		{name: '20261128T124602', id, title: 'Try new form', isLive: true, isWhole: true},
		{name: '20261127T091500', id, title: '', isLive: false, isWhole: true},
		{name: '20261126T091500', id, title: 'Old', isLive: false, isWhole: false},
		{name: '20261124T091500', id, title: 'x'.repeat(200), isLive: true, isWhole: true},
	]);
});
