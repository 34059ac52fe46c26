import {basename} from 'node:path';
import {BaseSequencer, type TestSpecification} from 'vitest/node';

/** Files that take longest, longest first: one that begins last would run on while nothing else is left. */
const longest = [
	'undo-cut',
	'troubleshoot',
	'samples',
	'bad-versions',
	'deploys',
	'programs',
	'kills',
	'guard-faults',
	'connection',
	'screens',
	'several-apps',
	'renewals',
	'services-history',
	'ledger',
	'faults',
	'environment',
	'python-packages',
];

/** Vitest's own order but for these; where it has seen no run yet it knows nothing but their sizes. */
export class LongestFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const place = ({moduleId}: TestSpecification) => {
			const found = longest.indexOf(basename(moduleId).replace(/\.test\.tsx?$/, ''));
			return found < 0 ? longest.length : found;
		};
		const byGroup = (file: TestSpecification) => file.project.config.sequence.groupOrder;
		const sorted = await super.sort(files);
		return sorted.sort((one, other) => byGroup(one) - byGroup(other) || place(one) - place(other));
	}
}
