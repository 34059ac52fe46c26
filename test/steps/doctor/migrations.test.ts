import {afterEach, beforeEach, expect, test} from 'vitest';
import {createProbe} from '../../../source/remote/probe.ts';
import {appMigrations} from '../../../steps/doctor/app/migrations.ts';
import {ToyBox} from '../../fixtures/toy-box.ts';

let box: ToyBox;

/** `nobody` is the app's user. */
beforeEach(async () => {
	box = await ToyBox.open();
	await box.peek('mkdir -p /srv/nobody/shared/state /srv/nobody/releases/1; ln -s releases/1 /srv/nobody/current');
});
afterEach(async () => box.close());

async function said(database: 'sqlite' | 'mysql'): Promise<unknown> {
	const answers = {app: 'nobody', user: 'nobody', database, folder: '', workingFolder: '', migrate: 'none'} as const;
	const facts = await appMigrations
		.look(createProbe(box), {...answers, existingTables: 'ask'})
		.catch((error: {code: string}) => error.code);
	return typeof facts === 'string'
		? facts
		: (appMigrations.judge(facts, {...answers, existingTables: 'ask'}) ?? 'well');
}

test('an app of SQLite that has written nothing yet is well, and one that keeps its file elsewhere', async () => {
	expect(await said('sqlite')).toBe('well');
});

test('a database of SQLite that its user may not read, and a server that is not there, are silent', async () => {
	await box.peek('cd /srv/nobody/shared/state; touch nobody.db; chmod 0600 nobody.db');
	expect(await said('sqlite')).toBe('database-silent');
	expect(await said('mysql')).toBe('database-silent');
});
