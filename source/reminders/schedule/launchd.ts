import {existsSync, rmSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {writeWhole} from '../../whole-file.ts';
import {must} from './run-program.ts';
import {type Scheduler, scheduleName} from './scheduler.ts';
import {markup} from './xml.ts';

/** launchd.plist(5): an agent of the person. Days that were slept through are made up for when the Mac wakes. */
export const launchd: Scheduler = {
	name: 'launchd',
	when: 'daily at 10:00, or as soon as the Mac wakes after that',
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
	<dict>
		<key>Hour</key>
		<integer>10</integer>
		<key>Minute</key>
		<integer>0</integer>
	</dict>
</dict>
</plist>
`;
}
