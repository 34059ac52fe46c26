import {afterEach, expect, test} from 'vitest';
import type {Resumable} from '../../source/contract/ui/setup.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import {fakeWizard} from './fake/fake-wizard.ts';
import {cleanup} from './ink.ts';
import {openApp} from './open-app.tsx';

afterEach(cleanup);

const enter = '\r';
const down = '\u001b[B';
const escapeKey = '\u001b';

const finished: Resumable = {
	kind: 'python',
	title: 'Flask app',
	answers: {app: 'gt', domain: 'gt.example.org', repository: 'https://git.example.org/gt.git'},
	leftOut: [],
	done: 30,
	total: 30,
	running: false,
};

/** A box that is set up, with one app; the names of releases that were gone back to. */
function open() {
	const taken: string[] = [];
	const apps = [{name: 'gt', kind: 'Flask app', domain: 'gt.example.org'}];
	const before = fakeWizard({apps});
	const wizard: Wizard = {
		...before,
		kinds: () => [{name: 'python', title: 'Flask app', description: 'Python'}],
		open: async (target, ask, progress) => ({
			...(await before.open(target, ask, progress)),
			resumable: finished,
			apps,
		}),
		setupFor: app => ({kind: 'python', answers: {...finished.answers, app}, leftOut: []}),
		async *rollback(_setup, release) {
			taken.push(release);
			yield {type: 'planned', name: 'python', steps: [{id: 'app/code', title: 'Your app', why: ''}]};
			yield {type: 'live', step: 'app/code', id: '3f2a91cb', title: 'Old form', isNew: true, seconds: 1};
			return {changed: ['app/code'], inPlace: [], skipped: [], failed: [], seconds: 2};
		},
	};
	return {taken, ...openApp(wizard, {at: 'box', target: 'jessica@203.0.113.7'})};
}

test('v lists the releases of the app under the hand, and one of before takes over again once it is seen to fit', async () => {
	const {see, press, frame, taken} = open();
	await see('gt');
	await press('v', 'Releases of gt');
	await see(/2026-11-28 12:46:02 +88b0e12a +Try new form \(live\)/);
	expect(frame()).toMatch(/2026-11-27 09:15:00 +3f2a91cb +Old form/);
	await press(down, /❯ 2026-11-27/);
	await press(enter, 'Take gt back?');
	await see(/The database and the settings stay/);
	await press(enter, '✓ gt is live as it was: 3f2a91c Old form');
	expect(taken).toEqual(['20261127T091500']);
});

test('one that does not fit says why, and can’t be gone back to', async () => {
	const {see, press, frame, taken} = open();
	await see('gt');
	await press('v', 'Older form');
	await press(down, /❯ 2026-11-27/);
	await press(down, /❯ 2026-11-26/);
	await press(enter, 'posts.title was renamed to heading');
	expect(frame()).not.toMatch(/roll back/);
	await press(enter, 'Take gt back?');
	await press(escapeKey, 'Releases of gt');
	expect(taken).toEqual([]);
});
