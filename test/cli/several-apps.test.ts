import {expect, test} from 'vitest';
import {z} from 'zod';
import {appOfFile, meantSteps} from '../../source/cli/commands/box/undo.ts';
import {newAppSetup, refuseClash, removedSteps} from '../../source/cli/plans/app-setups.ts';
import {filledApps} from '../../source/cli/plans/derived.ts';
import {appInHand, planOf, stepForms, wholePlan} from '../../source/cli/plans/setup-plan.ts';
import {defineExamination, type Examination, type Judgement} from '../../source/contract/diagnosis/examination.ts';
import {Secret} from '../../source/contract/secret.ts';
import {type Examined, examineAll} from '../../source/engine/doctor.ts';
import type {JournalState} from '../../source/state/journal-state.ts';
import {type ServiceAnswers, servicesOfBox} from '../../steps/control/services.ts';
import {catalogue} from '../../steps/index.ts';
import {logSourcesOf} from '../../steps/process/logs.ts';
import {troubleOf} from '../fixtures/refused.ts';

const wanted = (app: string, other: Partial<ServiceAnswers> = {}): ServiceAnswers => ({
	app,
	user: 'jessica',
	database: 'mysql',
	queue: '',
	mail: 'direct',
	search: 'none',
	supervisor: 'supervisor',
	...other,
});
const served = (...apps: readonly ServiceAnswers[]) => servicesOfBox(apps.map(one => ({wanted: one, answers: {}})));

test.each([
	['the one of the last run', {inPlace: 1, wanted: 1, app: 'blog'}, 'blog'],
	['the first one where the last run was of one that is gone', {inPlace: 1, wanted: 1, app: 'gone'}, 'shop'],
	['the first one where no run names one', undefined, 'shop'],
])('the app in hand is %s', (_, progress, name) => {
	const app = {kind: 'python', answers: {}, leftOut: [], steps: {}};
	expect(appInHand({apps: {shop: app, blog: app}, ...(progress && {progress})})).toBe(name);
});

test('services: the programs of each app, and what they share once', () => {
	const names = served(wanted('shop', {queue: 'jobs'}), wanted('blog')).map(({name}) => name);
	expect(names.slice(0, 3)).toEqual(['shop', 'shop-worker', 'blog']);
	expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
	expect(names).toEqual(expect.arrayContaining(['nginx', 'supervisor', 'database', 'redis', 'postfix']));
});

test('services: “app” says which is meant only where there is one', () => {
	expect(served(wanted('shop'))[0]?.also).toEqual(['app']);
	expect(served(wanted('shop'), wanted('blog')).flatMap(({also}) => also)).not.toContain('app');
});

test('services: two databases have names of their own, and supervisor names all it keeps', () => {
	const services = served(wanted('shop'), wanted('blog', {database: 'postgresql', supervisor: 'systemd'}));
	expect(services.map(({name}) => name)).toEqual(expect.arrayContaining(['mysql', 'postgresql']));
	expect(services.find(({name}) => name === 'supervisor')?.interrupts).toContain('(shop)');
});

test('logs: each site says whose it is, and what systemd journals for an app stands in no other log', () => {
	const sources = logSourcesOf([wanted('shop'), wanted('blog', {supervisor: 'systemd', queue: 'jobs'})] as never);
	expect(sources.map(({label, app}) => [label, app])).toEqual([
		['shop', 'shop'],
		['shop', 'shop'],
		['blog', 'blog'],
		['blog-worker', 'blog'],
		['shop nginx', 'shop'],
		['shop nginx error', 'shop'],
		['blog nginx', 'blog'],
		['blog nginx error', 'blog'],
		['nginx error', undefined],
		['supervisor', undefined],
		['mail', undefined],
		['system', undefined],
	]);
	expect(sources.at(-1)?.from).toMatchObject({
		without: {users: ['blog'], units: ['blog.service', 'blog-second.service', 'blog-worker.service']},
	});
});

test('logs: what a server says in either of its slots is told under its one name', () => {
	const from = (supervisor: ServiceAnswers['supervisor']) =>
		logSourcesOf([wanted('blog', {supervisor, queue: 'jobs'})] as never)
			.filter(({kind}) => kind === 'app')
			.map(source => [source.label, source.from]);
	expect(from('systemd')).toEqual([
		['blog', {journal: ['_SYSTEMD_UNIT=blog.service', '_SYSTEMD_UNIT=blog-second.service']}],
		['blog-worker', {journal: ['_SYSTEMD_UNIT=blog-worker.service']}],
	]);
	expect(from('supervisor')).toEqual([
		['blog', {file: '/var/log/supervisor/blog.log'}],
		['blog', {file: '/var/log/supervisor/blog-second.log'}],
		['blog-worker', {file: '/var/log/supervisor/blog-worker.log'}],
	]);
});

test('logs: a job at fixed times has its own, in the journal whoever keeps the app’s programs', () => {
	const sources = logSourcesOf([{...wanted('shop'), cron: {clean: '@daily flask clean'}}] as never);
	expect(sources).toContainEqual({
		kind: 'app',
		label: 'shop-clean',
		app: 'shop',
		from: {journal: ['_SYSTEMD_UNIT=shop-clean.service']},
	});
	expect(sources.at(-1)?.from).toMatchObject({without: {users: ['shop'], units: ['shop-clean.service']}});
});

const record = {state: 'done', at: '2026-11-27T21:00:00Z', seconds: 1, before: {}} as const;
const state = (...apps: readonly string[]): JournalState => ({
	version: 5,
	host: '203.0.113.7',
	port: 22,
	user: 'root',
	box: {answers: {user: 'jessica'}, leftOut: [], steps: {'ssh/hardening': record}},
	apps: Object.fromEntries(
		apps.map((name, index) => [
			name,
			{
				kind: 'python',
				answers: {
					app: name,
					domain: `${name}.example.com`,
					repository: 'https://example.com/x.git',
					appPort: 8000 + index,
				},
				leftOut: [],
				steps: {'web/nginx': record},
			},
		]),
	),
});
const meant = (of: JournalState, step: string, app?: string) => {
	const setup = {kind: 'python', answers: {app: Object.keys(of.apps)[0]}, leftOut: []};
	return meantSteps(of, wholePlan(catalogue, setup, of).steps, {step, app});
};

test('undo: a step of one of several apps has its name before it', () => {
	expect(meant(state('shop', 'blog'), 'web/nginx', 'blog')).toEqual(['blog:web/nginx']);
	expect(meant(state('shop', 'blog'), 'ssh/hardening')).toEqual(['ssh/hardening']);
	expect(meant(state('shop'), 'web/nginx', 'shop')).toEqual(['web/nginx']);
});

/** The state with other answers for one of its apps. */
const answered = (of: JournalState, name: string, answers: object): JournalState => {
	const app = of.apps[name] as NonNullable<(typeof of.apps)[string]>;
	return {...of, apps: {...of.apps, [name]: {...app, answers: {...app.answers, ...answers}}}};
};
const goneWith = (of: JournalState, app: string) => {
	const road = {kind: 'python', answers: of.apps[app]?.answers ?? {}, leftOut: []};
	return removedSteps(wholePlan(catalogue, road, of), catalogue, of, app);
};
const servicesGone = (of: JournalState, app: string) =>
	goneWith(of, app).filter(id => catalogue.box.some(step => step.id === id));

test('undo: with an app goes what no other app wants, and with the last one all that they shared', () => {
	const both = answered(state('shop', 'blog'), 'blog', {database: 'postgresql', queue: 'jobs'});
	expect(servicesGone(both, 'blog')).toEqual(['services/postgresql', 'services/redis']);
	expect(servicesGone(answered(both, 'shop', {queue: 'jobs'}), 'blog')).toEqual(['services/postgresql']);
	const only = answered(state('shop'), 'shop', {queue: 'jobs', supervisor: 'supervisor'});
	expect(servicesGone(only, 'shop')).toEqual([
		'services/mysql',
		'services/redis',
		'services/supervisor',
		'services/uv',
	]);
});

test('undo: an app that is taken back already keeps no service on the box', () => {
	const both = answered(state('shop', 'blog'), 'blog', {database: 'postgresql'});
	const blog = both.apps.blog as NonNullable<(typeof both.apps)['blog']>;
	const away = {...both, apps: {...both.apps, blog: {...blog, steps: {}}}};
	expect(servicesGone(answered(away, 'shop', {database: 'postgresql'}), 'shop')).toContain('services/postgresql');
	expect(planOf(catalogue, {kind: 'python', answers: {app: 'shop'}, leftOut: []}, away).answers.services).toEqual([
		'mysql',
		'uv',
	]);
});

test('undo: all of an app is its own steps, and nothing of the box or of another one', () => {
	const ids = goneWith(state('shop', 'blog'), 'blog');
	expect(ids).toEqual(expect.arrayContaining(['blog:web/nginx', 'blog:app/release']));
	expect(ids.filter(id => !id.startsWith('blog:'))).toEqual([]);
});

test('undo: the app of boxwizard.yml is meant with a step of an app, and with nothing else', () => {
	expect(appOfFile(catalogue, 'web/nginx', 'blog')).toBe('blog');
	expect(appOfFile(catalogue, 'ssh/hardening', 'blog')).toBeUndefined();
	expect(appOfFile(catalogue, undefined, 'blog')).toBeUndefined();
});

test('undo: where several apps have the step, and none is named, it says which', () => {
	const trouble = troubleOf(() => meant(state('shop', 'blog'), 'web/nginx'));
	expect(trouble).toMatchObject({code: 'which-app', evidence: ['shop:web/nginx', 'blog:web/nginx']});
	const stranger = troubleOf(() => meant(state('shop', 'blog'), 'web/ngnx', 'blog'));
	expect(stranger.next).toBe('Did you mean “blog:web/nginx”?');
});

test('the completed answers of each app hold its own port and no secret', () => {
	const [shop, blog] = filledApps(catalogue, state('shop', 'blog'));
	expect([shop?.appPort, blog?.appPort]).toEqual([8000, 8001]);
	expect(blog).toMatchObject({app: 'blog', user: 'jessica', supervisor: 'systemd'});
	expect(blog).not.toHaveProperty('secretKey');
});

/** An examination of apps that finds what `judge` says of the app's name. */
const looksAt = (judge: (app: string) => Judgement | undefined): Examination =>
	defineExamination({
		id: 'process/down',
		title: 'Programs',
		options: z.object({app: z.string()}),
		look: async (_$, {app}) => app,
		judge,
		fix: app => ({title: `Start ${app}`, why: '', apply: $ => $`true`}),
	}) as Examination;

async function examined(examination: Examination, ...apps: readonly string[]): Promise<Examined> {
	const looks = apps.map(app => ({examination, answers: {app}, app}));
	const events = examineAll(looks, {box: {roundTrips: 0, outside: {}}} as never);
	for (;;) {
		const next = await events.next();
		if (next.done) return next.value;
	}
}

test('doctor: a finding names its app, and so does its fix', async () => {
	const judge = (app: string): Judgement => ({severity: 'bad', title: `${app} is down`, means: '', evidence: [app]});
	const {findings, fixes} = await examined(looksAt(judge), 'shop', 'blog');
	expect(findings).toMatchObject([
		{id: 'shop:process/down', app: 'shop', title: 'shop: shop is down', fix: {id: 'fix/shop-process-down'}},
		{id: 'blog:process/down', app: 'blog', title: 'blog: blog is down', fix: {id: 'fix/blog-process-down'}},
	]);
	expect([...fixes.keys()]).toEqual(['shop:process/down', 'blog:process/down']);
});

test('doctor: what two apps tell alike is one finding of the box', async () => {
	const judge = (): Judgement => ({severity: 'bad', title: 'A log grows', means: '', evidence: ['/var/log/x']});
	const {findings} = await examined(looksAt(judge), 'shop', 'blog');
	expect(findings.map(({id, app, title}) => [id, app, title])).toEqual([['process/down', undefined, 'A log grows']]);
	const one = await examined(
		looksAt(app => (app === 'blog' ? judge() : undefined)),
		'shop',
		'blog',
	);
	expect(one.findings.map(({id}) => id)).toEqual(['blog:process/down']);
});

test('undo: each app’s database is named as what would be dropped, before anything is begun', () => {
	const both = state('shop', 'blog');
	const withDatabase = Object.fromEntries(
		Object.entries(both.apps).map(([name, section]) => [
			name,
			{...section, steps: {'database/database': {...record, before: {database: false, user: false}}}},
		]),
	);
	const of = {...both, apps: withDatabase} as JournalState;
	const all = wholePlan(catalogue, {kind: 'python', answers: {app: 'shop'}, leftOut: []}, of);
	const drops = stepForms(all, all.answers, of).flatMap(form => form.drops ?? []);
	expect(drops.map(({name}) => name)).toEqual(['shop', 'blog']);
});

test('add: a new app begins with what most apps of a box have alike, its secrets too, and with nothing else of the last', () => {
	const both = state('shop', 'blog');
	const blog = both.apps.blog as NonNullable<(typeof both.apps)['blog']>;
	const dns = {dnsProvider: 'rfc2136', dnsServer: '192.0.2.53', dnsZone: 'example.com', dnsKey: 'updates'};
	const of = {...both, apps: {...both.apps, blog: {...blog, answers: {...blog.answers, ...dns, branch: 'next'}}}};
	const kept = {dnsSecret: new Secret('c2VjcmV0'), secretKey: new Secret('key of blog')};
	const {answers} = newAppSetup(catalogue, of, {kind: undefined, found: {}, kept, given: {app: 'third'}});
	expect(answers).toMatchObject({...dns, dnsSecret: kept.dnsSecret, app: 'third'});
	expect(Object.keys(answers)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(branch|secretKey)$/)]));
});

test('add: an app that was taken back comes again with its answers; one that stands is refused', () => {
	const both = state('shop', 'blog');
	const shop = both.apps.shop as NonNullable<(typeof both.apps)['shop']>;
	const undone: JournalState = {...both, apps: {...both.apps, shop: {...shop, steps: {}}}};
	const again = newAppSetup(catalogue, undone, {kind: undefined, found: {}, kept: {}, given: {app: 'shop'}});
	expect(again.answers).toMatchObject({app: 'shop', domain: 'shop.example.com', user: 'jessica'});
	expect(() => refuseClash(catalogue, undone, again)).not.toThrow();
	expect(troubleOf(() => refuseClash(catalogue, both, {answers: {app: 'shop'}})).code).toBe('app-there');
	const other = {answers: {app: 'third', domain: 'third.example.com', aliases: ['blog.example.com']}};
	expect(troubleOf(() => refuseClash(catalogue, undone, other)).code).toBe('domain-there');
});
