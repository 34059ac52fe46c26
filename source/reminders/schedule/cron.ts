import {quote} from '../../contract/command.ts';
import {must} from './run-program.ts';
import {type RunProgram, type Scheduler, scheduleName} from './scheduler.ts';

/** By what the line is known again; the shell takes it for a comment. */
const mark = `# ${scheduleName}`;

/** crontab(1) of the person. A time that was slept through is lost, hence several a day: each date is told once all the same. */
export const cron: Scheduler = {
	name: 'cron',
	when: 'every four hours',
	async works(run) {
		return (await run(['crontab', '-l'])).code !== 127;
	},
	async install(run, words) {
		const before = await readTable(run);
		const table = withLine(before, words);
		if (table !== before) await must(run, ['crontab', '-'], table);
	},
	async remove(run) {
		const before = await readTable(run);
		const table = withoutLine(before);
		if (table === before) return;
		// An empty table is taken away: one that was never there is as it was.
		if (table === '') await must(run, ['crontab', '-r']);
		else await must(run, ['crontab', '-'], table);
	},
	async installed(run) {
		return (await readTable(run)).includes(mark);
	},
};

/** '' where there is no table. */
async function readTable(run: RunProgram): Promise<string> {
	const {code, stdout} = await run(['crontab', '-l']);
	return code === 0 ? stdout : '';
}

/** The table with the one line of ours, last. Pure. */
export function withLine(table: string, words: readonly string[]): string {
	const others = withoutLine(table);
	const separator = others === '' || others.endsWith('\n') ? '' : '\n';
	// crontab(5): an unquoted % ends the command.
	const command = words.map(quote).join(' ').replaceAll('%', '\\%');
	return `${others}${separator}17 */4 * * * ${command} ${mark}\n`;
}

/** The table without it; all other lines stay as they are. Pure. */
export function withoutLine(table: string): string {
	return table
		.split(/(?<=\n)/)
		.filter(line => !line.trimEnd().endsWith(mark))
		.join('');
}
