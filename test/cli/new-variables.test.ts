import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {newVariables} from '../../source/cli/detection/new-variables.ts';
import {buildCommand} from '../../source/contract/command.ts';
import type {Argument, Probe} from '../../source/contract/step.ts';
import {comingLines} from '../../source/render/wording.ts';
import {catalogue} from '../../steps/index.ts';

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'boxwizard-variables-'));
	for (const name of ['work', 'srv/blog/current', 'srv/blog/shared']) mkdirSync(join(folder, name), {recursive: true});
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const git = (...words: string[]) =>
	execFileSync('git', ['-C', join(folder, 'work'), '-c', 'user.name=J', '-c', 'user.email=j@example.com', ...words], {
		encoding: 'utf8',
	}).trim();

/** What the box runs, run here, with its /srv in this folder. */
const probe = Object.assign(
	async (pieces: TemplateStringsArray, ...values: readonly Argument[]) =>
		execFileSync('bash', ['-c', buildCommand(pieces, values).replaceAll('/srv/', `${folder}/srv/`)], {
			encoding: 'utf8',
			stdio: 'pipe',
		}).trim(),
	{file: async () => null},
) as unknown as Probe;

test('variables that only the new version reads, and that have no value, are told; of one that is no tip too', async () => {
	const code = (names: readonly string[]) =>
		`import os\nfrom flask import Flask\n\napp = Flask(__name__)\n${names.join('\n')}\n`;
	writeFileSync(join(folder, 'work', 'requirements.txt'), 'flask\n');
	writeFileSync(
		join(folder, 'work', 'app.py'),
		code([
			"A = os.environ['STRIPE_KEY']",
			"B = os.environ['SET_KEY']",
			"C = os.environ['OLD_KEY']",
			"D = os.environ.get('CURRENCY_NAME')",
		]),
	);
	git('init', '--quiet', '-b', 'main');
	git('add', '.');
	git('commit', '--quiet', '-m', 'Take money');
	const id = git('rev-parse', 'HEAD');
	git('rm', '--quiet', 'app.py');
	git('commit', '--quiet', '-m', 'Later');
	writeFileSync(join(folder, 'srv/blog/current/app.py'), code(["C = os.environ['OLD_KEY']"]));
	writeFileSync(join(folder, 'srv/blog/shared/.env'), '# The person’s own variables.\nSET_KEY=x\n');
	const coming = {
		version: {id, title: ''},
		commits: 1,
		dropped: 0,
		newest: [],
		migrations: [],
		dependencyFiles: [],
		packages: [],
	};
	const setup = {kind: 'python', answers: {app: 'blog', repository: join(folder, 'work'), folder: ''}, leftOut: []};
	const variables = await newVariables({catalogue, probe}, setup, coming);
	expect(variables).toEqual({
		required: [{name: 'STRIPE_KEY', where: 'app.py:5'}],
		optional: [{name: 'CURRENCY_NAME', where: 'app.py:8'}],
	});
	expect(comingLines({...coming, variables}).slice(-2)).toEqual([
		{title: 'Needs', text: 'STRIPE_KEY (app.py:5): without a value yet; it is asked for before the switch'},
		{title: 'Also reads', text: 'CURRENCY_NAME (app.py:8)'},
	]);
	const unread = await newVariables(
		{catalogue, probe},
		{...setup, answers: {app: 'blog', repository: '/nowhere'}},
		coming,
	);
	expect(unread).toMatchObject({required: [], unread: expect.stringContaining('/nowhere')});
});
