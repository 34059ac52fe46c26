import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {findApp, type Said} from '../../../source/cli/detection/find-app.ts';
import {cloneHere, standingIn} from '../../../source/cli/detection/read-app.ts';
import {treeOfTexts} from '../../../source/detection/tree.ts';
import {catalogue} from '../../../steps/index.ts';

const repository = 'https://example.org/shop.git';
const app = 'from flask import Flask\napp = Flask(__name__)\n';
const two = treeOfTexts('shop', {
	'api/requirements.txt': 'flask\n',
	'api/app.py': app,
	'web/requirements.txt': 'flask\n',
	'web/app.py': app,
});
const find = (said: Said) => findApp(catalogue, repository, {tree: two, isRead: 'at the address'}, said);

it('takes the app of the folder that the person stands in, and asks all the same', () => {
	expect(find({}).app?.folder).toBe('api');
	const found = find({standing: 'web'});
	expect(found.app?.folder).toBe('web');
	expect(found.answers.folder).toBe('web');
	expect(found.questions.find(({about}) => about === 'app')?.choices).toEqual(['web (Flask app)', 'api (Flask app)']);
});

it('takes the part that is said over the one they stand in, and no folder without an app', () => {
	expect(find({standing: 'web', set: {app: 'api (Flask app)'}}).app?.folder).toBe('api');
	expect(find({standing: 'docs'}).app?.folder).toBe('api');
	expect(find({standing: 'web', folder: 'api'}).app?.folder).toBe('api');
});

it('knows where in a clone of it the person stands', () => {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'boxwizard-clone-')));
	try {
		mkdirSync(join(folder, 'web/static'), {recursive: true});
		execFileSync('git', ['-C', folder, 'init', '-q']);
		execFileSync('git', ['-C', folder, 'remote', 'add', 'origin', repository]);
		expect(standingIn(cloneHere(join(folder, 'web')), repository)).toEqual({standing: 'web'});
		expect(standingIn(cloneHere(join(folder, 'web')), 'https://example.org/other.git')).toEqual({});
		expect(standingIn(cloneHere(folder), repository)).toEqual({});
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
});
