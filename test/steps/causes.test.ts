import {globSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {type AppOnBox, type Line, type LineSource, sayWords} from '../../source/contract/cause.ts';
import {diagnose} from '../../source/engine/fixes/diagnose.ts';
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
	expect(ids.length).toBeGreaterThanOrEqual(25);
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
