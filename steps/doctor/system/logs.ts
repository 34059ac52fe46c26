import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {options} from '../../options/shared.ts';
import {linesOf, several} from '../words.ts';

/** Megabytes from which a log that nobody rotates is worth a word. */
const big = 50;

const rule = '/etc/logrotate.d/boxwizard-logs';

/** A log that only grows fills the disk one day, at night. */
export const systemLogs = defineExamination({
	id: 'system/logs',
	title: 'Log files that only grow',
	options: z.object({app: options.app}),
	async look($, {app}) {
		const [found, rotated] = await Promise.all([
			$`find /var/log /srv/${app}/shared /srv/${app}/current/ -xdev ${'('} -name venv -o -name .git -o -path /var/log/journal ${')'} -prune -o -type f -size ${`+${big}M`} ${'('} -path '/var/log/*' -o -name '*.log' -o -name '*.log.*' -o -name '*.out' ${')'} -printf '%s %u %g %p\n'`,
			// What logrotate has taken care of before (its state file names each), and what supervisor does itself.
			$`cat /var/lib/logrotate/status; sed -n 's/^stdout_logfile=\\(.*\\)/"\\1" supervisor/p' /etc/supervisor/conf.d/*.conf`,
		]);
		const known = new Set(linesOf(rotated).flatMap(line => /^"([^"]+)"/.exec(line)?.[1] ?? []));
		const files = linesOf(found).flatMap(line => {
			const [size = '', user = '', group = '', ...rest] = line.split(' ');
			const path = rest.join(' ');
			// Turned already: 'syslog.1', 'debug.log-20261121'.
			return known.has(path) || /\.(\d+|gz|xz|zst|old)$|-\d{8}$/.test(path)
				? []
				: [{path, size: Number(size), user, group}];
		});
		return {files};
	},
	judge({files}) {
		if (files.length === 0) return undefined;
		return {
			severity: 'warning',
			title: `${several(files.length, 'log file grows', 'log files grow')} without end`,
			means: 'Nothing rotates it. When the disk is full the database stops first.',
			evidence: files.map(({path, size}) => `${path}: ${Math.round(size / 1_048_576)} MB`),
		};
	},
	fix: ({files}) => ({
		title: 'Rotate them weekly',
		why: 'logrotate keeps eight weeks, compressed, and turns them once now. The programs that write them go on.',
		apply($) {
			$.file(rule, files.map(({path, user, group}) => stanza(path, user, group)).join('\n'));
			$`logrotate --force ${rule}`;
		},
		undo($) {
			$.restore(rule);
		},
		notUndone: 'What was turned stays beside it, compressed.',
	}),
});

/** logrotate(8). `su`: a folder that others may write is not touched as root. */
function stanza(path: string, user: string, group: string): string {
	return [
		`"${path}" {`,
		'	weekly',
		'	maxsize 50M',
		'	rotate 8',
		'	compress',
		'	copytruncate',
		'	missingok',
		'	notifempty',
		`	su ${user} ${group}`,
		'}',
		'',
	].join('\n');
}
