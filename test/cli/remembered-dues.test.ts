import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test, vi} from 'vitest';
import {knownBoxes} from '../../source/cli/boxes/known-boxes.ts';
import {rememberedDues} from '../../source/cli/boxes/remembered-dues.ts';
import {emptySection, type JournalState} from '../../source/state/journal-state.ts';

test('the list of boxes and what ends next on them come of journals that were read once', () => {
	const folder = mkdtempSync(join(tmpdir(), 'boxwizard-dues-'));
	vi.stubEnv('BOXWIZARD_HOME', folder);
	try {
		const expires = new Date(Date.now() + 5.5 * 86_400_000).toISOString();
		const blog = {
			...emptySection,
			kind: 'python',
			answers: {app: 'blog', domain: 'blog.example.com'},
			certificateExpires: expires,
		};
		const state: JournalState = {
			version: 5,
			host: '203.0.113.7',
			port: 22,
			user: 'root',
			box: emptySection,
			apps: {blog},
		};
		// No file says so: what is told can only come of what was read.
		expect(readdirSync(folder)).toEqual([]);
		expect(knownBoxes({box: [], afterApps: [], kinds: []}, [state]).map(({label}) => label)).toEqual([
			'blog.example.com',
		]);
		expect(rememberedDues([state]).map(({label, dues}) => [label, dues.map(({days}) => days)])).toEqual([
			['blog.example.com', [5]],
		]);
	} finally {
		vi.unstubAllEnvs();
		rmSync(folder, {recursive: true});
	}
});
