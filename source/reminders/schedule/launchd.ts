import {existsSync, rmSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {writeWhole} from '../../state/atomic-write.ts';
import {must} from './run-program.ts';
import {type Scheduler, scheduleName} from './scheduler.ts';
import {markup} from './xml.ts';

/**
 * launchd.plist(5): an agent of the person. What was slept through is made up for when the Mac wakes, and what passed while
 * it was off is not: hence several times a day.
 */
export const launchd: Scheduler = {
	name: 'launchd',
	when: 'every four hours, or as soon as the Mac wakes after that',
	async works(run) {
		return process.platform === 'darwin' && (await run(['launchctl', 'version'])).code === 0;
	},
	async install(run, words) {
		const domain = `gui/${process.getuid?.()}`;
		writeWhole(agentPath(), agent(words));
		// One that is loaded already is not replaced.
		await run(['launchctl', 'bootout', `${domain}/${scheduleName}`]);
		await must(run, ['launchctl', 'bootstrap', domain, agentPath()]);
	},
	async remove(run) {
		if (!existsSync(agentPath())) return;
		await run(['launchctl', 'bootout', `gui/${process.getuid?.()}/${scheduleName}`]);
		rmSync(agentPath(), {force: true});
	},
	async installed(run) {
		return (await run(['launchctl', 'print', `gui/${process.getuid?.()}/${scheduleName}`])).code === 0;
	},
};

export function agentPath(): string {
	return join(homedir(), 'Library', 'LaunchAgents', `${scheduleName}.plist`);
}

const hours = [0, 4, 8, 12, 16, 20] as const;

function moment(hour: number): string {
	return `		<dict>
			<key>Hour</key>
			<integer>${hour}</integer>
			<key>Minute</key>
			<integer>17</integer>
		</dict>`;
}

function agent(words: readonly string[]): string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>${scheduleName}</string>
	<key>ProgramArguments</key>
	<array>
${words.map(word => `\t\t<string>${markup(word)}</string>`).join('\n')}
	</array>
	<key>StartCalendarInterval</key>
	<array>
${hours.map(moment).join('\n')}
	</array>
</dict>
</plist>
`;
}
