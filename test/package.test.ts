import {execFile} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'boxwizard-package-'));
// npm and npx start the node that runs these tests, not the system's.
const environment = {...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}`, NODE_OPTIONS: ''};
let tarball: string;

const npm = async (where: string, ...words: string[]) => await run('npm', words, {cwd: where, env: environment});

beforeAll(async () => {
	await run(process.execPath, ['esbuild.config.ts'], {cwd: root, env: environment});
	const {stdout} = await npm(root, 'pack', '--silent', '--ignore-scripts', '--pack-destination', folder);
	tarball = join(folder, stdout.trim().split('\n').at(-1) ?? '');
}, 120_000);

afterAll(() => {
	rmSync(folder, {recursive: true, force: true});
});

function sizeOf(path: string): number {
	return readdirSync(path, {recursive: true, encoding: 'utf8'})
		.map(name => statSync(join(path, name)))
		.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
}

/** Folders of node_modules that hold a package of their own. */
function packagesIn(modules: string): string[] {
	return readdirSync(modules, {recursive: true, encoding: 'utf8'}).filter(
		name => /^(@[^/]+\/)?[^@./][^/]*\/package\.json$/.test(name) && existsSync(join(modules, name)),
	);
}

describe.each([{words: []}, {words: ['--ignore-scripts']}, {words: ['--ignore-scripts', '--omit=optional']}])(
	'the packed tarball, installed in an empty folder $words',
	({words}) => {
		const place = mkdtempSync(join(folder, 'empty-'));

		beforeAll(async () => {
			// Without it npm would install into a folder above that has a package.json.
			await npm(place, 'install', '--prefix', place, '--no-audit', '--no-fund', '--prefer-offline', ...words, tarball);
		}, 120_000);

		it('is at most 5 packages and 8 MB', () => {
			const modules = join(place, 'node_modules');
			const packages = packagesIn(modules);
			expect(packages).toContain('boxwizard/package.json');
			expect(packages.length).toBeLessThanOrEqual(5);
			expect(sizeOf(modules)).toBeLessThanOrEqual(8 * 1024 * 1024);
		});

		it('runs by npx', async () => {
			const {version} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {version: string};
			expect((await run('npx', ['boxwizard', '--version'], {cwd: place, env: environment})).stdout.trim()).toBe(
				version,
			);
			const {stdout} = await run('npx', ['boxwizard', '--help'], {cwd: place, env: environment});
			const commands = [
				'init',
				'setup',
				'plan',
				'check',
				'deploy',
				'undo',
				'hosts',
				'renewals',
				'reminders',
				'practice',
			];
			for (const command of commands) {
				expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
			}
		});

		it('goes as far as the door, and says so where nothing keeps passwords', async () => {
			const withKeychain = existsSync(join(place, 'node_modules/@napi-rs/keyring'));
			expect(withKeychain).toBe(!words.includes('--omit=optional'));
			const home = {...environment, BOXWIZARD_HOME: place};
			const failed: unknown = await run(
				'npx',
				['boxwizard', 'plan', 'root@127.0.0.1:1', '--kind', 'python', '--plain'],
				{
					cwd: place,
					env: home,
				},
			).catch((error: unknown) => error);
			expect(failed).toMatchObject({code: 1, stderr: expect.stringContaining('can’t be reached')});
			if (!withKeychain)
				expect(failed).toMatchObject({stderr: expect.stringContaining('No system keychain answers here')});
		});

		it('has beside it what it reads when it works', async () => {
			const installed = join(place, 'node_modules/boxwizard/dist');
			expect(existsSync(join(installed, 'verbs.sh'))).toBe(true);
			expect(existsSync(join(installed, 'sample/requirements.txt'))).toBe(true);
			const {stdout} = await run('npx', ['boxwizard', 'init', '--output', 'answers.yml'], {
				cwd: place,
				env: environment,
			});
			expect(stdout).toContain('answers.yml');
			expect(readFileSync(join(place, 'answers.yml'), 'utf8')).toContain('\ndomain:');
		});
	},
);

describe('under a Node that is too old', () => {
	it('says so in one line and exits 1', async () => {
		const fake = `Object.defineProperty(process.versions, 'node', {value: '20.1.0'});`;
		const old = ['--import', `data:text/javascript,${encodeURIComponent(fake)}`, join(root, 'dist/boxwizard.js')];
		const failed = await run(process.execPath, [...old, '--version'], {env: environment}).catch(
			(error: unknown) => error,
		);
		expect(failed).toMatchObject({
			code: 1,
			stdout: '',
			stderr: expect.stringMatching(/^boxwizard needs Node 22[^\n]*\n$/),
		});
	});

	it('is written so that old versions can read it', () => {
		const text = readFileSync(join(root, 'dist/boxwizard.js'), 'utf8');
		expect(text).not.toMatch(/\?\?|\?\.|\basync\b|\bawait\b|^import\s/m);
	});
});
