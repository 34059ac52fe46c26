import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {adminUser, rulePath} from '../../account/adminUser.ts';
import {options} from '../../options/shared.ts';
import {atMost, linesOf} from '../words.ts';

/** What providers' images come with: their own user, whose door the hardening has shut. */
const providers = '/etc/sudoers.d/90-cloud-init-users';

/** sudo without a password, given for a moment, makes whoever gets hold of one account root. */
export const accountSudoers = defineExamination({
	id: 'account/sudoers',
	title: 'Who may become root',
	options: z.object({user: options.user, sudo: adminUser.options.shape.sudo}),
	async look($, {user, sudo}) {
		const [allowed, lines, tested] = await Promise.all([
			$`sudo -l -U ${user}`,
			$`grep -HE '^[^#]*NOPASSWD' /etc/sudoers /etc/sudoers.d/*`,
			$`visudo --check --quiet 2>&1 || echo refused`,
		]);
		// sudo passes over names with a dot or a tilde (sudoers(5)).
		const rules = linesOf(lines).filter(line => !/^\/etc\/sudoers\.d\/[^:]*[.~]/.test(line));
		const own = `${rulePath(user)}:`;
		return {
			loosened: rules.filter(
				line => !line.startsWith(`${providers}:`) && !(sudo === 'passwordless' && line.startsWith(own)),
			),
			// The last rule that matches counts.
			free: sudo === 'password' && /NOPASSWD: ALL$/.test(linesOf(allowed).at(-1) ?? ''),
			faults: linesOf(tested),
		};
	},
	judge({loosened, free, faults}, {user}) {
		if (faults.includes('refused')) {
			return {
				severity: 'bad',
				title: 'The rules of sudo can’t be read',
				means: 'sudo may refuse everybody: nobody becomes root any more.',
				evidence: faults.filter(line => line !== 'refused').slice(0, 6),
				next: 'Mend the file that is named with `visudo -f FILE`, before you log out.',
			};
		}

		if (loosened.length === 0 && !free) return undefined;
		return {
			severity: 'bad',
			title: 'sudo asks for no password where it should',
			means: 'Whoever gets hold of such an account, by a key or a hole in a program, is root at once.',
			evidence: [...(free ? [`${user} becomes root without a password`] : []), ...atMost(loosened)],
		};
	},
	fix({loosened, free, faults}, answers) {
		if (faults.includes('refused')) return undefined;
		const own = rulePath(answers.user);
		if (loosened.length === 0 || loosened.every(line => line.startsWith(`${own}:`)))
			return free || loosened.length > 0 ? fixByStep(adminUser, 'Let sudo ask for the password') : undefined;
		return {
			title: 'Let sudo ask for the password',
			why: 'Those rules become comments. If the fresh login that proves sudo fails, the box takes it back by itself.',
			hazard: 'lockout',
			apply($, facts) {
				for (const path of pathsOf(facts.loosened)) {
					$`keep_original ${path}`;
					$`sed -Ei ${'s/^[^#]*NOPASSWD/# &/'} ${path}`;
				}

				$`visudo --check --quiet`;
			},
			undo($, before) {
				for (const path of pathsOf(before.loosened)) $.restore(path);
			},
		};
	},
});

function pathsOf(lines: readonly string[]): string[] {
	return [...new Set(lines.map(line => line.slice(0, line.indexOf(':'))))];
}
