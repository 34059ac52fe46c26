import {afterEach, beforeEach, expect, test} from 'vitest';
import {createProbe} from '../../../source/remote/probe.ts';
import {type Running, readProgram} from '../../../steps/process/processManager.ts';
import {ToyBox} from '../../fixtures/toy-box.ts';

let box: ToyBox;

/** A main process with one worker, as gunicorn has them, in the first of two releases. `nobody` is the app's user. */
beforeEach(async () => {
	box = await ToyBox.open();
	await box.peek(`mkdir -p /srv/nobody/shared; cd /srv/nobody; touch shared/.env
for release in 1 2; do
	mkdir -p releases/$release/venv; touch releases/$release/venv/installed
done
ln -s releases/1 current; cd current
setsid setpriv --reuid nobody bash -c 'sleep 1000 & wait' > /dev/null 2>&1 < /dev/null &
until pgrep --uid nobody sleep > /dev/null; do sleep 0.01; done
pgrep --uid nobody bash > /run/toy/units/web`);
});
afterEach(async () => box.close());

const later = "touch -d '+1 minute'";
const switched = 'ln -sfn releases/2 /srv/nobody/current';

async function running(): Promise<Running> {
	const program = {name: 'web', app: 'nobody', files: ['/srv/nobody/shared/.env']};
	return (await readProgram(createProbe(box), 'systemd', program)).running;
}

test.each<[string, string, Running]>([
	['it runs what is there', 'true', 'yes'],
	['its settings have changed since', `${later} /srv/nobody/shared/.env`, 'stale'],
	['its packages have changed since', `${later} /srv/nobody/current/venv/installed`, 'stale'],
	['another release is live', switched, 'stale'],
	['another release and other settings', `${switched}; ${later} /srv/nobody/shared/.env`, 'stale'],
	['its release is gone', `${switched}; rm -r /srv/nobody/releases/1`, 'stale'],
	['it does not run', 'pkill --uid nobody', 'no'],
])('%s', async (_, change, expected) => {
	await box.peek(change);
	expect(await running()).toBe(expected);
});
