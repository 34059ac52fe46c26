import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {processes} from '../../options/detectedOptions.ts';
import {options} from '../../options/shared.ts';
import {programIn, programsOf, programsOnBox} from '../../process/programs.ts';
import {readLiveSlot} from '../../process/slots.ts';
import {askSupervisor, supervisedIn} from '../../process/supervisor.ts';
import {logPath} from '../../process/supervisorProgram.ts';
import {shownUnits} from '../../system/shownUnits.ts';
import {linesOf} from '../words.ts';

/** Between two attempts, a program that dies at each start is 'activating' too (systemd.service(5), Restart=). */
const up = /^\S+ (?:RUNNING|STARTING|active|reloading|activating (?!auto-restart))/;

/** The app and its worker, as whoever keeps them running sees them. */
export const processDown = defineExamination({
	id: 'process/down',
	title: 'The app’s programs',
	options: z.object({app: options.app, queue: options.queue, supervisor: options.supervisor, processes}),
	async look($, answers) {
		const manager = answers.supervisor;
		const [slot, stated] = await Promise.all([
			readLiveSlot($, answers.app),
			manager === 'supervisor'
				? askSupervisor($).then(statesOf)
				: $`systemctl show --property=Id,ActiveState,SubState -- ${programsOnBox(answers).map(name => `${name}.service`)}`.then(
						stateLines,
					),
		]);
		const lines = linesOf(stated);
		const down = programsOf(answers).flatMap(name => {
			const program = programIn(slot, answers.app, name);
			const line = lines.find(text => text.split(/\s+/)[0] === program);
			return up.test(line ?? '') ? [] : [{name, program, line: line ?? `${program}: unknown`}];
		});
		if (down.length === 0) return {down, manager, said: []};
		const names = down.map(({program}) => program);
		const said = await (manager === 'supervisor'
			? $`tail --quiet --lines=80 -- ${names.map(logPath)}`
			: $`journalctl ${names.map(name => `--unit=${name}`)} --lines=80 --output=cat --no-pager --quiet`);
		return {down, manager, said: linesOf(said)};
	},
	judge({down, said}) {
		if (down.length === 0) return undefined;
		return {
			severity: 'bad',
			title:
				down.length === 1 ? `${down[0]?.name} does not run` : `${down.map(({name}) => name).join(' and ')} do not run`,
			means: 'Visitors get an error from nginx, or background jobs wait.',
			evidence: down.map(({line}) => line),
			next: 'If it does not stay up, boxwizard troubleshoot HOST says why.',
			said,
		};
	},
	fix: ({down, manager}) => ({
		title: `Start ${down.map(({name}) => name).join(' and ')}`,
		why: 'It is started as at boot. If it ends again, its own words say why: boxwizard troubleshoot HOST.',
		apply($) {
			const names = down.map(({program}) => program);
			if (manager === 'supervisor') $`supervisorctl start ${names}`;
			else $`systemctl start ${names}`;
		},
		notUndone: 'A program that runs is left running.',
	}),
});

/** 'microblog active running' for each unit. */
function stateLines(answer: string): string {
	return shownUnits(answer)
		.map(({id, value}) => `${id.replace(/\.service$/, '')} ${value('ActiveState')} ${value('SubState')}`)
		.join('\n');
}

/** 'microblog RUNNING pid 71, uptime 0:21:46' for each program. */
function statesOf(answer: string): string {
	return supervisedIn(answer)
		.map(({name, state, description}) => `${name} ${state} ${description}`)
		.join('\n');
}
