import {cpus, totalmem} from 'node:os';
import {type Kind, kinds, type Point} from './point.ts';
import type {StepProfile} from './profile.ts';
import type {Struck, Walk} from './walk.ts';

/** Everything that a long run found out so far. */
export type Findings = {
	/** ISO 8601, of the last walk. */
	readonly at: string;
	readonly profiles: readonly StepProfile[];
	readonly walks: readonly Walk[];
	/** Seeds whose point no walk came to. */
	readonly unmet: readonly number[];
};

export const killsTitle = '# Killed and set up again';

/** What was found, as Markdown: a chapter of its own. */
export function killsTable({at, profiles, walks, unmet}: Findings): string {
	const met = walks.flatMap(walk => walk.struck).filter(({met}) => met);
	const boundaries = new Set(met.flatMap(({point}) => (point.kind === 'boundary' ? [point.step] : [])));
	const missing = profiles.filter(step => !boundaries.has(step.id)).map(step => step.id);
	const [processor] = cpus();
	return [
		killsTitle,
		'',
		'Written by `npm run test:kills`; not edited by hand. Each seed kills a set-up (SIGKILL, with its children) at one point,',
		'some cut the box’s power there too; then the same set-up is started again. Several seeds follow each other along one',
		'box. At its end the box is compared with one that was set up undisturbed.',
		'',
		`- ${at.slice(0, 16).replace('T', ' ')} UTC; ${cpus().length} cores (${processor?.model.trim() ?? ''}), ${Math.round(totalmem() / 2 ** 30)} GB of memory; Node ${process.versions.node}`,
		`- Points met: ${met.length}, on ${walks.length} boxes; boxes that ended otherwise than undisturbed: ${walks.filter(walk => walk.faults.length > 0).length}`,
		`- Boundaries met: ${boundaries.size} of ${profiles.length}${missing.length > 0 ? ` (not: ${missing.join(', ')})` : ''}`,
		...(unmet.length > 0
			? [`- Seeds whose moment never came (their step was over before it): ${unmet.join(', ')}`]
			: []),
		'',
		'| kind | where | points met |',
		'|---|---|---|',
		...Object.entries(kinds).map(([kind, where]) => `| ${kind} | ${where} | ${countOf(met, kind as Kind)} |`),
		'',
		...walks.flatMap((walk, index) => walkLines(walk, index + 1)),
	].join('\n');
}

function countOf(met: readonly Struck[], kind: Kind): number {
	return met.filter(({point}) => point.kind === kind).length;
}

function walkLines({struck, faults, seconds}: Walk, number: number): string[] {
	return [
		`## Box ${number}, ${seconds.toFixed(0)} s`,
		'',
		faults.length === 0
			? 'Same packages, marks, files, modes, owners, users, units, firewall and sshd settings as undisturbed; nothing ran twice; a further set-up changed nothing; `check` found all in place.'
			: 'Otherwise than undisturbed:',
		...faults.slice(0, 40).map(fault => `- \`${fault.replaceAll('`', "'").slice(0, 300)}\``),
		'',
		'| seed | step | point | how its step went on |',
		'|---|---|---|---|',
		...struck
			.filter(({met}) => met)
			.map(({point, wentOn}) => `| ${point.seed} | ${point.step} | ${inWords(point)} | ${wentOn} |`),
		'',
	];
}

/** 'power, 40 %' */
export function inWords({kind, share}: Point): string {
	return ['boundary', 'start', 'unheard'].includes(kind) ? kind : `${kind}, ${Math.round(share * 100)} %`;
}
