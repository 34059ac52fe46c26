import {copyFileSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {stoppedAt} from '../../source/cli/boxes/known-boxes.ts';
import {kindNamed, stepsFor} from '../../source/cli/given/kinds.ts';
import {boxOptions} from '../../source/cli/plans/derived.ts';
import {secretNames} from '../../source/cli/plans/setup-plan.ts';
import {openJournal} from '../../source/state/journal.ts';
import {stepRecords} from '../../source/state/journal-state.ts';
import {type RawJournal, upToDate} from '../../source/state/journal-versions.ts';
import {catalogue} from '../../steps/index.ts';

/** Journals as the release before wrote them, of a run on a practice box: version 1, one app. */
const journals = join(import.meta.dirname, '../fixtures/journals');
const names = globSync('*.json', {cwd: journals}).map(file => basename(file, '.json'));

type Written = {
	readonly answers: Readonly<Record<string, unknown>>;
	readonly steps: Readonly<Record<string, {readonly before?: unknown}>>;
	readonly seconds: Readonly<Record<string, number>>;
	readonly [key: string]: unknown;
};

const written = (name: string): Written => JSON.parse(readFileSync(join(journals, `${name}.json`), 'utf8'));

/** What steps are called since. */
const renamed: Readonly<Record<string, string>> = {
	'app/packages': 'services/packages',
	'system/basePackages': 'services/packages',
	'database/server': 'services/mysql',
	'app/goLive': 'app/switchRelease',
	'app/rehearsal': 'app/loadCheck',
};

/** As version 2 called them. */
const formerNames: Readonly<Record<string, string>> = {
	'app/switchRelease': 'app/goLive',
	'app/loadCheck': 'app/rehearsal',
};

/** The step that installs since what two of them did. */
const packages = 'services/packages';
const missing = (record: {readonly before?: unknown} | undefined) =>
	(record?.before as {readonly missing?: readonly string[]} | undefined)?.missing ?? [];

/** Steps that do since what a step of the app did: they have its record too. */
const takenOver = ['services/nginx', 'tls/authority'];

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'boxwizard-migration-'));
});

afterEach(() => {
	rmSync(folder, {recursive: true});
});

/** The journal in a folder of its own, where boxwizard looks for it. */
function put(name: string) {
	const path = join(folder, '203.0.113.7_22.json');
	copyFileSync(join(journals, `${name}.json`), path);
	return {path, journal: openJournal('203.0.113.7', 22, folder)};
}

test('there is one of each: finished, stopped half-way, with a job at work, with a guard armed', () => {
	expect(names.toSorted()).toEqual(['finished', 'guard-armed', 'job-running', 'stopped-half-way']);
});

describe.each(names)('a journal of version 1: %s', name => {
	test('is read as version 5; its file stays until the first write, and is kept beside it then', () => {
		const {path, journal} = put(name);
		const before = readFileSync(path, 'utf8');
		expect(journal.read()).toMatchObject({version: 5, host: '203.0.113.7', port: 22, user: 'root'});
		expect(readFileSync(path, 'utf8')).toBe(before);
		expect(existsSync(`${path}.version-1`)).toBe(false);
		const read = journal.read();
		journal.update(state => state);
		expect(readFileSync(`${path}.version-1`, 'utf8')).toBe(before);
		expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(read);
		expect(openJournal('203.0.113.7', 22, folder).read()).toEqual(read);
	});

	test('loses no step and no first fact, and each is a step of the box or of the app', () => {
		const {steps} = written(name);
		const state = put(name).journal.read();
		const app = state.apps.microblog;
		const {steps: ofApp} = kindNamed(catalogue, app?.kind);
		const expected = Object.entries(steps).map(([id, record]) => [renamed[id] ?? id, record] as const);
		const isOfApp = (id: string) => ofApp.some(step => step.id === id);
		expect(app?.steps).toEqual(Object.fromEntries(expected.filter(([id]) => isOfApp(id))));
		const isItsOwn = ([id]: readonly [string, unknown]) => !isOfApp(id) && id !== packages && !takenOver.includes(id);
		const ofBox = Object.entries(state.box.steps).filter(isItsOwn);
		expect(Object.fromEntries(ofBox)).toEqual(Object.fromEntries(expected.filter(isItsOwn)));
		const brought = expected.filter(([id]) => id === packages).flatMap(([, record]) => missing(record));
		expect(missing(state.box.steps[packages])).toEqual(brought);
		const known = new Set([...catalogue.box, ...catalogue.afterApps].map(({id}) => id));
		expect(Object.keys(state.box.steps).filter(id => !known.has(id))).toEqual([]);
	});

	test('loses no answer: those of the box are with the box, all others with the app', () => {
		const {answers} = written(name);
		const {box, apps} = put(name).journal.read();
		const ofBox = boxOptions(catalogue);
		const pairs = Object.entries(answers);
		expect(box.answers).toEqual({
			...Object.fromEntries(pairs.filter(([option]) => ofBox.has(option))),
			hostname: 'microblog.example.com',
		});
		expect(apps.microblog?.answers).toEqual({
			...Object.fromEntries(pairs.filter(([option]) => !ofBox.has(option))),
			// What every app of version 1 listened on, and what kept it.
			appPort: 8000,
			supervisor: 'supervisor',
		});
	});

	test('keeps what is known of the box: login, key, authority, and how far it came', () => {
		const {hostKey, identity, resolver, acmeCa, os, lastSeen, admin, road} = written(name);
		const state = put(name).journal.read();
		const kept = {hostKey, identity, resolver, acmeCa, os, lastSeen, admin, progress: road};
		expect(state).toMatchObject(Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)));
	});

	test('carries the seconds over to what steps are called since', () => {
		const {seconds} = written(name);
		const expected: Record<string, number> = {};
		for (const [id, took] of Object.entries(seconds)) {
			const now = renamed[id] ?? id;
			expected[now] = (expected[now] ?? 0) + took;
		}

		expect(put(name).journal.read().seconds).toEqual(expected);
	});

	test('lists what has to move on the box, each to where the step of today looks', () => {
		const {steps} = written(name);
		const state = put(name).journal.read();
		const {app, folders = [], originals, packages: joined = []} = state.unmoved ?? {};
		expect(app).toBe('microblog');
		const first = folders.filter(([from]) => from.startsWith('steps/'));
		const again = folders.filter(([from]) => !from.startsWith('steps/'));
		expect(first.map(([from]) => from)).toEqual(Object.keys(steps).map(id => `steps/${id}`));
		// One that was renamed later is moved on from where the first move put it.
		expect(again.filter(([from]) => !first.some(([, to]) => to === from))).toEqual([]);
		const last = first.map(([, to]) => again.find(([from]) => from === to)?.[1] ?? to);
		const places = Object.keys(stepRecords(state)).map(id =>
			id.startsWith('microblog:') ? `apps/microblog/${id.slice('microblog:'.length)}` : `box/${id}`,
		);
		// What two steps brought is counted together.
		const counted = (to: string) => joined.find(([from]) => from === to)?.[1] ?? to;
		expect(last.filter(to => !places.includes(counted(to)))).toEqual([]);
		expect(new Set(last).size).toBe(last.length);
		expect(originals).toEqual([
			{
				path: '/etc/nginx/sites-enabled/default',
				from: 'apps/microblog/web/nginx',
				to: 'box/services/nginx',
			},
			{
				path: '/etc/letsencrypt/acme-ca.pem',
				from: 'apps/microblog/tls/certificate',
				to: 'box/tls/authority',
			},
		]);
	});
});

test('a finished box: what the app’s steps did of the box has a record of its own, with the first facts', () => {
	const {box} = put('finished').journal.read();
	expect(box.steps['services/nginx']).toMatchObject({state: 'done', before: {stock: true}});
	expect(box.steps['tls/authority']).toMatchObject({state: 'done', before: {file: null}});
	expect(put('finished').journal.read().progress).toEqual({inPlace: 35, wanted: 35});
});

test('one that was stopped half-way goes on where it stopped', () => {
	expect(stoppedAt(put('stopped-half-way').journal.read(), catalogue)).toEqual({stoppedAt: 'Python packages'});
});

test('a job at work is of the step that it is called today', () => {
	const {job} = written('job-running') as unknown as {readonly job: object};
	expect(put('job-running').journal.read().job).toEqual({...job, step: 'services/packages'});
});

test('a job of the app’s step is of that app', () => {
	const job = {id: 'j', step: 'web/nginx', startedAt: '2026-11-27T21:15:49.342Z'};
	expect(upToDate({...written('finished'), job}, 'x').job).toEqual({...job, step: 'microblog:web/nginx'});
});

test('a step that armed the guard is still the box’s own, begun and not done', () => {
	const {box} = put('guard-armed').journal.read();
	expect(box.steps['ssh/hardening']).toMatchObject({state: 'started', before: {ports: [22]}});
});

test('every question of the box that version 1 asked is answered by the box since', () => {
	// Secrets never stand in a journal; a name of its own and what to do with what is there already are new.
	const others = [
		'hostname',
		'existingUser',
		'otherWebServer',
		'otherPorts',
		'databaseRoot',
		'postgresAdmin',
		...secretNames(catalogue),
	];
	const asked = [...boxOptions(catalogue)].filter(option => !others.includes(option));
	const given = Object.fromEntries(asked.map(option => [option, 'x']));
	const raw: RawJournal = {...written('finished'), answers: {app: 'microblog', ...given}};
	const {box, apps} = upToDate(raw, 'x');
	expect(Object.keys(apps.microblog?.answers ?? {}).filter(option => asked.includes(option))).toEqual([]);
	expect(box.answers).toMatchObject(given);
});

test('with PostgreSQL the server’s step is that of PostgreSQL', () => {
	const raw = written('finished');
	const {box, seconds} = upToDate({...raw, answers: {...raw.answers, database: 'postgresql'}}, 'x');
	expect(box.steps).toHaveProperty('services/postgresql');
	expect(seconds).toHaveProperty('services/postgresql');
});

test('steps that were left out are left out where they are now', () => {
	const leftOut = ['system/basePackages', 'app/packages', 'web/nginx', 'firewall/ufw'];
	const {box, apps} = upToDate({...written('finished'), leftOut}, 'x');
	expect(box.leftOut).toEqual(['services/packages', 'firewall/ufw']);
	expect(apps.microblog?.leftOut).toEqual(['web/nginx']);
});

test('an app that has no name yet is a draft', () => {
	const {app: _unnamed, ...answers} = written('finished').answers;
	const state = upToDate({...written('finished'), steps: {}, answers}, 'x');
	expect(state.apps).toEqual({});
	expect(state.draft).toMatchObject({kind: 'python', answers: {repository: answers.repository}});
	expect(state.unmoved).toEqual({folders: [], originals: []});
});

test('every step of today that a record names is one of the set-up', () => {
	const ids = new Set(stepsFor(catalogue, kindNamed(catalogue, 'python')).map(({id}) => id));
	const {box, apps} = put('finished').journal.read();
	const recorded = [...Object.keys(box.steps), ...Object.keys(apps.microblog?.steps ?? {})];
	expect(recorded.filter(id => !ids.has(id))).toEqual([]);
});

describe('a journal of version 2', () => {
	/** As version 2 wrote it: of two steps the names, and of a fix the words, were others. */
	const older = (): RawJournal => {
		const {apps, box, unmoved: _moved, ...rest} = upToDate(written('finished'), 'x');
		const {microblog} = apps;
		if (!microblog) throw new Error('The fixture has no app.');
		const record = {state: 'done', at: '2026-11-27T21:15:49.342Z', seconds: 1} as const;
		const steps = {...microblog.steps, 'app/switchRelease': record, 'app/loadCheck': record};
		const former = Object.entries(steps).map(([id, one]) => [formerNames[id] ?? id, one] as const);
		return {
			...rest,
			version: 2,
			box: {
				...box,
				fixes: {
					'fix/one': {title: 'One', why: 'w', notUndone: 'All of it.', undo: [{kind: 'keep', path: '/etc/one'}]},
				},
			},
			apps: {
				microblog: {
					...microblog,
					steps: Object.fromEntries(former),
					leftOut: ['app/rehearsal', 'tls/certificate'],
				},
			},
			job: {id: 'j', step: 'microblog:app/goLive', startedAt: '2026-11-27T21:15:49.342Z'},
			seconds: {'app/goLive': 3, 'web/nginx': 2},
		};
	};

	test('has its steps under the names of today, with their records, seconds and job', () => {
		const {apps, job, seconds} = upToDate(older(), 'x');
		const {steps = {}, leftOut} = apps.microblog ?? {};
		expect(Object.keys(steps)).toEqual(expect.arrayContaining(['app/switchRelease', 'app/loadCheck']));
		expect(Object.keys(steps)).not.toContain('app/goLive');
		expect(leftOut).toEqual(['app/loadCheck', 'tls/certificate']);
		expect(job?.step).toBe('microblog:app/switchRelease');
		expect(seconds).toEqual({'app/switchRelease': 3, 'web/nginx': 2});
	});

	test('says which folders of the box have another name since', () => {
		expect(new Set(upToDate(older(), 'x').unmoved?.folders.map(pair => pair.join(' ')))).toEqual(
			new Set([
				'apps/microblog/app/goLive apps/microblog/app/switchRelease',
				'apps/microblog/app/rehearsal apps/microblog/app/loadCheck',
			]),
		);
	});

	test('has its fixes as they are told and taken back today', () => {
		expect(upToDate(older(), 'x').box.fixes).toEqual({
			'fix/one': {title: 'One', why: 'w', notUndone: 'All of it.', undo: [{kind: 'backup', path: '/etc/one'}]},
		});
	});

	test('is refused where it is damaged, as one of today is', () => {
		expect(() => upToDate({...older(), apps: {microblog: 'x'}}, 'x')).toThrow('microblog is no object');
	});
});

describe('a journal of version 3', () => {
	/** Of before one step installed all packages. */
	const older = (steps: Readonly<Record<string, object>>, more: object = {}): RawJournal => ({
		version: 3,
		host: '203.0.113.7',
		port: 22,
		user: 'root',
		box: {answers: {}, leftOut: [], steps},
		apps: {},
		...more,
	});
	const tools = {state: 'done', at: '2026-11-27T21:00:00Z', seconds: 3, before: {missing: ['ufw']}};
	const ofApps = {
		state: 'started',
		at: '2026-11-27T21:05:00Z',
		seconds: 0,
		before: {names: ['git', 'nginx'], missing: ['nginx'], residue: ['/etc/nginx'], portsTaken: true},
	};

	test('has one step for what two have installed, with what was there before either', () => {
		const {box, unmoved} = upToDate(older({'system/basePackages': tools, 'services/packages': ofApps}), 'x');
		expect(box.steps).toEqual({
			'services/packages': {
				...ofApps,
				before: {
					names: ['ufw', 'git', 'nginx'],
					missing: ['ufw', 'nginx'],
					held: ['nginx.service'],
					selections: '',
					residue: ['/etc/nginx'],
				},
			},
		});
		expect(unmoved).toEqual({
			folders: [],
			originals: [],
			packages: [['box/system/basePackages', 'box/services/packages']],
		});
	});

	test('had the tools of the box alone, or those of the apps, or neither yet', () => {
		const {box, unmoved} = upToDate(older({'system/basePackages': tools}), 'x');
		expect(box.steps['services/packages']).toMatchObject({state: 'done', before: {names: ['ufw'], missing: ['ufw']}});
		expect(unmoved?.packages).toEqual([['box/system/basePackages', 'box/services/packages']]);
		expect(upToDate(older({'services/packages': ofApps}), 'x')).not.toHaveProperty('unmoved');
		expect(upToDate(older({'system/clock': tools}), 'x')).not.toHaveProperty('unmoved');
	});

	test('has its job under the name of today, also where it installed the tools', () => {
		const job = {id: 'j', step: 'system/basePackages', startedAt: '2026-11-27T21:15:49.342Z'};
		expect(upToDate(older({}, {job}), 'x').job?.step).toBe('services/packages');
	});
});

describe('a journal of version 4', () => {
	const older = (answers: object): RawJournal => ({
		version: 4,
		host: '203.0.113.7',
		port: 22,
		user: 'root',
		box: {answers: {}, leftOut: [], steps: {}},
		apps: {shop: {kind: 'python', answers, leftOut: [], steps: {}}},
	});

	test('names what keeps each app running, where that was not asked for: it is another one since', () => {
		expect(upToDate(older({app: 'shop'}), 'x').apps.shop?.answers).toEqual({app: 'shop', supervisor: 'supervisor'});
	});

	test('keeps what was asked for', () => {
		expect(upToDate(older({supervisor: 'systemd'}), 'x').apps.shop?.answers).toEqual({supervisor: 'systemd'});
	});
});
