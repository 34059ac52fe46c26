import type {Probe, Visits} from '../../source/contract/step.ts';

const logOf = (app: string) => `/var/log/nginx/${app}_access.log`;

/** How far the access log of an app's site is written by now: its inode and size. */
export async function markVisits($: Probe, app: string): Promise<string> {
	return await $`stat -c '%i %s' ${logOf(app)} || echo '0 0'`;
}

/**
 * What was asked of a site since a mark, by its access log; what was turned over meanwhile (logrotate) stands in the file beside it. nginx writes each request
 * once it is answered, and quotes in it as \x22 (ngx_http_log_module): so the second part behind a quote begins with the status.
 */
export async function visitsSince($: Probe, app: string, mark: string): Promise<Visits> {
	const [inode = '0', size = '0'] = mark.split(' ');
	return visitsOf(await $`bash -c ${count} bash ${logOf(app)} ${inode} ${size}`);
}

const count = `log=$1 inode=$2 size=$3
if [ "$(stat -c %i "$log")" = "$inode" ]; then tail -c "+$((size + 1))" "$log"
else
	if [ "$(stat -c %i "$log.1")" = "$inode" ]; then tail -c "+$((size + 1))" "$log.1"; fi
	cat "$log"
fi 2> /dev/null | awk -F '"' '{split($3, part, " "); all++; if (part[1] ~ /^5/) bad++} END {print all + 0, bad + 0}'`;

/** '412 3' */
function visitsOf(text: string): Visits {
	const [requests = 0, failures = 0] = text.split(' ').map(Number);
	return {requests: requests || 0, failures: failures || 0};
}
