import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {detect} from '../../source/cli/commands/local/detect.ts';
import {Trouble} from '../../source/contract/trouble.ts';

let folder: string;
let printed: string;

beforeEach(() => {
	folder = join(mkdtempSync(join(tmpdir(), 'boxwizard-detect-')), 'shop');
	mkdirSync(folder);
	printed = '';
	vi.spyOn(process.stdout, 'write').mockImplementation(text => {
		printed += String(text);
		return true;
	});
});

afterEach(() => {
	vi.restoreAllMocks();
	process.exitCode = undefined;
	rmSync(join(folder, '..'), {recursive: true, force: true});
});

function write(files: Readonly<Record<string, string>>): void {
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), {recursive: true});
		writeFileSync(join(folder, path), text);
	}
}

const shop = {
	'app.py': `import os
from flask import Flask
app = Flask(__name__)
app.secret_key = os.environ['SECRET_KEY']
stripe = os.environ['STRIPE_API_KEY']
title = os.environ.get('TITLE', 'Shop')
`,
	'requirements.txt': 'Flask==3.0.3\npsycopg2==2.9.9\n',
};

describe('detect', () => {
	it('tells what it found like a note, in 80 columns', async () => {
		write(shop);
		await detect(folder, {});
		expect(process.exitCode).toBe(0);
		expect(printed.split('\n').every(line => line.length <= 80)).toBe(true);
		expect(printed).toBe(`shop: a Flask app

Why
  requirements.txt names 2 packages: uv installs them.
  app.py:3 makes a Flask app.
  psycopg2 is among the dependencies (postgresql).

How it runs
  packages    uv, from requirements.txt
  entry       app:app  (WSGI)
  database    postgresql by psycopg2

Variables only you know, which it fails without
  STRIPE_API_KEY  secret, app.py:5

Variables it can do without
  TITLE           Shop, app.py:6

Variables boxwizard fills
  SECRET_KEY      made up, kept secret

Debian packages it needs
  to compile psycopg2: build-essential python3-dev libpq-dev
  to run psycopg2: libpq5
`);
	});

	it('prints one object for programs, with a schema', async () => {
		write(shop);
		await detect(folder, {json: true});
		expect(JSON.parse(printed)).toMatchObject({
			schema: expect.any(Number),
			files: 2,
			canBeSetUp: true,
			app: {
				kind: 'python',
				folder: '',
				answers: {entry: 'app:app', database: 'postgresql'},
				warnings: [],
				questions: [],
			},
			others: [],
			questions: [],
		});
	});

	it('ends with 2 where something will fail, and says what mends it', async () => {
		write({'app.py': shop['app.py']});
		await detect(folder, {});
		expect(process.exitCode).toBe(2);
		expect(printed).toContain('✗ No file says which Python packages the app needs.');
		expect(printed).toContain('      requirements.txt:\n      | Flask\n');
	});

	it('ends with 3 where nothing is recognised', async () => {
		write({'notes.txt': 'x'});
		await detect(folder, {json: true});
		expect(process.exitCode).toBe(3);
		expect(JSON.parse(printed)).toMatchObject({app: null, others: []});
	});

	it('says of a kind without steps that it can’t be set up yet', async () => {
		write({'index.html': '<!doctype html>'});
		await detect(folder, {});
		expect(printed).toContain('It can’t be set up yet: boxwizard only recognises such apps (static) so far.');
	});

	it('says of an app whose kind has steps which of them can’t do it yet', async () => {
		write({
			'app.py': 'from flask import Flask\n\napp = Flask(__name__)\n',
			'environment.yml': 'dependencies:\n  - python=3.11\n  - flask\n',
		});
		await detect(folder, {json: true});
		expect(JSON.parse(printed)).toMatchObject({
			canBeSetUp: false,
			obstacles: ['its packages stand in environment.yml, and conda is not what boxwizard installs with'],
		});
	});

	it('looks for one kind alone where that is asked for, and refuses one that there is not', async () => {
		write({...shop, 'index.html': 'x'});
		await detect(folder, {kind: 'static', json: true});
		expect(JSON.parse(printed)).toMatchObject({app: {kind: 'static'}});
		const trouble = await detect(folder, {kind: 'cobol'}).catch((error: unknown) => error);
		expect((trouble as Trouble).code).toBe('unknown-kind');
	});

	it('says that there is no such folder', async () => {
		const trouble = await detect(join(folder, 'none'), {}).catch((error: unknown) => error);
		expect(trouble).toBeInstanceOf(Trouble);
		expect((trouble as Trouble).what).toBe(`There is no folder ${join(folder, 'none')}.`);
	});
});
