import {afterEach, expect, test, vi} from 'vitest';
import {Secret} from '../../source/contract/secret.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import type {Resumable} from '../../source/contract/ui/setup.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import type {FakeOptions} from './fake/fake-options.ts';
import {fakeWizard} from './fake/fake-wizard.ts';
import {cleanup} from './ink.ts';
import {openApp} from './open-app.tsx';

afterEach(cleanup);

const enter = '\r';
type Heard = NonNullable<FakeOptions['heard']>;

const finished: Resumable = {
	kind: 'python',
	title: 'Flask app',
	answers: {app: 'gt'},
	leftOut: [],
	done: 30,
	total: 30,
	running: false,
};

/** The page of a box that is set up, with two apps. */
function open(changed: Partial<Wizard> = {}) {
	const heard = vi.fn<Heard>();
	const apps = ['gt', 'blog'].map(name => ({name, kind: 'Flask app', domain: `${name}.example.org`}));
	const wizard = {...fakeWizard({heard, resumable: finished, apps}), ...changed};
	return {heard, ...openApp(wizard, {at: 'box', target: 'jessica@203.0.113.7'})};
}

/** Finds a command in the palette, and takes it. */
async function command({see, press, type}: ReturnType<typeof open>, words: string, found: RegExp, then: RegExp) {
	await see(/blog\.example\.org/);
	await press(':', 'What do you want to do?');
	await type(words);
	await see(found);
	await press(enter, then);
}

test.each([
	['console blog', 'console'],
	['database blog', 'database'],
] as const)('“%s” gives the terminal to it, and comes back to the page', async (words, run) => {
	const page = open();
	await command(page, words, new RegExp(`❯ ${words}`, 'i'), /Apps[\s\S]*blog\.example\.org/);
	await vi.waitFor(() => expect(page.heard).toHaveBeenCalledWith('runInApp', 'blog', {run}));
	await page.press(':', 'What do you want to do?');
});

test('a command is typed once, and its end is told', async () => {
	const page = open({runInApp: async () => 3});
	await command(page, 'run in gt', /❯ Run in gt/, /Run a command in gt/);
	await page.type('flask db current');
	await page.see(/Command +flask db current/);
	await page.press(enter, /It ended with 3: flask db current/);
});

test('bash reads the command, as it was typed', async () => {
	const page = open();
	await command(page, 'run in blog', /❯ Run in blog/, /Run a command in blog/);
	await page.type('ls | wc');
	await page.press(enter, /Done: ls \| wc/);
	expect(page.heard).toHaveBeenCalledWith('runInApp', 'blog', {run: 'command', words: ['bash', '-c', 'ls | wc']});
});

test('an app of which nothing is live says so on the page', async () => {
	const page = open({
		runInApp: async () => {
			throw new Trouble({what: 'No version of gt is live on this box.', means: '', next: '', code: 'nothing-live'});
		},
	});
	await command(page, 'console gt', /❯ Console gt/, /No version of gt is live/);
});

test('the receipt is written into this folder', async () => {
	const page = open();
	await command(page, 'receipt', /❯ Receipt/, /Written to receipt-microblog\.example\.com\.md in this folder/);
});

test('settings are written into a .env here, while none of them waits to be saved', async () => {
	const settings: Wizard['settings'] = async () => ({
		file: '/srv/gt/shared/.env',
		own: [],
		further: [{name: 'API_KEY', value: new Secret('s3same')}],
		read: () => undefined,
		problem: () => undefined,
	});
	const page = open({settings});
	await page.see(/blog\.example\.org/);
	await page.press('e', 'p write .env here');
	await page.press('p', /Written to \.env in this folder, readable by you alone/);
	expect(page.heard).toHaveBeenCalledWith('pullSettings', 'gt');
	await page.press('D', 'drops API_KEY');
	expect(page.frame()).not.toContain('write .env here');
});
