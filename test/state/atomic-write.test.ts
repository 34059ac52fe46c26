import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {writeWhole} from '../../source/state/atomic-write.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxwizard-whole-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

test('what a writer left that was killed in the middle goes at the next write; that of one at work stays', () => {
	const file = join(folder, 'secrets.json');
	const {pid: ended} = spawnSync('true');
	for (const name of [`secrets.json.${ended}.new`, `secrets.json.${process.ppid}.new`, `other.json.${ended}.new`]) {
		writeFileSync(join(folder, name), 'half');
	}

	writeWhole(file, 'whole');
	expect(readFileSync(file, 'utf8')).toBe('whole');
	expect(readdirSync(folder).toSorted()).toEqual(
		['secrets.json', `secrets.json.${process.ppid}.new`, `other.json.${ended}.new`].toSorted(),
	);
});
