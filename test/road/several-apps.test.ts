import {setTimeout as pause} from 'node:timers/promises';
import {afterAll, beforeAll, expect, test, vi} from 'vitest';
import {type BenchBox, freshBox} from '../../bench/boxes.ts';
import {difference, snapshot} from './boxes/snapshot.ts';
import {leftBehind} from './boxes/undone.ts';
import {newPerson, type Person} from './visitors/person.ts';
import {visit} from './visitors/visitor.ts';

/** The first app in another instance, with all of its own, and one with another database and another process manager. */
const others = {
	staging: [],
	blog: ['--set', 'database=postgresql', '--set', 'supervisor=systemd'],
} as const;
/** What goes with the second app: all that has its name, its port, and its lines in what the box has of all apps. */
const ofStaging = [
	/staging/,
	/^port tcp 127\.0\.0\.1:8001$/,
	/^content \/etc\/(group|gshadow|passwd|shadow)-? /,
	/^content \/usr\/local\/sbin\/certificate-reminder /,
];
/** Milliseconds between two visits of the first app. */
const between = 20;

let fresh: BenchBox;
let person: Person;
let bare: ReadonlySet<string>;

beforeAll(async () => {
	person = newPerson();
	fresh = await freshBox('several', person.file('boxwizard'));
	bare = await snapshot(fresh.box);
	await run('setup', '--yes');
});

afterAll(async () => {
	person?.leave();
	await fresh?.box.stop();
});

const run = async (command: string, ...words: readonly string[]) => {
	const {code, stdout, stderr} = await person.run([command, `root@${fresh.box.address}`, ...words, '--plain']);
	expect({code, printed: code === 0 ? '' : `${stdout}${stderr}`}).toEqual({code: 0, printed: ''});
	return stdout;
};
const on = (script: string) => fresh.box.console(script);
const listeners = () => on("ss -Hlntu | awk '{print $1, $5}' | sort -u");
const domainOf = (app: string) => `${app}.${fresh.box.zone}`;
const at = (domain: string) => visit({...fresh.box, domain}, '/');
const domains = () => [fresh.box.domain, ...Object.keys(others).map(domainOf)];
const answers = async () => await Promise.all(domains().map(async domain => (await at(domain)).status));

/** What visitors of the first app got while something was done: every answer that was not the page. */
async function whileVisited(task: () => Promise<unknown>): Promise<string[]> {
	const wrong: string[] = [];
	const open = new Set<Promise<void>>();
	let isDone = false;
	const visitors = (async () => {
		while (!isDone) {
			const one = at(fresh.box.domain)
				.then(({status}) => void (status === 200 || wrong.push(String(status))))
				.catch(error => void wrong.push(String(error)))
				.finally(() => open.delete(one));
			open.add(one);
			// A box that is slow for a while is waited for: no heap of visits grows.
			if (open.size >= 25) await Promise.race(open);
			await pause(between);
		}
	})();
	await task().finally(() => {
		isDone = true;
	});
	await visitors;
	await Promise.all(open);
	return wrong;
}

test.each(Object.entries(others))('%s comes beside the first app, which answers on', async (app, words) => {
	const given = {app, domain: domainOf(app), repository: fresh.box.repository};
	const set = Object.entries(given).flatMap(([option, value]) => ['--set', `${option}=${value}`]);
	expect(await whileVisited(() => run('add', '--yes', ...set, ...words))).toEqual([]);
	expect(await at(domainOf(app))).toEqual(await at(fresh.box.domain));
});

test('each has a port, a database and secrets of its own', async () => {
	const own = async (name: string) => (await on(`grep -h '^${name}=' /srv/*/shared/.env`)).trim().split('\n');
	for (const name of ['DATABASE_URL', 'SECRET_KEY']) expect(new Set(await own(name)).size).toBe(3);
	for (const port of [8000, 8001, 8002]) expect(await listeners()).toContain(`127.0.0.1:${port}\n`);
	const status = await run('status');
	for (const domain of domains()) expect(status).toContain(domain);
});

test('nothing of them differs, also after a reboot, with the same listeners', async () => {
	await run('check');
	const listening = await listeners();
	await fresh.box.reboot();
	await on('systemctl is-system-running --wait || true');
	// What runs the apps is up before they listen.
	await vi.waitFor(async () => expect(await listeners()).toBe(listening), {timeout: 120_000, interval: 500});
	await vi.waitFor(async () => expect(await answers()).toEqual([200, 200, 200]), {timeout: 120_000, interval: 500});
	await run('check');
});

test('one that is removed takes nothing of the others with it', async () => {
	const before = await snapshot(fresh.box);
	expect(await whileVisited(() => run('remove', 'staging', '--yes', '--confirm', 'staging'))).toEqual([]);
	expect(difference(before, await snapshot(fresh.box), [...ofStaging, ...leftBehind])).toEqual([]);
	expect((await at(domainOf('blog'))).status).toBe(200);
	await run('check');
});

test('undone, the box is as it was', async () => {
	await run('undo', '--all', '--yes', '--confirm', 'microblog', '--confirm', 'blog');
	expect(difference(bare, await snapshot(fresh.box), leftBehind)).toEqual([]);
});
