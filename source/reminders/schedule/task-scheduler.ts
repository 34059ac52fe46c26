import {rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {ownFolder} from '../../renewals/memory.ts';
import {must} from './run-program.ts';
import {type Scheduler, scheduleName} from './scheduler.ts';
import {markup} from './xml.ts';

/** Windows' Task Scheduler, by schtasks.exe. A day that was slept through is made up for (StartWhenAvailable). */
export const taskScheduler: Scheduler = {
	name: 'Task Scheduler',
	when: 'daily at 10:00, or as soon as the machine runs after that',
	async works(run) {
		return process.platform === 'win32' && (await run(['schtasks', '/Query'])).code === 0;
	},
	async install(run, words) {
		const path = join(ownFolder(), `${scheduleName}.xml`);
		// schtasks reads UTF-16 with a byte order mark.
		writeFileSync(path, `\ufeff${task(words)}`, {encoding: 'utf16le', mode: 0o600});
		try {
			await must(run, ['schtasks', '/Create', '/TN', scheduleName, '/XML', path, '/F']);
		} finally {
			rmSync(path, {force: true});
		}
	},
	async remove(run) {
		if (await taskScheduler.installed(run)) await must(run, ['schtasks', '/Delete', '/TN', scheduleName, '/F']);
	},
	async installed(run) {
		return (await run(['schtasks', '/Query', '/TN', scheduleName])).code === 0;
	},
};

/** The task as Task Scheduler's schema 1.2 has it. Pure. */
export function task([program = '', ...words]: readonly string[]): string {
	return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>boxwizard: looks every day when certificates, domains and systems end</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2026-01-01T10:00:00</StartBoundary>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Settings>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT10M</ExecutionTimeLimit>
  </Settings>
  <Actions>
    <Exec>
      <Command>${markup(program)}</Command>
      <Arguments>${markup(words.map(quoteWord).join(' '))}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
}

/** A word of a Windows command line. No path holds a quotation mark there. */
function quoteWord(word: string): string {
	return /[\s]/.test(word) ? `"${word}"` : word;
}
