import {cpSync, rmSync} from 'node:fs';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {backups} from '../../steps/folders/paths.ts';
import {type FinishedBox, finishedBox} from './boxes/finished-box.ts';
import {saveState} from './boxes/saved-state.ts';
import {difference, snapshot} from './boxes/snapshot.ts';

const name = 'ledger';
const app = 'microblog';
let finished: FinishedBox;
let back: () => Promise<void>;
/** What is listened on, before the box is shut down for the first time. */
let listening: string;

beforeAll(async () => {
	finished = await finishedBox(name);
	listening = await listeners();
	const boxBack = await saveState(finished.box);
	const [journals, kept] = [finished.person.file('boxwizard'), finished.person.file('kept')];
	cpSync(journals, kept, {recursive: true});
	back = async () => {
		await boxBack();
		rmSync(journals, {recursive: true});
		cpSync(kept, journals, {recursive: true});
	};
	await appAnswers();
});

afterAll(async () => {
	await finished?.remove();
});

const onBox = (script: string) => finished.box.console(script);
const listeners = () => onBox("ss -Hlntu | awk '{print $1, $5}' | sort -u");
const undo = (...words: string[]) => finished.person.run(['undo', finished.box.address, '--plain', ...words]);
/** A box that has just booted still starts the app. */
const appAnswers = () => onBox('timeout 60 bash -c "until curl -sf http://127.0.0.1:8000/health; do sleep 0.2; done"');
/** The whole database as text: its tables, and every row. */
const contentOfDatabase = () => onBox(`mysqldump --skip-dump-date --routines --triggers ${app} | sed '/^-- Host:/d'`);
/** All files of the app but the virtual environments. */
const contentOfFolder = () =>
	onBox(`cd /srv/${app}; find . -path '*/venv' -prune -o -printf '%p %m %u:%g %y %l\\n' | sort
find . -path '*/venv' -prune -o -type f -print0 | sort -z | xargs -0 sha256sum`);
const saved = (pattern: string) => onBox(`stat -c '%a %U %n' ${backups} ${backups}/${pattern}`);

test('a finished box that was shut down and booted listens where it did, and differs in nothing', async () => {
	expect(listening).toContain('tcp 127.0.0.1:3306');
	expect(await listeners()).toBe(listening);
	expect(await finished.person.run(['check', finished.box.address, '--plain'])).toMatchObject({code: 0});
});

test('undo says what it could take back, and what can’t be had back, before anybody says yes', async () => {
	const {code, stdout, stderr} = await undo('--yes');
	expect(code).toBe(1);
	expect(`${stdout}${stderr}`).toContain('Take back one step, or everything?');
	expect(`${stdout}${stderr}`).toContain('database/database');
});

test.each(['database/database', 'app/layout', 'services/packages', '--all'])(
	'undo %s drops nothing for --yes, nor for another name',
	async what => {
		const before = await snapshot(finished.box);
		for (const words of [[], ['--confirm', 'other']]) {
			const {code, stderr} = await undo(what, '--yes', ...words);
			expect(stderr).toContain(`--confirm ${app}`);
			expect(code).toBe(1);
		}
		expect(difference(before, await snapshot(finished.box), [/^place \/run\//])).toEqual([]);
	},
);

test('a dump that is not whole costs no database', async () => {
	const before = await contentOfDatabase();
	await onBox(`mv /usr/bin/mysqldump /usr/bin/mysqldump.whole
printf '#!/bin/sh\\nmysqldump.whole "$@" | head -n 20\\n' > /usr/bin/mysqldump; chmod 755 /usr/bin/mysqldump`);
	const {code, stdout} = await undo('database/database', '--yes', '--confirm', app, '--verbose');
	await onBox('mv /usr/bin/mysqldump.whole /usr/bin/mysqldump');
	expect(stdout).toContain('nothing is dropped');
	expect(code).toBe(1);
	expect(await contentOfDatabase()).toBe(before);
	expect(await onBox(`find ${backups} -name '*.part'`)).toBe('');
});

test('the database comes back from the dump that was made before it was dropped', async () => {
	const before = await contentOfDatabase();
	expect(before).toContain('INSERT INTO');
	const {code, stdout, stderr} = await undo('database/database', '--yes', '--confirm', app);
	expect({code, stderr: code === 0 ? '' : `${stdout}${stderr}`}).toEqual({code: 0, stderr: ''});
	expect(await onBox("mysql -BNe 'show databases'")).not.toContain(app);
	const dumps = await saved(`${app}-*.sql.gz`);
	expect(dumps).toMatch(new RegExp(`^700 root ${backups}\n600 root ${backups}/${app}-\\d{8}T\\d{6}\\.sql\\.gz\n`));
	await onBox(`mysql -e 'create database ${app} character set utf8mb4 collate utf8mb4_unicode_ci'
zcat "$(ls ${backups}/${app}-*.sql.gz | tail -n 1)" | mysql ${app}`);
	expect(await contentOfDatabase()).toBe(before);
	await back();
});

test('the app’s folder comes back from its archive, file by file', async () => {
	// What the app has stored may be called as it likes.
	await onBox(`install -d -o ${app} -g ${app} /srv/${app}/shared/state/venv
echo kept > /srv/${app}/shared/state/venv/file; systemctl stop ${app} ${app}-worker`);
	const before = await contentOfFolder();
	const data = `sha256sum /srv/${app}/shared/state/venv/file`;
	const stored = await onBox(data);
	const {code, stdout, stderr} = await undo('app/layout', '--yes', '--confirm', app);
	expect({code, stderr: code === 0 ? '' : `${stdout}${stderr}`}).toEqual({code: 0, stderr: ''});
	expect(await onBox(`ls -d /srv/${app} || true`)).toBe('');
	await onBox(`useradd --system --user-group --home-dir /srv/${app}/shared/state --no-create-home ${app}
tar -C /srv -xpzf ${backups}/${app}-*.tar.gz`);
	expect(await contentOfFolder()).toBe(before);
	expect(await onBox(data)).toBe(stored);
	await back();
});

test('a version that hangs while it is loaded holds up no later deploy', async () => {
	const {box, person} = finished;
	const file = 'app/__init__.py';
	const whole = await onBox(`cat /srv/${app}/current/${file}`);
	await box.commit('Hang', {[file]: `import time\n\nwhile True:\n    time.sleep(1)\n${whole}`});
	const deploy = (...more: string[]) => ['deploy', box.address, '--plain', '--yes', ...more];
	const first = person.start(deploy());
	await onBox(`timeout 600 bash -c 'until pgrep -f "[i]mport_app" > /dev/null; do sleep 0.1; done'`);
	first.kill();
	await first.ended;
	await box.commit('Mend', {[file]: whole});
	const {code, stdout} = await person.run(deploy('--stop-job'));
	expect(stdout).toContain('Still running on the box, from before');
	expect(stdout).toMatch(/\[live\] [0-9a-f]{8} Mend, .* after it began$/m);
	expect(code).toBe(0);
	await back();
});

test('undo of everything keeps the databases, the app’s folder and its secrets', async () => {
	const {stderr} = await undo('--all', '--yes', '--confirm', app);
	for (const named of ['Upgraded packages stay upgraded', 'Mail that is already sent', 'can’t be taken back'])
		expect(stderr).toContain(named);
	const files = await saved('*');
	for (const kind of [
		`${app}-\\S+\\.env`,
		`${app}-\\S+\\.sql\\.gz`,
		'all-databases-\\S+\\.sql\\.gz',
		`${app}-releases-\\S+\\.tar\\.gz`,
		`${app}-\\d\\S+\\.tar\\.gz`,
		'home-\\S+\\.tar\\.gz',
	])
		expect(files).toMatch(new RegExp(`^600 root ${backups}/${kind}$`, 'm'));
});
