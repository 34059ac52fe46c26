import {cpus, totalmem} from 'node:os';
import {type Kind, undoKinds} from '../point.ts';
import {inWords} from '../table.ts';
import {commands} from './box.ts';
import type {UndoWalk} from './walk.ts';

/** Everything that a long run found out so far. */
export type UndoFindings = {
	/** ISO 8601, of the last walk. */
	readonly at: string;
	readonly walks: readonly UndoWalk[];
	/** Seeds whose point no walk came to. */
	readonly unmet: readonly number[];
};

/** What was found, as Markdown: a chapter of its own. */
export function undoKillsTable({at, walks, unmet}: UndoFindings): string {
	const met = walks.flatMap(walk => walk.struck).filter(({met}) => met);
	const [processor] = cpus();
	const wrong = walks.filter(walk => walk.faults.length > 0).length;
	return [
		undoTitle,
		'',
		'Written by `npm run test:undo-kills`; not edited by hand. A box with three apps (under supervisor with MariaDB, a worker and a',
		'timer; under systemd with PostgreSQL, two programs and a timer; with SQLite) is set up once, and had back for each of the tables.',
		'Each seed cuts `undo --all` or `remove blog` off at one point; then the same command is given again, sometimes with another one',
		'in between. At its end the box is compared with one on which nobody disturbed that command.',
		'',
		`- ${at.slice(0, 16).replace('T', ' ')} UTC; ${cpus().length} cores (${processor?.model.trim() ?? ''}), ${Math.round(totalmem() / 2 ** 30)} GB of memory; Node ${process.versions.node}`,
		`- Points met: ${met.length}, on ${walks.length} boxes; boxes that ended otherwise than undisturbed: ${wrong}`,
		...(unmet.length > 0
			? [`- Seeds whose moment never came (their step was over before it): ${unmet.join(', ')}`]
			: []),
		'',
		'| kind | where | points met |',
		'|---|---|---|',
		...(Object.keys(undoKinds) as Kind[]).map(
			kind => `| ${kind} | ${undoKinds[kind]} | ${met.filter(({point}) => point.kind === kind).length} |`,
		),
		'',
		...walks.flatMap((walk, index) => walkLines(walk, index + 1)),
	].join('\n');
}

export const undoTitle = '# Cut off in an undo, and gone on with';

function walkLines({command, struck, faults, seconds}: UndoWalk, number: number): string[] {
	return [
		`## Undo ${number}: \`${command} ${commands[command][0]}\`, ${seconds.toFixed(0)} s`,
		'',
		faults.length === 0
			? 'Same packages, files, modes, owners, users, units, firewall, sshd settings, databases and logins as undisturbed.'
			: 'Otherwise than undisturbed:',
		...faults.slice(0, 40).map(fault => `- \`${fault.replaceAll('`', "'").slice(0, 300)}\``),
		'',
		'| seed | step | point | between | how its step went on |',
		'|---|---|---|---|---|',
		...struck
			.filter(({met}) => met)
			.map(({point, wentOn}) => `| ${point.seed} | ${point.step} | ${inWords(point)} | ${point.between} | ${wentOn} |`),
		'',
	];
}
