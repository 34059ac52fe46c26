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
	mkdir -p releases/$release/venv/lib/python3.11/site-packages/{gunicorn,flask}-$release.dist-info; touch releases/$release/venv/installed
done
mv releases/2/venv/lib/python3.11/site-packages/gunicorn-{2,1}.dist-info
ln -s releases/1 current; cd current
setsid setpriv --reuid nobody bash -c 'sleep 1000 & wait' > /dev/null 2>&1 < /dev/null &
until pgrep --uid nobody sleep > /dev/null; do sleep 0.01; done
pgrep --uid nobody bash > /run/toy/units/web`);
});
afterEach(async () => box.close());

const later = "touch -d '+1 minute'";
const switched = 'ln -sfn releases/2 /srv/nobody/current';

async function running(loader?: string): Promise<Running> {
	const files = ['/srv/nobody/shared/.env'];
	const program = {name: 'web', app: 'nobody', files, ...(loader && {loader})};
	return (await readProgram(createProbe(box), 'systemd', program)).running;
}

const gunicorn = 'venv/lib/python3*/site-packages/gunicorn-*';
const flask = 'venv/lib/python3*/site-packages/flask-*';

test.each<[string, string, string | undefined, Running]>([
	['it runs what is there', 'true', gunicorn, 'yes'],
	['its settings have changed since', `${later} /srv/nobody/shared/.env`, gunicorn, 'stale'],
	['its packages have changed since', `${later} /srv/nobody/current/venv/installed`, gunicorn, 'stale'],
	['another release is live, and it can be reloaded', switched, gunicorn, 'older'],
	['another release is live, with another version of what it has loaded itself', switched, flask, 'stale'],
	['another release is live, and it can’t be reloaded', switched, undefined, 'stale'],
	['another release and other settings', `${switched}; ${later} /srv/nobody/shared/.env`, gunicorn, 'stale'],
	['its release is gone', `${switched}; rm -r /srv/nobody/releases/1`, gunicorn, 'stale'],
	['it does not run', 'pkill --uid nobody', gunicorn, 'no'],
])('%s', async (_, change, loader, expected) => {
	await box.peek(change);
	expect(await running(loader)).toBe(expected);
});
