import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {type BareBox, bareBox} from './boxes/bare-box.ts';
import {visit, visitWhile} from './visitors/visitor.ts';

/** A FastAPI app with workers of five sorts, two clocks and two jobs at fixed times: all but the jobs are found in its code. */
const sample = fileURLToPath(new URL('samples/programs', import.meta.url));
/** Milliseconds that a command about the box may take on a slow machine. */
const longWork = 10 * 60_000;
const waiting = {timeout: 120_000, interval: 500};
const workers = ['celery', 'dramatiq', 'huey', 'rq'];

let bare: BareBox;
let folder: string;

const on = async (command: string) => (await bare.box.console(command)).trim();

async function isFine(command: string, more: readonly string[] = []): Promise<string> {
	const {code, stdout, stderr} = await bare.run(command, more);
	expect(code === 0 ? '' : `${command}: ${stdout.slice(-4000)}${stderr}`).toBe('');
	return stdout;
}

const setUp = (...answers: readonly string[]) =>
	isFine('setup', ['--yes', ...answers.flatMap(answer => ['--set', answer])]);

/** The title of the page, and how often each program has done something. */
async function page(): Promise<{readonly title: string; readonly done: Readonly<Record<string, number>>}> {
	const {status, text} = await visit(bare.box, '/');
	return status === 200 ? JSON.parse(text) : {title: `${status} ${text.slice(0, 200)}`, done: {}};
}

/** All of them take a job that is given now, and the clocks go on. */
async function expectWork(): Promise<void> {
	const before = (await page()).done;
	const given = await on(
		`curl -s -k -X POST --resolve ${bare.box.domain}:443:127.0.0.1 https://${bare.box.domain}/work`,
	);
	expect(given).toContain('true');
	const more = async () => {
		const {done} = await page();
		return [...workers, 'beat', 'clock'].filter(name => (done[name] ?? 0) <= (before[name] ?? 0));
	};
	await expect.poll(more, waiting).toEqual([]);
}

/** @returns each status that visitors saw meanwhile, once */
async function deploy(title: string): Promise<readonly number[]> {
	const file = join(folder, 'main.py');
	writeFileSync(file, readFileSync(file, 'utf8').replace(/title="Programs \w+"/, `title="Programs ${title}"`));
	bare.publish('programs', folder);
	const seen = await visitWhile(bare.box, '/', () => isFine('deploy', ['--yes']));
	expect((await page()).title).toBe(`Programs ${title}`);
	return seen;
}

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'boxwizard-programs-'));
	cpSync(sample, folder, {recursive: true});
	bare = await bareBox('programs');
	const {code, stdout, stderr} = await bare.setUp(bare.publish('programs', folder));
	expect(code === 0 ? '' : `${stdout.slice(-4000)}${stderr}`).toBe('');
}, longWork);
afterAll(async () => {
	rmSync(folder, {recursive: true, force: true});
	await bare?.remove();
});

test('each program that the code shows runs by systemd, may write no more than its state, and does its work', async () => {
	await expectWork();
	expect(await on('ls /etc/supervisor 2>/dev/null || true')).toBe('');
	expect(await on('ls /srv/programs/shared/state')).toMatch(/celerybeat-schedule[\s\S]*huey\.db/);
});

test('under supervisor, its server started by a command of its own, all goes on; a new version starts them anew', {
	timeout: longWork,
}, async () => {
	await setUp('supervisor=supervisor', 'start=uvicorn main:app --host 127.0.0.1 --port $PORT');
	expect(await on("supervisorctl status | awk '{print $1, $2}'")).toMatch(/^programs RUNNING$/m);
	expect(await on('ls /etc/systemd/system | grep -c "^programs.*service$"')).toBe('3');
	await expectWork();
	await deploy('two');
	await expectWork();
	await isFine('check');
});

test('a job is run each minute, whoever keeps the programs; one that fails is told by mail, in status and by the doctor', async () => {
	// From now on the box keeps mail to its own people; what was told before had nowhere to go.
	const own = await on('postconf -h mydestination');
	await on(
		`postconf -e "mydestination = ${bare.box.zone}, ${bare.box.domain}, localhost"; postfix reload; rm -f /run/boxwizard-told-*`,
	);
	await expect.poll(async () => (await page()).done.tick, waiting).toBeGreaterThan(0);
	await expect.poll(() => on('cat /var/mail/jessica 2>/dev/null || true'), waiting).toContain('has failed on');
	const mail = await on('cat /var/mail/jessica');
	expect(mail).toMatch(/^Subject: programs-broken has failed on /m);
	expect(mail).toContain('no room for the report');
	await on(`postconf -e 'mydestination = ${own}'; postfix reload`);
	const status = async () => JSON.parse((await bare.run('status', ['--json'])).stdout).apps[0].jobs;
	await expect.poll(status, waiting).toEqual([
		{name: 'tick', state: 'waiting', next: expect.any(String), last: expect.any(String)},
		{name: 'broken', state: 'failed', next: expect.any(String), last: expect.any(String)},
	]);
	expect((await bare.run('status')).stdout).toMatch(/job tick +ran .*next in [\s\S]*job broken +failed .* ago/);
	expect(await isFine('logs', ['programs-tick', '--lines', '5'])).toMatch(
		/ programs-tick +\S+: the tick was counted$/m,
	);
	const found = (await bare.run('doctor')).stdout;
	expect(found).toMatch(/The job programs-broken has failed[\s\S]*no room for the report[\s\S]*Run the job again/);
	expect(found).not.toMatch(/service has failed/);
});

test('a reboot brings all of them back', {timeout: longWork}, async () => {
	await bare.box.reboot();
	await expect.poll(async () => (await page()).title, waiting).toBe('Programs two');
	await expectWork();
	await isFine('check');
});

test('back by systemd, served by gunicorn again; a new version is live without a failure', {
	timeout: longWork,
}, async () => {
	await setUp('supervisor=systemd', 'start=');
	await expectWork();
	expect(await deploy('three')).toEqual([200]);
	await expectWork();
});

test('what the lists name no more goes with the next run, and an undo takes the rest', {
	timeout: longWork,
}, async () => {
	const units = () => on('ls /etc/systemd/system /etc/supervisor/conf.d 2>/dev/null | grep ^programs || true');
	await setUp('queue=', 'processes=', 'cron=');
	expect(await units()).toBe('programs-second.service\nprograms.service');
	await isFine('check');
	await isFine('remove', ['programs', '--yes', '--confirm', 'programs']);
	expect(await units()).toBe('');
});
