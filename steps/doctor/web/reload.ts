import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {reloadNginx} from '../../web/reloadNginx.ts';
import {atMost, linesOf} from '../words.ts';

/** nginx goes on with what it has read, and says no word of what lies in its folders since. */
export const webReload = defineExamination({
	id: 'web/reload',
	title: 'nginx and its configuration',
	options: z.object({}),
	async look($) {
		const [tested, newer] = await Promise.all([
			$`if command -v nginx > /dev/null; then nginx -t 2>&1 || echo refused; fi`,
			// A reload replaces the workers: the newest of them is as old as the configuration that is in use. Field 22 of
			// proc(5)'s stat is its start, in hundredths of a second since boot.
			$`pid=$(pgrep --newest --full '^nginx: worker process$') || exit
stat=$(</proc/$pid/stat); set -- \${stat##*) }; read -r uptime _ </proc/uptime
started=$((EPOCHSECONDS - \${uptime%.*} + \${20} / 100 + 2))
echo "nginx has read its configuration last: $(date -u -d "@$started" '+%F %T UTC')"
TZ=UTC find /etc/nginx '(' -type f -o -type l ')' -newermt "@$started" -printf '%p, changed %TF %.8TT UTC\n'`,
		]);
		const [since = '', ...files] = linesOf(newer);
		return {faults: linesOf(tested), since, newer: files};
	},
	judge({faults, since, newer}) {
		if (faults.includes('refused')) {
			return {
				severity: 'bad',
				title: 'nginx can’t read its configuration any more',
				means: 'It runs on with the old one. At its next start, at the latest at a reboot, the site is gone.',
				evidence: faults.filter(line => line !== 'refused').slice(0, 4),
				next: 'Mend the file and line that are named, then look again.',
			};
		}

		if (newer.length === 0) return undefined;
		return {
			severity: 'warning',
			title: 'nginx runs with an older configuration than the one on disk',
			means: 'What was changed does nothing yet.',
			evidence: [since, ...atMost(newer)],
		};
	},
	fix: ({faults}) =>
		faults.includes('refused')
			? undefined
			: {
					title: 'Reload nginx',
					why: 'nginx checks the configuration first, then reads it anew. Nobody is cut off.',
					apply: reloadNginx,
					notUndone: 'What nginx has read stays read: change the files back and reload again.',
				},
});
