import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import type {Hand} from '../../../source/contract/step.ts';
import {options} from '../../options/shared.ts';
import {hardening, openDoors} from '../../ssh/hardening.ts';
import {reloadSshd} from '../../ssh/reload.ts';
import {doors, dropIn, mainConfig} from '../../ssh/sshdConfig.ts';
import {readSshd} from '../../system/sshd.ts';
import {linesOf} from '../words.ts';

const names = doors.map(([name]) => name).join('|');

/** What was shut in the set-up may be open again: by a later drop-in, a provider's script, or a hurried hand. */
export const sshDoor = defineExamination({
	id: 'ssh/door',
	title: 'Logins of root, and by password',
	options: z.object({user: options.user, sshPort: options.sshPort}),
	async look($, {user}) {
		const [forUser, forRoot, lines] = await Promise.all([
			readSshd($, user),
			readSshd($, 'root'),
			$`grep -HiE ${`^[[:space:]]*(${names})[[:space:]=]`} ${mainConfig} /etc/ssh/sshd_config.d/*.conf`,
		]);
		const said = linesOf(lines);
		const own = said.filter(line => line.startsWith(`${dropIn}:`));
		return {
			// What sshd can't read it can't tell: that is another examination's finding.
			open: Object.keys(forUser).length === 0 ? [] : [...new Set([...openDoors(forUser), ...openDoors(forRoot)])],
			hardened: doors.every(([name, value]) => own.some(line => saysOf(line, name) === value)),
			contrary: effective(
				said.filter(line => doors.some(([name, value]) => ![undefined, value].includes(saysOf(line, name)))),
			),
		};
	},
	judge({open, contrary}) {
		if (open.length === 0) return undefined;
		return {
			severity: 'bad',
			title: 'ssh lets in root, or passwords, again',
			means: 'Robots try root and passwords on every server all day. Keys alone keep them out.',
			evidence: [...open.map(line => `sshd -T: ${line}`), ...contrary],
			next: '`grep -rn Match /etc/ssh` on the box shows what overrules the rest.',
		};
	},
	fix({hardened, contrary}) {
		if (!hardened) return fixByStep(hardening, 'Shut the door again');
		if (contrary.length === 0) return undefined;
		return {
			title: 'Shut the door again',
			why: 'The lines that open it become comments. If the fresh login that proves it fails, the box takes it back by itself.',
			hazard: 'lockout',
			apply($, facts) {
				for (const path of pathsOf(facts.contrary)) {
					$`keep_original ${path}`;
					$`sed -Ei ${`s/^[[:space:]]*(${names})[[:space:]=].*/# &/I`} ${path}`;
				}

				adopt($);
			},
			undo($, before) {
				for (const path of pathsOf(before.contrary)) $.restore(path);
				adopt($);
			},
		};
	},
});

/** sshd takes the first value it reads: those that come before the hardening's own file count, or those of a Match block. */
function effective(lines: readonly string[]): string[] {
	const before = lines.filter(line => line.startsWith('/etc/ssh/sshd_config.d/') && line < dropIn);
	return before.length > 0 ? before : [...lines];
}

function adopt($: Hand): void {
	$`sshd -t`;
	reloadSshd($, 'try-reload-or-restart');
}

/** 'no' of '/etc/ssh/sshd_config:PermitRootLogin no'; undefined where the line is about something else. */
function saysOf(line: string, name: string): string | undefined {
	const match = /^[^:]*:\s*(\w+)(?:\s+|\s*=\s*)"?(\S+?)"?\s*(?:#.*)?$/.exec(line);
	return match?.[1]?.toLowerCase() === name.toLowerCase() ? match[2]?.toLowerCase() : undefined;
}

function pathsOf(lines: readonly string[]): string[] {
	return [...new Set(lines.map(line => line.slice(0, line.indexOf(':'))))];
}
