import {existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {readAnswersFile} from '../../source/answers/answers-file.ts';
import {writeDotenv} from '../../source/cli/commands/app/environment-input.ts';
import {chosenApp} from '../../source/cli/target/chosen-app.ts';
import {placeOf, wordsOf} from '../../source/cli/target/named-box.ts';
import {standing} from '../../source/cli/target/offer-project-file.ts';
import {readProject, writeProject} from '../../source/cli/target/project-file.ts';
import {openJournal} from '../../source/state/journal.ts';
import type {JournalState} from '../../source/state/journal-state.ts';
import {catalogue} from '../../steps/index.ts';
import {troubleOf} from '../fixtures/refused.ts';

let folder: string;
let told: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'boxwizard-place-'));
	told = '';
	vi.stubEnv('BOXWIZARD_HOME', folder);
	vi.spyOn(process.stderr, 'write').mockImplementation(text => {
		told += String(text);
		return true;
	});
	openJournal('203.0.113.7', 22).update(state => ({...state, apps: {shop: app('shop'), blog: app('blog')}}));
});

afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllEnvs();
	rmSync(folder, {recursive: true, force: true});
});

const app = (name: string): JournalState['apps'][string] => ({
	kind: 'python',
	answers: {domain: `${name}.example.com`, repository: 'https://example.com/x.git', appPort: 8000, database: 'mysql'},
	leftOut: [],
	steps: {},
});

const file = (text: string) => writeFileSync(join(folder, 'boxwizard.yml'), text);

describe('which box and which app', () => {
	it('takes what is named, and does not look at the file then', () => {
		file('host: [broken');
		expect(placeOf('203.0.113.7', 'blog', folder)).toEqual({host: '203.0.113.7', app: 'blog'});
		expect(placeOf('blog.example.com', undefined, folder)).toEqual({host: 'blog.example.com'});
		expect(told).toBe('');
	});

	it('takes both from the file where none is named, and says so', () => {
		file('host: 203.0.113.7\napp: shop\ndatabase: mysql\n');
		const path = join(folder, 'boxwizard.yml');
		expect(placeOf(undefined, undefined, folder)).toEqual({host: '203.0.113.7', app: 'shop', file: path});
		expect(told).toBe(`shop on 203.0.113.7, as ${path} says.\n`);
	});

	it('takes one word that names no box for the app of the file’s box', () => {
		file('host: 203.0.113.7\napp: shop\n');
		expect(placeOf('blog', undefined, folder)).toMatchObject({host: '203.0.113.7', app: 'blog'});
		expect(wordsOf('nginx', undefined, folder)).toMatchObject({host: '203.0.113.7', word: 'nginx', app: 'shop'});
	});

	it('leaves a box that is new to this machine to whoever asks it', () => {
		expect(placeOf('198.51.100.9', undefined, folder)).toEqual({host: '198.51.100.9'});
	});

	it('names the boxes there are where none is named anywhere', () => {
		expect(troubleOf(() => placeOf(undefined, undefined, folder))).toMatchObject({
			code: 'which-box',
			evidence: ['shop.example.com'],
		});
		file('app: shop\n');
		expect(troubleOf(() => placeOf(undefined, undefined, folder)).means).toContain('has no line “host: …”');
	});

	it.each([
		['host: [a, b]', '“host” is no name.'],
		['host: -oProxyCommand=x', '“host” is no name.'],
		['host: "a b"', '“host” is no name.'],
		['host: a\nhost: b', 'Map keys must be unique'],
		[`host: ${'a'.repeat(70_000)}`, 'It is larger than 64 KB.'],
	])('refuses %.30j', (text, evidence) => {
		file(text);
		const trouble = troubleOf(() => readProject(folder));
		expect(trouble.code).toBe('project-file');
		expect(trouble.evidence[0]).toContain(evidence);
	});
});

describe('which app', () => {
	const box = (...names: readonly string[]) =>
		({apps: Object.fromEntries(names.map(name => [name, app(name)]))}) as unknown as JournalState;

	it('takes the only one; names them where there are several; knows the nearest one', () => {
		expect(chosenApp(box('shop'), undefined)).toBe('shop');
		expect(chosenApp(box('shop', 'blog'), 'blog')).toBe('blog');
		expect(troubleOf(() => chosenApp(box('shop', 'blog'), undefined))).toMatchObject({
			code: 'which-app',
			evidence: ['shop', 'blog'],
		});
		expect(troubleOf(() => chosenApp(box('shop', 'blog'), 'blgo')).next).toBe('Did you mean “blog”?');
		expect(troubleOf(() => chosenApp(box(), undefined)).code).toBe('no-app');
	});
});

describe('the file that is written', () => {
	const written = () => readFileSync(join(folder, 'boxwizard.yml'), 'utf8');
	const journal = () => openJournal('203.0.113.7', 22).read();

	it('holds host, app and answers, without what the box gives out itself, and is read back', () => {
		writeProject(journal(), 'blog', folder);
		expect(readProject(folder)).toMatchObject({host: '203.0.113.7', app: 'blog'});
		expect(readAnswersFile(written(), 'boxwizard.yml', catalogue)).toEqual({
			kind: 'python',
			answers: {
				app: 'blog',
				domain: 'blog.example.com',
				repository: 'https://example.com/x.git',
				database: 'mysql',
			},
		});
	});

	it('replaces none that is there', () => {
		file('host: elsewhere\n');
		writeProject(journal(), 'blog', folder);
		expect(written()).toBe('host: elsewhere\n');
		expect(told).toContain('was left as it is');
	});
});

describe('a .env that is pulled', () => {
	it('can be read by its owner alone, and replaces a file only when told to', () => {
		const path = join(folder, '.env');
		writeDotenv(path, 'A=1\n', false);
		expect(statSync(path).mode & 0o777).toBe(0o600);
		expect(troubleOf(() => writeDotenv(path, 'A=2\n', false)).code).toBe('file-exists');
		expect(readFileSync(path, 'utf8')).toBe('A=1\n');
		writeDotenv(path, 'A=2\n', true);
		expect(readFileSync(path, 'utf8')).toBe('A=2\n');
		expect(existsSync(`${path}.${process.pid}.new`)).toBe(false);
	});

	it('goes into no folder that is not there', () => {
		expect(troubleOf(() => writeDotenv(join(folder, 'mistyped/.env'), 'A=1\n', false)).code).toBe('no-folder');
		expect(existsSync(join(folder, 'mistyped'))).toBe(false);
	});
});

describe('the app that the file is written for', () => {
	const done = {state: 'done', at: '2026-11-27T21:00:00Z', seconds: 1} as const;
	const blogWith = (steps: JournalState['apps'][string]['steps']) => ({...app('blog'), steps});
	const box = (apps: JournalState['apps']) => ({box: {steps: {}}, apps}) as unknown as JournalState;
	const shop = {...app('shop'), steps: {'web/nginx': done}};

	it('is the one that has come, or has come again', () => {
		const after = box({shop, blog: blogWith({'web/nginx': done})});
		expect(standing(after, box({shop}))).toBe('blog');
		expect(standing(after, box({shop, blog: blogWith({})}))).toBe('blog');
		expect(standing(after, undefined)).toBe('shop');
	});

	it('is none where its set-up has not come to its end', () => {
		expect(
			standing(box({shop, blog: blogWith({'web/nginx': {...done, state: 'failed'}})}), box({shop})),
		).toBeUndefined();
		expect(standing(box({shop}), box({shop}))).toBeUndefined();
	});
});
