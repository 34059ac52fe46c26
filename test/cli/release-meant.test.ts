import {expect, test} from 'vitest';
import {releaseMeant} from '../../source/cli/target/release-meant.ts';
import type {Release} from '../../source/contract/release.ts';
import {troubleOf} from '../fixtures/refused.ts';

const release = (name: string, id: string, more: Partial<Release> = {}): Release => ({
	name,
	id: id.padEnd(40, '0'),
	title: name,
	isLive: false,
	isWhole: true,
	...more,
});

const newest = release('20261128T120000', 'dddd');
const live = release('20261127T120000', 'cccc', {isLive: true});
const broken = release('20261126T120000', 'bbbb', {isWhole: false});
const before = release('20261125T120000', 'aaaa');
const again = release('20261124T120000', 'aaaa');
const all = [newest, live, broken, before, again];

test.each([
	['nothing named: the newest whole one before the live one', undefined, before],
	['by its name', '20261128T120000', newest],
	['by the beginning of its commit', 'dddd', newest],
	['a commit that went live twice', 'aaaa', before],
])('%s', (_, named, expected) => {
	expect(releaseMeant(all, named)).toBe(expected);
});

test.each([
	['the live one', 'cccc', 'release-is-live'],
	['one whose packages are gone', '20261126T120000', 'no-release'],
	['one that is not there', 'eeee', 'no-release'],
	['what is no commit', '$(id)', 'no-release'],
])('%s is refused', (_, named, code) => {
	expect(troubleOf(() => releaseMeant(all, named)).code).toBe(code);
});

test('there is none before the first', () => {
	expect(troubleOf(() => releaseMeant([live], undefined)).code).toBe('no-release-before');
	expect(troubleOf(() => releaseMeant([], undefined)).code).toBe('no-release-before');
});
