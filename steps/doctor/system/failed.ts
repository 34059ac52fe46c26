import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import {atMost, linesOf, several} from '../words.ts';
import {readOddUnits} from './units.ts';

/** What another examination speaks of in its own words, as one does of the jobs of apps. */
const others = ['certbot.service', 'snap.certbot.renew.service'];

/** Units that systemd has given up. */
export const systemFailed = defineExamination({
	id: 'system/failed',
	title: 'Services that have failed',
	options: z.object({}),
	async look($) {
		const [odd, words] = await Promise.all([
			readOddUnits($),
			$`systemctl list-units --failed --plain --no-legend --full | awk '{print $1}' | head -n 8 | while read -r unit; do journalctl --unit="$unit" --lines=2 --output=cat --no-pager --quiet | sed "s/^/$unit: /"; done`,
		]);
		const failed = odd.filter(unit => unit.failed && !unit.isJob && !unit.isTried && !others.includes(unit.name));
		return {
			failed: failed.map(({name, result}) => ({name, result})),
			words: linesOf(words).filter(line => failed.some(({name}) => line.startsWith(`${name}: `))),
		};
	},
	judge({failed, words}) {
		if (failed.length === 0) return undefined;
		return {
			severity: 'bad',
			title: `${several(failed.length, 'service has', 'services have')} failed`,
			means: 'systemd has given up starting it, or it ended with an error.',
			evidence: [
				...atMost(failed.map(({name, result}) => `${name}: failed (${result})`)),
				...atMost(words.map(line => line.slice(0, 200))),
			],
			next: 'boxwizard logs HOST --only system shows what it said.',
		};
	},
	fix: ({failed}) => ({
		title: several(failed.length, 'Start it again', 'Start them again').replace(/^\d+ /, ''),
		why: 'A fault that has passed does not come back. One that has not shows itself again, with its words.',
		apply($) {
			const names = failed.map(({name}) => name);
			$`systemctl reset-failed -- ${names}`;
			$`systemctl restart -- ${names}`;
		},
		notUndone: 'A service that runs is left running.',
		async verify($) {
			const names = failed.map(({name}) => name);
			const again = (await readOddUnits($)).filter(unit => unit.failed && names.includes(unit.name));
			if (again.length === 0) return;
			throw new Trouble({
				what: `${again.map(({name}) => name).join(' and ')} failed again.`,
				means: 'What ails it has not passed. It stays as it was.',
				next: 'Its last lines say why: boxwizard logs HOST --only system',
				evidence: linesOf(await $`journalctl --unit=${again[0]?.name ?? ''} --lines=8 --output=cat --no-pager`),
				code: 'failed-again',
			});
		},
	}),
});
