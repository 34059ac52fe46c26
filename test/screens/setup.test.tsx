import {afterEach, expect, test, vi} from 'vitest';
import {Secret} from '../../source/contract/secret.ts';
import type {Resumable} from '../../source/contract/ui/setup.ts';
import type {Start} from '../../source/contract/ui/wizard.ts';
import type {FakeOptions} from './fake/fake-options.ts';
import {outcome} from './fake/fake-run.ts';
import {fakeWizard, laptopKey} from './fake/fake-wizard.ts';
import {cleanup} from './ink.ts';
import {openApp} from './open-app.tsx';

afterEach(cleanup);

const box: Start = {at: 'box', target: 'root@203.0.113.7'};
const answers = {
	domain: 'microblog.example.com',
	user: 'jessica',
	keys: [laptopKey.line],
	app: 'microblog',
	repository: 'https://github.com/you/microblog.git',
};
const resumable: Resumable = {
	kind: 'python',
	title: 'Flask app',
	answers,
	leftOut: [],
	done: 9,
	total: 21,
	stoppedAt: 'Database',
	running: false,
};

const enter = '\r';
const escapeKey = '\u001b';
const down = '\u001b[B';
const home = '\u001b[H';
const control = (letter: string) => String.fromCharCode(letter.charCodeAt(0) - 96);

const open = (options: FakeOptions = {}, start?: Start) => openApp(fakeWizard(options), start);

test('home shows the boxes with progress, last seen and certificate', async () => {
	const {see, frame, press} = open();
	await see('microblog.example.com');
	expect(frame()).toMatch(/203\.0\.113\.44 +Flask +9 of 21 +seen 3 days ago/);
	expect(frame()).toMatch(/shop\.example\.org .*! TLS 9 days/);
	expect(frame()).toContain('choose');
	await press('n', 'Which box?');
	await press(escapeKey, 'Your boxes');
});

test('home offers first to go on with what was stopped, and does it without further questions', async () => {
	const {see, frame, press} = open({resumable, pace: 20});
	await see('Go on');
	expect(frame()).toMatch(/❯ Go on +203\.0\.113\.44 stopped at “Database”/);
	await press(enter, 'Setting up');
});

test('an address is judged as it is typed, in words', async () => {
	const {see, press} = open();
	await see('New box');
	await press('n', 'Which box?');
	await press('http://x', '! Only the address');
	await press(control('u'), /Address +root@203/);
	await press('root@203.0.113.7', 'As your provider shows it');
	await press(enter, 'Runs already');
});

test('the survey says what the box is', async () => {
	const {see, frame} = open({}, box);
	await see('Your box');
	await see('Debian GNU/Linux 12');
	expect(frame()).toContain('977 MB memory');
	expect(frame()).toContain('22 GB free of 25 GB');
	expect(frame()).toContain('2001:db8::7');
	expect(frame()).toContain('! pending');
});

test('another system is refused before anything is touched', async () => {
	const {see, frame, press} = open({unsupported: true}, box);
	await see('can not be set up');
	expect(frame()).toContain('Fedora Linux 43');
	await press(enter, 'can not be set up');
	expect(frame()).not.toContain('go on');
});

test('a door that stays shut is a trouble with what it means and what to do', async () => {
	const {see, frame, press} = open({refuses: true}, box);
	await see('did not let you in');
	expect(frame()).toContain('Means');
	expect(frame()).toContain('--identity');
	expect(frame()).toContain('the box takes: publickey');
	await press('e', 'Which box?');
});

test('questions on the way in: fingerprint, password, new password', async () => {
	const heard = vi.fn();
	const {see, press} = open({questions: ['trust-host', 'password', 'new-password'], heard}, box);
	await see(laptopKey.fingerprint);
	await press('y', 'The password of root');
	await press('hunter?', '•••••••');
	await press(enter, 'A new password');
	await press('short', '! At least 8 characters');
	await press('er-one', '•••••••••••');
	await press(enter, '❯ Once more');
	await press('shorter-two', '! Not the same');
	await press(control('u'), /Once more *\n/);
	await press('shorter-one', /Once more +•+/);
	await press(enter, 'Runs already');
	expect(heard.mock.calls).toEqual([
		['trust', true],
		['password', 'hunter?'],
		['new-password', 'shorter-one'],
	]);
});

test('an app that can’t be read from here: its kind, the questions of the kind, then the plan', async () => {
	const heard = vi.fn();
	const {see, frame, press} = open({heard}, box);
	await see('Runs already');
	await press(enter, 'Your app');
	await press('microblog', '! A git address');
	await press(control('u'), /Git repository +https:\/\/github.com\/you\/blog.git/);
	await press('https://github.com/you/microblog.git', 'microblog.git');
	await press(enter, 'can’t be read from here');
	expect(frame()).toContain('fatal: could not read Username');
	await press('e', /Git repository +https:\/\/github.com\/you/);
	await press(enter, 'can’t be read from here');
	await press('w', 'What is your app made of?');
	await press('f', 'question 2 of 7');
	await press('Bad Name', '! A domain such as');
	await press(enter, '! A domain such as');
	await press(control('u'), '! Domain is needed');
	await press('microblog.example.com', 'microblog.example.com');
	await press(enter, 'question 3 of 7');
	await press('jessica', 'jessica');
	await press(enter, '❯ Sudo password');
	expect(frame()).not.toContain('Without password');
	await press(control('d'), /Without password +○ yes +◉ no/);
	await press(control('d'), 'Sudo password');
	await press(enter, 'question 4 of 7');
	await see('jessica@laptop');
	await press(' ', '◉ ed25519');
	await press(enter, 'question 5 of 7');
	await press('p', '◉ postgresql');
	await press('3', '◉ sqlite');
	await press(enter, /❯ App name +microblog[\s\S]*question 6 of 7/);
	await press(enter, '❯ Git repository');
	await press(enter, '❯ Branch');
	await press(enter, 'question 7 of 7');
	await press(enter, 'The plan');
	await see('19 to do');
	expect(heard).toHaveBeenLastCalledWith(
		'remember',
		expect.objectContaining({answers: expect.objectContaining({...answers, database: 'sqlite'})}),
	);
});

test('the plan: steps are left out and taken in, opened, and edited', async () => {
	const heard = vi.fn();
	const {see, frame, press} = open({resumable, heard}, box);
	await see('stopped at “Database”');
	await see(/Harden SSH +guarded/);
	await press(home, /❯ ✓ Box is ready/);
	expect(frame()).toMatch(/Clock +in place/);
	await press(down, '❯ ✓ Clock');
	await press(down, '❯ ○ Swap file');
	await press(' ', /– Swap file +left out/);
	expect(heard).toHaveBeenLastCalledWith('remember', expect.objectContaining({leftOut: ['system/swap']}));
	await press(' ', '❯ ○ Swap file');
	await press(enter, '+PermitRootLogin no');
	await press(escapeKey, 'The plan');
	await press(down, '❯ ○ Host name');
	await press('e', '↵ done');
	await press(escapeKey, '❯ ○ Host name');
});

test('a plan with an answer missing says which, and goes there', async () => {
	const {see, press} = open({resumable: {...resumable, answers: {...answers, domain: ''}}}, box);
	await see('stopped at “Database”');
	await see('! Still missing: Domain is needed');
	await press('r', 'You need to own it');
});

test('what the box was found to have is decided before it runs, in the field that decides it', async () => {
	const {see, press} = open({resumable, existingUser: true}, box);
	await see('stopped at “Database”');
	await see('! jessica is a user of this box already.');
	await press('r', /❯ Without password[\s\S]*! jessica is a user of this box already/);
	await press('y', /Without password +◉ yes/);
	await press(enter, /The plan[\s\S]*to do/);
	await press('r', 'Setting up');
});

test('a run ends with the address, the way in, and passwords only when asked for', async () => {
	const {see, frame, press} = open({resumable}, box);
	await see('stopped at “Database”');
	await press('r', 'Your app is on the air');
	expect(frame()).toContain('https://microblog.example.com');
	expect(frame()).toContain('sudo supervisorctl restart microblog');
	expect(frame()).not.toContain('correct-horse-battery');
	await press('s', 'correct-horse-battery');
});

test('what only the person does once an app runs is a key there, and the end stays', async () => {
	const heard = vi.fn<NonNullable<FakeOptions['heard']>>();
	const words = ['python', 'manage.py', 'createsuperuser'];
	const title = 'Make the first user of Django’s admin';
	const firstThings = [{title, words, app: 'microblog', command: 'boxwizard run …'}];
	const wizard = {...fakeWizard({resumable, heard}), outcome: async () => ({...outcome, firstThings})};
	const {see, press} = openApp(wizard, box);
	await see('stopped at “Database”');
	await press('r', / 1 +Make the first user of Django’s admin[\s\S]* 1 do it now/);
	await press('1', /Make the first user[\s\S]*Done: python manage\.py createsuperuser/);
	expect(heard).toHaveBeenCalledWith('runInApp', 'microblog', {run: 'command', words});
});

test('what was really run stays one key away once it is over', async () => {
	const {see, press} = open({resumable, answers: {app: 'microblog'}, apps: [{name: 'microblog', kind: 'Flask'}]}, box);
	await see('stopped at “Database”');
	await press('r', 'Your app is on the air');
	await press('l', 'only commands');
	await press('g', 'Swap file');
	await press(escapeKey, 'Your app is on the air');
	await press('b', 'all commands');
	await press(':', 'What do you want to do?');
	await press('last run', /❯ Log of the last run/);
	await press(enter, 'only commands');
	await press('g', 'Swap file');
	await press(escapeKey, 'all commands');
	await press('c', /20 in place, 1 differs/);
	await press('l', 'only commands');
	await press(escapeKey, /20 in place, 1 differs/);
});

test('a guarded step shows its guard, the tail of its log, and the whole of it', async () => {
	const {see, frame, press} = open({resumable, rests: 'ssh/hardening'}, box);
	await see('stopped at “Database”');
	await press('r', 'Proving it: a fresh login');
	expect(frame()).toContain('without a fresh login the box takes this');
	expect(frame()).toContain('Setting up nginx');
	expect(frame()).toMatch(/7 of 21 · about \d min/);
	await press('l', /of 42/);
	await press('g', /1-\d+ of 42/);
	expect(frame()).toContain('Swap file');
	await press(escapeKey, 'Proving it: a fresh login');
});

test('DNS: the records to copy, and what is seen of them now', async () => {
	const {see, frame, press} = open({resumable, rests: 'dns/records'}, box);
	await see('stopped at “Database”');
	await press('r', 'microblog.example.com.  AAAA  2001:db8::7');
	await see(/1\.1\.1\.1 +A +not yet/);
	expect(frame()).toContain('Asking again every 5 s');
	await press('c', 'Copied, if your terminal lets programs copy');
	expect(frame()).toMatch(/^microblog\.example\.com\. {2}A {5}203\.0\.113\.7$/m);
	await press('x', 'Asking again');
});

test('a wait can be given up for the remedies of a failure, and ends when its screen goes', async () => {
	const heard = vi.fn();
	const {see, press} = open({resumable, waits: true, heard}, box);
	await see('stopped at “Database”');
	await press('r', 'A proxy has to be off');
	await press('s', 'r try again');
	expect(heard).not.toHaveBeenCalledWith('ended');
	await press(enter, 'on the air');

	const other = open({resumable, waits: true, heard}, box);
	await other.see('stopped at “Database”');
	await other.press('r', 'A proxy has to be off');
	heard.mockClear();
	cleanup();
	await vi.waitFor(() => expect(heard).toHaveBeenCalledWith('ended'));
});

test('what an earlier run left at work can be ended, after a second word', async () => {
	const heard = vi.fn();
	const {see, press} = open({resumable, hangs: true, heard}, box);
	await see('stopped at “Database”');
	await press('r', 'Still running on the box, from before');
	await see('x end it');
	await press('x', 'x again to end it');
	expect(heard).not.toHaveBeenCalledWith('stopJob');
	await press('x', 'Your app is on the air');
	expect(heard).toHaveBeenCalledWith('stopJob');
});

test('a failure whose cause is known is put right on its key, once what it asks for is typed', async () => {
	const heard = vi.fn();
	const {see, frame, press} = open({resumable, fails: 'app/code', knowsCause: true, heard}, box);
	await see('stopped at “Database”');
	await press('r', '1  Set STRIPE_KEY');
	expect(frame()).toMatch(/1 see the fix +r try again/);
	await press('1', 'It is written into .env.');
	await press(escapeKey, '1  Set STRIPE_KEY');
	await press('1', 'It is written into .env.');
	await press('sk_live_1', '•••');
	await press(enter, 'on the air');
	const [, reply] = heard.mock.calls.find(([what]) => what === 'reply') ?? [];
	expect(reply).toEqual({fix: 'fix/variable-stripe-key', typed: new Secret('sk_live_1')});
});

test('a failure is told with its proof; edit brings the form and its answers back to the engine', async () => {
	const heard = vi.fn();
	const {see, frame, press} = open({resumable, fails: 'app/code', heard}, box);
	await see('stopped at “Database”');
	await press('r', 'git could not clone');
	expect(frame()).toContain('fatal: repository not found');
	expect(frame()).toMatch(/r try again +e edit +s skip +u undo +q stop/);
	await press('e', '❯ App name');
	await press('2', 'microblog2');
	await press(enter, '❯ Git repository');
	await press(enter, '❯ Branch');
	await press(enter, 'on the air');
	expect(heard).toHaveBeenCalledWith(
		'reply',
		expect.objectContaining({action: 'edit', answers: expect.objectContaining({app: 'microblog2'})}),
		expect.anything(),
	);
});

test('Ctrl-C asks once and says how to go on; Escape stays and the run goes on', async () => {
	const {see, frame, press} = open({resumable, rests: 'ssh/hardening'}, box);
	await see('stopped at “Database”');
	await press('r', 'Proving it: a fresh login');
	await press(control('c'), 'Leave now?');
	expect(frame()).toContain('boxwizard setup root@203.0.113.7');
	await press(escapeKey, 'Proving it: a fresh login');
});

test('help lies over a screen and knows where one is; a question mark in a field is text', async () => {
	const {see, press} = open();
	await see('Your boxes');
	await press('?', 'Practice goes through the same steps');
	await press('x', 'Your boxes');
	await press('n', 'Which box?');
	await press('?', /Address +\?/);
	await press(control('g'), 'The address of the server');
	await press('x', /Address +\?/);
});

test('a check tells what differs and leads to the plan', async () => {
	const {see, press} = open({resumable}, box);
	await see('stopped at “Database”');
	await press(':', 'What do you want to do?');
	await press('check', /❯ Check/);
	await press(enter, '! Web server');
	await see('20 in place, 1 differs');
	await press(enter, 'The plan');
});

test('undo says first what can not come back', async () => {
	const {see, press} = open({resumable}, box);
	await see('stopped at “Database”');
	await press(':', 'What do you want to do?');
	await press('undo', /❯ Undo/);
	await press(enter, 'Upgraded packages stay upgraded');
	await see(/It drops the database “microblog”, once it is saved/);
	await press('yes', 'It is done only when this says microblog');
	await press(enter, 'It is done only when this says microblog');
	await press(control('u'), 'Its name is needed');
	await press('microblog', /Its name +microblog/);
	await press(enter, 'What was done is taken back');
});

test('keys: a private key is named, a pasted one joins the list', async () => {
	const {see, press} = open({answers, resumable}, box);
	await see('stopped at “Database”');
	await press(home, /❯ . Box is ready/);
	for (const _ of Array.from({length: 6})) await press(down, 'The plan');
	await press('e', 'Fetch from GitHub');
	await see('jessica@oldbox');
	await press('\u001b[200~-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n\u001b[201~', '! This is a private key');
	await press('\u001b[200~ssh-ed25519 AAAAC3 ann@desk\r\n\u001b[201~', /◉ ed25519 +ann@desk/);
});

test('no secret is ever part of a frame while it is typed', async () => {
	const {see, press, frame} = open({questions: ['password']}, box);
	await see('The password of root');
	await press('topsecret', '•••••••••');
	expect(frame()).not.toContain('topsecret');
	expect(String(new Secret('topsecret'))).not.toContain('topsecret');
});

test('keys: Escape leaves the line for a key before it leaves the step', async () => {
	const {see, press} = open({answers, resumable}, box);
	await see('stopped at “Database”');
	await press(home, /❯ . Box is ready/);
	for (const _ of Array.from({length: 6})) await press(down, 'The plan');
	await press('e', 'jessica@oldbox');
	await press(down, /❯ . rsa|❯ . ed25519/);
	await press(down, /❯ \+ Paste/);
	await press(enter, 'esc back to the list');
	await press(escapeKey, /❯ \+ Paste a public key/);
	await press(escapeKey, 'The plan');
});

test('a preview gives the form back as it was', async () => {
	const {see, press} = open({answers, resumable}, box);
	await see('stopped at “Database”');
	await press(home, /❯ . Box is ready/);
	for (const _ of Array.from({length: 5})) await press(down, 'The plan');
	await press('e', /❯ Your user/);
	await press(down, /❯ Sudo/);
	await press(control('p'), 'what it does');
	await press(escapeKey, /❯ Sudo/);
});
