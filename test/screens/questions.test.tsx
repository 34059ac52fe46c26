import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {createWizard} from '../../source/cli/wizard/wizard.ts';
import type {Start, Wizard} from '../../source/contract/ui/wizard.ts';
import {catalogue} from '../../steps/index.ts';
import {fakeWizard, laptopKey} from './fake/fake-wizard.ts';
import {cleanup} from './ink.ts';
import {openApp} from './open-app.tsx';

const start: Start = {at: 'box', target: 'root@203.0.113.7'};
const enter = '\r';
let top: string;

beforeEach(() => {
	top = mkdtempSync(join(tmpdir(), 'boxwizard-questions-'));
	vi.stubEnv('XDG_CACHE_HOME', top);
	vi.spyOn(process, 'cwd').mockReturnValue(top);
});

afterEach(() => {
	cleanup();
	vi.unstubAllEnvs();
	vi.restoreAllMocks();
	rmSync(top, {recursive: true, force: true});
});

/** A repository on the practice git host, which lies on this machine. Its address. */
function publish(files: Readonly<Record<string, string>>): string {
	const folder = join(top, 'boxwizard/practice/services/practice/git/jessica/blog.git');
	const work = join(top, 'work');
	for (const path of [folder, work]) mkdirSync(path, {recursive: true});
	for (const [path, content] of Object.entries(files)) writeFileSync(join(work, path), content);
	const git = (...words: string[]) =>
		execFileSync('git', ['-c', 'user.name=J', '-c', 'user.email=j@example.com', '-C', work, ...words]);
	git('init', '-q', '-b', 'main');
	git('add', '--all');
	git('commit', '-q', '-m', 'First');
	execFileSync('git', ['clone', '-q', '--bare', work, folder]);
	return 'https://git.practice.test/jessica/blog.git';
}

function publicKey(): string {
	const file = join(top, 'key');
	execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'jessica@laptop', '-f', file]);
	return readFileSync(`${file}.pub`, 'utf8').trim();
}

/** The real steps, forms and look at a repository; only the box is none. */
function realQuestions(): Wizard {
	const real = createWizard({catalogue, connection: {}, answers: {}});
	const {kinds, steps, validate, likelyRepository, repositoryProblem, findApp, settleApp, unreadApp} = real;
	const {variableFields, withVariables, readKey} = real;
	return {
		...fakeWizard(),
		...{kinds, steps, validate, likelyRepository, repositoryProblem, findApp, settleApp, unreadApp},
		...{variableFields, withVariables, readKey},
		localKeys: async () => [{...laptopKey, line: publicKey()}],
	};
}

const app = `import os
from flask import Flask
app = Flask(__name__)
app.secret_key = os.environ['SECRET_KEY']
`;

/** Answers all that is asked, from the survey to the plan; the questions, by their fields. */
async function walk(address: string, variables: readonly string[] = []): Promise<readonly string[]> {
	const {see, frame, press} = openApp(realQuestions(), start);
	const asked: string[] = [];
	const ask = (field: string) => {
		expect(frame()).toMatch(new RegExp(`question ${asked.length + 1}\\b`));
		asked.push(field);
	};
	await see('Runs already');
	await press(enter, '❯ Git repository');
	ask('Git repository');
	await press(address, 'blog.git');
	await press(enter, /❯ +Go on/);
	if (variables.length > 0) {
		await press(enter, `❯ ${variables[0]}`);
		ask(variables.join(', '));
		for (const name of variables) {
			await see(`❯ ${name}`);
			await press('secret', '••••••');
			await press(enter, new RegExp(`❯ (?!${name})`));
		}
	} else await press(enter, '❯ Domain');
	await see('❯ Domain');
	ask('Domain');
	await press('blog.example.com', 'blog.example.com');
	await press(enter, '❯ Your user');
	ask('Your user');
	await press('jessica', 'jessica');
	await press(enter, '❯ Sudo');
	await press(enter, '❯ Sudo password');
	await press('a long sudo password', '•••');
	await press(enter, laptopKey.comment);
	ask('Your key');
	// The only key is chosen already.
	await see('◉ ed25519');
	await press(enter, '❯ Your e-mail');
	ask('Your e-mail');
	expect(frame()).toContain(`question ${asked.length} of ${asked.length}`);
	await press('jessica@example.com', 'jessica@example.com');
	await press(enter, 'The plan');
	await see('to do');
	expect(frame()).not.toContain('Still missing');
	return asked;
}

test('an app with nothing unusual: five questions from the box to the plan', async () => {
	const address = publish({'app.py': app, 'requirements.txt': 'Flask==3.0.3\npsycopg2-binary==2.9.9\n'});
	expect(await walk(address)).toEqual(['Git repository', 'Domain', 'Your user', 'Your key', 'Your e-mail']);
});

test('the variables that only the person knows are one question more', async () => {
	const keyed = `${app}stripe = os.environ['STRIPE_API_KEY']\nsentry = os.environ['SENTRY_KEY']\n`;
	const address = publish({'app.py': keyed, 'requirements.txt': 'Flask==3.0.3\n'});
	const asked = await walk(address, ['STRIPE_API_KEY', 'SENTRY_KEY']);
	expect(asked).toHaveLength(6);
	expect(asked[1]).toBe('STRIPE_API_KEY, SENTRY_KEY');
});
