import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';

/** Has nginx read its configuration and certificates anew. */
export const reloadNginx: Fix = fixOf({
	name: 'reload-nginx',
	title: 'Reload nginx',
	why: 'nginx reads its configuration and certificates anew. No visitor is interrupted.',
	check: async $ => ({
		// Its workers are as old as the last reload.
		current:
			(await $`worker=$(pgrep --newest --full 'nginx: worker') || exit
stat=$(</proc/$worker/stat); set -- \${stat##*) }; read -r uptime _ </proc/uptime
started=$((EPOCHSECONDS - \${uptime%.*} + \${20} / 100 + 2))
if [ -z "$(find -L /etc/nginx /etc/letsencrypt/live -type f -newermt "@$started" -print -quit 2>/dev/null)" ]; then echo yes; fi`) ===
			'yes',
	}),
	done: ({current}) => current,
	apply($) {
		$`nginx -t -q`;
		$.service('nginx', 'reload');
	},
});
