import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import type {Hand, Probe} from '../../../source/contract/step.ts';
import {options} from '../../options/shared.ts';
import {pidFile, reloadSshd} from '../../ssh/reload.ts';
import {mainConfig} from '../../ssh/sshdConfig.ts';
import {readSshd} from '../../system/sshd.ts';
import {linesOf} from '../words.ts';

/** Forgotten after each edit of sshd_config: sshd goes on with what it has read. */
export const sshReload = defineExamination({
	id: 'ssh/reload',
	title: 'sshd and its configuration',
	options: z.object({user: options.user, sshPort: options.sshPort}),
	async look($, {user}) {
		const [newer, since, tested, settings] = await Promise.all([
			$`[ -e ${pidFile} ] && TZ=UTC find ${mainConfig} /etc/ssh/sshd_config.d -name ${'sshd_config'} -newer ${pidFile} -printf '%p, changed %TF %.8TT UTC\n' -o -name ${'*.conf'} -newer ${pidFile} -printf '%p, changed %TF %.8TT UTC\n'`,
			$`date -u -r ${pidFile} '+%F %T UTC'`,
			$`sshd -t 2>&1 || echo refused`,
			readSshd($, user),
		]);
		return {
			newer: linesOf(newer),
			since,
			faults: linesOf(tested),
			ports: (settings.port ?? []).map(Number),
			keys: settings.pubkeyauthentication?.[0] ?? '',
			only: settings.allowusers ?? [],
		};
	},
	judge({newer, since, faults, ...door}, options) {
		if (faults.includes('refused')) {
			return {
				severity: 'bad',
				title: 'sshd can’t read its configuration any more',
				means: 'It runs on with the old one. At its next start, at the latest at a reboot, nobody gets in.',
				evidence: faults.filter(line => line !== 'refused'),
				next: 'Mend the file that is named, then look again. Don’t restart ssh or reboot before.',
			};
		}

		if (newer.length === 0) return undefined;
		const shut = wouldShutOut(door, options);
		return {
			severity: shut === undefined ? 'warning' : 'bad',
			title: 'sshd runs with an older configuration than the one on disk',
			means:
				shut ??
				'What was changed does nothing yet, and will take effect by surprise at the next restart of ssh or of the box.',
			evidence: [`sshd has read its configuration last: ${since}`, ...newer],
			...(shut !== undefined && {next: 'Mend these files first: restarting ssh now would lock you out.'}),
		};
	},
	fix: (facts, options) => reload(facts, options),
});

type Door = {readonly ports: readonly number[]; readonly keys: string; readonly only: readonly string[]};

/** Why the admin user would not get in with the new configuration. */
function wouldShutOut({ports, keys, only}: Door, {user, sshPort}: {user: string; sshPort: number}): string | undefined {
	if (keys !== 'yes') return 'The new configuration takes no keys: you would not get in any more.';
	if (!ports.includes(sshPort)) return `The new configuration leaves port ${sshPort}, which you come in by.`;
	const named = only.some(pattern => ['*', user].includes(pattern.split('@')[0] ?? ''));
	return only.length === 0 || named ? undefined : `The new configuration lets in only ${only.join(', ')}, not ${user}.`;
}

function reload(facts: Door & {readonly faults: readonly string[]}, options: {user: string; sshPort: number}) {
	if (facts.faults.includes('refused') || wouldShutOut(facts, options) !== undefined) return undefined;
	return {
		title: 'Reload ssh',
		why: 'sshd checks the configuration first, then reads it anew. Open connections stay, and a fresh login proves the door.',
		apply($: Hand) {
			$`sshd -t`;
			reloadSshd($, 'reload');
		},
		notUndone: 'What sshd has read stays read: change the files back and reload again.',
		verify: ($: Probe) => $.outside.login(options.user),
	};
}
