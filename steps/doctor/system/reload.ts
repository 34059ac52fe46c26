import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {atMost, several} from '../words.ts';
import {readOddUnits} from './units.ts';

/** Forgotten after each edit of a unit: systemd goes on with what it has read. */
export const systemReload = defineExamination({
	id: 'system/reload',
	title: 'systemd and its unit files',
	options: z.object({}),
	look: async $ => ({stale: (await readOddUnits($)).filter(unit => unit.stale).map(unit => unit.name)}),
	judge({stale}) {
		if (stale.length === 0) return undefined;
		return {
			severity: 'warning',
			title: `systemd has not read the changed files of ${several(stale.length, 'unit')}`,
			means: 'What was changed does nothing yet, and takes effect by surprise at the next boot.',
			evidence: atMost(stale.map(name => `${name}: changed on disk, daemon-reload needed`)),
		};
	},
	fix: ({stale}) => {
		const services = stale.filter(name => name.endsWith('.service'));
		return {
			title: 'Read them, and restart what changed',
			why: `${services.length === 0 ? 'Nothing' : services.join(', ')} is interrupted, for about a second.`,
			apply($) {
				$`systemctl daemon-reload`;
				if (services.length > 0) $`systemctl try-restart -- ${services}`;
			},
			notUndone: 'What systemd has read stays read: change the files back and do it again.',
		};
	},
});
