import {globSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {judge} from '../../../steps/schema/judge.ts';
import type {Engine, MigrationTool} from '../../../steps/schema/operation.ts';
import {fileOf, lineOfConcern, lineOfNotice, linesOfDowngrade, type Written} from './histories.ts';

/** A file of cases: what an older release has, what came since, and how that is judged. */
type CaseFile = {
	readonly tool: MigrationTool;
	readonly cases: readonly {
		readonly name: string;
		readonly engine?: Engine;
		readonly old: Readonly<Record<string, Written>>;
		readonly since: Readonly<Record<string, Written>>;
		/** Names that today's release has no more. */
		readonly without?: readonly string[];
		/** What the database was at then, and is at now, where that is known. */
		readonly after?: readonly string[];
		readonly now?: readonly string[];
		readonly verdict: 'fits' | 'downgrade' | 'dump';
		readonly concerns?: readonly string[];
		readonly notices?: readonly string[];
		/** What is taken back; for a dump, what could be. */
		readonly back?: readonly string[];
		readonly until?: readonly string[];
		readonly tables?: readonly string[];
		readonly because?: readonly string[];
	}[];
};

const folder = new URL('cases/', import.meta.url).pathname;

for (const name of globSync('*.json', {cwd: folder}).sort()) {
	const file: CaseFile = JSON.parse(readFileSync(folder + name, 'utf8'));
	describe(name, () => {
		test.each(file.cases)('$name', one => {
			const files = (written: Readonly<Record<string, Written>>) =>
				Object.entries(written).map(([called, migration]) => fileOf(file.tool, called, migration));
			const today = Object.fromEntries(
				Object.entries({...one.old, ...one.since}).filter(([called]) => !one.without?.includes(called)),
			);
			const judgement = judge({
				tool: file.tool,
				engine: one.engine ?? 'postgresql',
				releases: [
					{id: 'old', files: files(one.old), ...(one.after && {after: one.after})},
					{id: 'today', files: files(today)},
				],
				to: 'old',
				...(one.now && {now: one.now}),
			});
			expect(judgement.concerns.map(lineOfConcern)).toEqual(one.concerns ?? []);
			expect(judgement.verdict).toBe(one.verdict);
			expect(judgement.notices.map(lineOfNotice)).toEqual(one.notices ?? []);
			expect(linesOfDowngrade(judgement)).toEqual(one.back);
			if (one.until) expect(judgement.verdict === 'downgrade' && judgement.downgrade.until).toEqual(one.until);
			if (one.tables) expect(judgement.verdict === 'dump' && judgement.tables).toEqual(one.tables);
			if (one.because)
				expect(judgement.verdict === 'dump' && judgement.because.map(({says}) => says)).toEqual(one.because);
		});
	});
}
