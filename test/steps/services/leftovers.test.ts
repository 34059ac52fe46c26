import {expect, test} from 'vitest';
import {joinedResidue} from '../../../steps/services/leftovers.ts';

test.each([
	{
		name: 'what the first packages brought was not there before, whoever asks next',
		first: {missing: ['nginx'], residue: []},
		later: {missing: ['postgresql'], residue: ['ssl-cert', '/etc/postgresql-common']},
		joined: {missing: ['nginx', 'postgresql'], residue: ['/etc/postgresql-common']},
	},
	{
		name: 'a step that was cut off finds its own work on the box: that was not there before either',
		first: {missing: ['mariadb-server'], residue: []},
		later: {missing: ['mariadb-server'], residue: ['/var/lib/mysql', 'mysql']},
		joined: {missing: ['mariadb-server'], residue: []},
	},
	{
		name: 'what was there stays',
		first: {missing: ['nginx'], residue: ['/etc/nginx']},
		later: {missing: ['redis-server'], residue: ['/var/lib/redis']},
		joined: {missing: ['nginx', 'redis-server'], residue: ['/etc/nginx', '/var/lib/redis']},
	},
])('$name', ({first, later, joined}) => {
	expect(joinedResidue(first, later)).toEqual(joined);
});
