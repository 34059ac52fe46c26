import {globSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {type AppOnBox, type Line, type LineSource, sayWords} from '../../source/contract/diagnosis/cause.ts';
import {diagnose} from '../../source/engine/fixes/diagnose.ts';
import {literalsOf, WordSearch} from '../../source/engine/fixes/literals.ts';
import {bareLine} from '../../source/engine/fixes/log-line.ts';
import {causes} from '../../steps/causes/index.ts';

/** Lines as an app, nginx or the box really printed them, and what they are taken for. */
type Fixture = {
	/** The title of the first finding; '' where nothing is known to be wrong. */
	readonly says: string;
	/** All findings, the likeliest first. */
	readonly causes: readonly string[];
	readonly lines: readonly (readonly [LineSource, string])[];
	/** Where it differs from the app of the other fixtures. */
	readonly app?: Partial<AppOnBox>;
};

const usual: AppOnBox = {
	name: 'microblog',
	program: 'microblog',
	manager: 'supervisor',
	configuration: '/etc/supervisor/conf.d/microblog.conf',
	words: ['/srv/microblog/current/venv/bin/python', '-m', 'gunicorn', 'microblog:app'],
	user: 'microblog',
	folder: '/srv/microblog/current',
	release: '/srv/microblog/releases/20261121T032455',
	own: ['app', 'config.py', 'microblog.py', 'migrations', 'requirements.txt', 'venv'],
	port: 8000,
	domain: 'microblog.example.com',
	environment: '/srv/microblog/shared/.env',
	log: '/var/log/supervisor/microblog.log',
	isOwn: true,
};

const folder = new URL('causes/', import.meta.url).pathname;
const files = globSync('*.json', {cwd: folder}).sort();
const fixtures = files.flatMap(name => {
	const {fixtures} = JSON.parse(readFileSync(`${folder}${name}`, 'utf8')) as {readonly fixtures: readonly Fixture[]};
	return fixtures.map(fixture => ({...fixture, file: name.replace('.json', '')}));
});

describe.each(files.map(name => name.replace('.json', '')))('%s', file => {
	const own = fixtures.filter(fixture => fixture.file === file);
	test.each(own.map(fixture => ({...fixture, last: fixture.lines.at(-1)?.[1] ?? ''})))('$last', fixture => {
		const app = {...usual, ...fixture.app};
		const lines: Line[] = fixture.lines.map(([from, text]) => ({from, text}));
		const found = diagnose(lines, causes, app);
		expect(found.map(({cause}) => cause.id)).toEqual(fixture.causes);
		const [first] = found;
		expect(first ? sayWords(first.cause.title, first.found, app) : '').toBe(fixture.says);
	});
});

test('each cause has a fixture, a name of its own, and words for whoever is in trouble', () => {
	const shown = new Set(fixtures.flatMap(fixture => fixture.causes));
	const ids = causes.map(({id}) => id);
	expect(ids.filter(id => !shown.has(id))).toEqual([]);
	expect(new Set(ids).size).toBe(ids.length);
	expect(ids.length).toBeGreaterThanOrEqual(300);
	for (const {over = []} of causes) expect(over.filter(id => !ids.includes(id))).toEqual([]);
	for (const fixture of fixtures) {
		const app = {...usual, ...fixture.app};
		const lines: Line[] = fixture.lines.map(([from, text]) => ({from, text}));
		for (const {cause, found} of diagnose(lines, causes, app)) {
			for (const say of [cause.means, cause.next])
				expect(sayWords(say, found, app)).not.toMatch(/undefined|\bNaN\b|^$/);
			for (const fix of cause.fixes?.(found, app) ?? []) {
				expect(fix.title.length).toBeLessThanOrEqual(40);
				expect(fix.why).not.toBe('');
				if ('step' in fix) expect(fix.step.id).toBe(fix.id);
			}
		}
	}
});

test('what was said before, and what is seen from outside, is no news beside what the app itself says', () => {
	const lines: Line[] = [
		{from: 'output', text: "ModuleNotFoundError: No module named 'redis'"},
		{
			from: 'nginx',
			text: '2026/11/21 03:48:40 [error] 1#1: *2 connect() failed (111: Connection refused) while connecting to upstream, upstream: "http://127.0.0.1:8000/"',
		},
	];
	lines.push({from: 'log', text: "PermissionError: [Errno 13] Permission denied: '.env'"});
	expect(diagnose(lines, causes, usual).map(({cause}) => cause.id)).toEqual(['python/missing-package']);
});

test('what a pattern can’t match without stands in each text that it matches', () => {
	const texts = fixtures.flatMap(({lines}) => lines.flatMap(([, text]) => bareLine(text) ?? []));
	const patterns = causes.flatMap(({match}) => match);
	expect(patterns.filter(pattern => !literalsOf(pattern))).toEqual([]);
	const words = [...new Set(patterns.flatMap(pattern => literalsOf(pattern) ?? []))];
	const search = new WordSearch(words);
	for (const text of texts) {
		const found = new Set<number>();
		search.in(text, found);
		expect(new Set([...found].map(index => words[index]))).toEqual(
			new Set(words.filter(word => text.toLowerCase().includes(word))),
		);
		for (const pattern of patterns.filter(one => one.test(text))) {
			expect(
				literalsOf(pattern)?.some(word => text.toLowerCase().includes(word)),
				`${pattern}`,
			).toBe(true);
		}
	}
});

test.each([
	[/Cannot find module '(?<module>[^']+)'/, ['cannot find ']],
	[/(?:Error|Trouble): no (?:way|gate)\b/, ['error', 'trouble']],
	[/abc?defg|hi+jklm/, ['defg', 'jklm']],
	[/(?!Warning).*failed hard/, ['failed hard']],
	[/[Ee]rror|(?:long optional)?x/, undefined],
	[/\u0041bcdef(?:ghij){0,2}/, ['bcdef']],
] as const)('%s can’t match without %j', (pattern, words) => {
	expect(literalsOf(pattern)).toEqual(words);
});

test('a log is told by its last start, and by what was said first in it', () => {
	const start = '[2026-11-21 03:47:14 +0000] [617] [INFO] Starting gunicorn 27.0.1';
	const missing = (module: string) => `ModuleNotFoundError: No module named '${module}'`;
	const told = (...texts: string[]) =>
		diagnose(
			texts.map(text => ({from: 'log', text})),
			causes,
			usual,
		).map(({cause, found}) => `${cause.id} ${found.module ?? ''}`.trim());
	expect(told(start, missing('redis'), start, missing('celery'))).toEqual(['python/missing-package celery']);
	expect(told(start, missing('redis'), 'OSError: [Errno 24] Too many open files', start)).toEqual([
		'resources/open-files',
		'python/missing-package redis',
	]);
	expect(told(start, missing('redis'), start, 'GET / is answered')).toEqual([]);
	expect(told('sqlite3.OperationalError: database is locked', "KeyError: 'STRIPE_KEY'")).toEqual([
		'database/locked',
		'settings/missing-variable',
	]);
});

/** Logs of programs in good health, as they were printed on practice boxes; names and addresses replaced. */
const healthy = globSync('healthy/*/*.log', {cwd: folder}).sort();

describe('a program in good health is told of nothing', () => {
	const apps: readonly AppOnBox[] = [
		usual,
		{...usual, words: ['/usr/bin/node', 'server.js'], own: ['server.js', 'package.json'], isOwn: false},
	];
	test.each(healthy)('%s', name => {
		const texts = readFileSync(`${folder}${name}`, 'utf8').split('\n').filter(Boolean);
		for (const app of apps) {
			for (const from of ['output', 'log', 'box', 'nginx'] as const) {
				const lines = texts.map((text): Line => ({from, text}));
				const said = diagnose(lines, causes, app).map(({cause, line}) => `${cause.id}: ${line.text}`);
				// A line beside it may say that it is another cause: each must be harmless by itself.
				const alone = lines.flatMap(line =>
					diagnose([line], causes, app).map(({cause}) => `${cause.id}: ${line.text}`),
				);
				expect([...said, ...alone]).toEqual([]);
			}
		}
	});
});
