import type {Box} from '../contract/box.ts';
import {quote} from '../contract/command.ts';
import type {AppOnBox} from '../contract/diagnosis/cause.ts';

/**
 * Starts an app anew under its process manager, with its configuration as it is now; `started` says that it just was, after it had
 * run in the foreground. Waits until it answers, or has had 20 s.
 */
export async function handBack(box: Box, app: AppOnBox, started: boolean): Promise<void> {
	const name = quote(app.program);
	// What has read its settings since they were changed is not interrupted a second time.
	const read = app.manager === 'supervisor' ? `supervisorctl update ${name}` : 'systemctl daemon-reload';
	const restart = app.manager === 'supervisor' ? `supervisorctl restart ${name}` : `systemctl restart ${name}`;
	const awaits = app.port === undefined ? '' : answers(app.port);
	await box.run(`(${started ? read : `${read}; ${restart}`}) > /dev/null 2>&1\n${awaits}`);
}

/** Waits for an app that ran well, was stopped for the run in the foreground, and is started again by its unit. */
export async function awaitRunning(box: Box, {program, manager, port}: AppOnBox): Promise<void> {
	// Joins the start that is under way.
	const start = manager === 'systemd' ? `systemctl start ${quote(program)} > /dev/null 2>&1` : '';
	await box.run(`${start}\n${port === undefined ? '' : answers(port)}`);
}

/** One that takes the question and keeps it (28: timed out) has had its 20 s at once. */
function answers(port: number): string {
	return `for try in {1..200}; do
	curl --silent --noproxy '*' --output /dev/null --max-time 20 http://127.0.0.1:${port}/
	case $? in 0 | 28) break ;; esac
	sleep 0.1
done`;
}
