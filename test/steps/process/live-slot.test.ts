import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {AppOnBox} from '../../../source/contract/diagnosis/cause.ts';
import type {ServiceCommand} from '../../../source/contract/service.ts';
import {run} from '../../../source/engine/engine.ts';
import {createProbe} from '../../../source/remote/probe.ts';
import {record} from '../../../source/remote/recorder.ts';
import {body} from '../../../source/remote/script.ts';
import {lookAtApp} from '../../../source/troubleshoot/look.ts';
import {processManagers} from '../../../steps/causes/process/managers.ts';
import {type ServiceAnswers, servicesOf} from '../../../steps/control/services.ts';
import {processDown} from '../../../steps/doctor/app/processDown.ts';
import {processReload} from '../../../steps/doctor/app/processReload.ts';
import {systemBoot} from '../../../steps/doctor/system/boot.ts';
import {systemFailed} from '../../../steps/doctor/system/failed.ts';
import {earlierCode} from '../../../steps/fixes/code.ts';
import {oldReleases} from '../../../steps/fixes/disk.ts';
import {freePort} from '../../../steps/fixes/port.ts';
import {restartApp} from '../../../steps/fixes/restart.ts';
import {readLiveSlot, slotProgram} from '../../../steps/process/slots.ts';
import {appOnBox} from '../../../steps/python/onBox.ts';
import {ToyBox} from '../../fixtures/toy-box.ts';
import {hear, toyPlan, toySession} from '../../fixtures/toy-run.ts';

/** As systemd has a server in two slots: one of them runs (/srv/running says which and as what process), the other has failed. */
const systemctl = `#!/bin/bash
running=$(cut -d' ' -f1 /srv/running) pid=$(cut -d' ' -f2 /srv/running)
show() {
	local slot=first state=failed sub=failed main=0
	if [ "$1" = blog-second ]; then slot=second; fi
	if [ "$1" = "$running" ]; then state=active sub=running main=$pid; fi
	printf '%s\\n' "Id=$1.service" Type=notify "ActiveState=$state" "SubState=$sub" "MainPID=$main" Job=0 LoadState=loaded UnitFileState=enabled Result=exit-code NeedDaemonReload=no User=root "WorkingDirectory=/srv/blog/slots/$slot/release" "FragmentPath=/etc/systemd/system/$1.service" "EnvironmentFiles=/srv/blog/shared/environment (ignore_errors=no)" ''
}
case "$1 $*" in
	'show '*'-P MainPID'*) if [ "\${@: -1}" = "$running" ]; then echo "$pid"; else echo 0; fi ;;
	'show '*'DropInPaths --value'*) ;;
	'show '*) for word in "$@"; do
		case $word in blog | blog.service) show blog ;; blog-second | blog-second.service) show blog-second ;; '*') show blog; show blog-second ;; *.service | *.socket | *.timer) printf 'Id=%s\\nLoadState=not-found\\n\\n' "$word" ;; esac
	done ;;
	'list-units '*) echo 'blog.service loaded failed failed'; echo 'blog-second.service loaded failed failed' ;;
	'start '* | 'stop '* | 'restart '*) echo "$*" >> /srv/calls ;;
	'is-active '*supervisor) echo active ;;
	'is-active '*) exit 3 ;;
	*) ;;
esac`;

const site = `upstream blog-first {
    server 127.0.0.1:8000;
}
upstream blog-second {
    server 127.0.0.1:8040;
}
upstream blog-dev-first {
    server 127.0.0.1:8001;
}
server {
    server_name blog.example.com;
    location / { 
        proxy_pass http://blog-$slot;
    }
}`;

let box: ToyBox;

beforeEach(async () => {
	box = await ToyBox.open();
	await box.peek(`mv /run/toy/bin/systemctl /run/toy/bin/toy; ln -sf toy /run/toy/bin/systemd-run
cat > /run/toy/bin/systemctl <<'END'
${systemctl}
END
printf '#!/bin/sh\\n' > /run/toy/bin/journalctl; chmod 0755 /run/toy/bin/systemctl /run/toy/bin/journalctl
for release in 1 2 3 4 5 6; do mkdir -p /srv/blog/releases/$release/venv; done
mkdir -p /srv/blog/slots/first /srv/blog/slots/second /srv/blog/shared
touch /srv/blog/slots/second/second /srv/blog/shared/environment -d '1 hour ago'
ln -s ../../releases/1 /srv/blog/slots/first/release; ln -s ../../releases/6 /srv/blog/slots/second/release; ln -s live/release /srv/blog/current
for slot in blog:first:8000 blog-second:second:8040; do IFS=: read -r name slot port <<< "$slot"
	printf '[Service]\\nExecStart=/srv/blog/slots/%s/release/venv/bin/python -m gunicorn --bind 127.0.0.1:%s blog:app\\n' $slot $port > /etc/systemd/system/$name.service
	touch -d '1 hour ago' /etc/systemd/system/$name.service
done
mount -t tmpfs toy /etc/nginx 2>/dev/null || { mkdir -p /srv/nginx; }
if mountpoint -q /etc/nginx; then mkdir -p /etc/nginx/sites-enabled; printf '%s' ${JSON.stringify(site).replaceAll('$', '\\$')} > /etc/nginx/sites-enabled/blog; fi`);
});
afterEach(async () => await box.close());

/** The slot that is live, and runs. */
async function live(slot: 'first' | 'second', program: string): Promise<void> {
	await box.peek(`ln -sfn slots/${slot} /srv/blog/live
cd /srv/blog/slots/${slot}/release/; setsid sleep 1000 > /dev/null 2>&1 < /dev/null &
echo "${program} $!" > /srv/running`);
}

const calls = async () => (await box.peek('cat /srv/calls; rm -f /srv/calls')).trim().split('\n');
const answers = {app: 'blog', queue: '', supervisor: 'systemd', processes: {}} as const;

describe.each([
	['first', 'blog', 'second'],
	['second', 'blog-second', 'first'],
] as const)('while the %s slot is live', (slot, program, other) => {
	let app: AppOnBox;

	beforeEach(async () => {
		await live(slot, program);
		app = await appOnBox(createProbe(box), {...answers, domain: 'blog.example.com'});
	});

	test('the app is the program that is in it', () => {
		expect(app).toMatchObject({
			name: 'blog',
			program,
			configuration: `/etc/systemd/system/${program}.service`,
			log: `journalctl --unit ${program}`,
		});
	});

	test('people start, restart and stop “blog”', async () => {
		const wanted: ServiceAnswers = {...answers, user: 'jessica', database: 'sqlite', mail: 'none'};
		const service = servicesOf(wanted, {}).find(({name}) => name === 'blog');
		const act = async (action: ServiceCommand) => {
			await box.peek(body(record($ => service?.act($, action))).join('\n'));
			return await calls();
		};
		expect(await act('restart')).toEqual([`restart ${program}`]);
		expect(await act('start')).toEqual([`start ${program}`]);
		expect(await act('stop')).toEqual(['stop blog', 'stop blog-second']);
		await expect(service?.rests?.(createProbe(box))).rejects.toMatchObject({code: 'still-running'});
		await box.peek('echo none 0 > /srv/running');
		await service?.rests?.(createProbe(box));
	});

	test('supervisor runs as it should once what is live does, and what is beside it', async () => {
		await box.peek(
			`printf '#!/bin/bash\\nfor name in "\${@:2}"; do case $name in ${program} | blog-worker) echo "$name RUNNING pid 7, uptime 0:00:02" ;; *) echo "$name: ERROR (no such process)" ;; esac; done\\n' > /run/toy/bin/supervisorctl; chmod 0755 /run/toy/bin/supervisorctl`,
		);
		const wanted: ServiceAnswers = {
			...answers,
			supervisor: 'supervisor',
			queue: 'jobs',
			user: 'jessica',
			database: 'sqlite',
			mail: 'none',
		};
		await servicesOf(wanted, {})
			.find(({name}) => name === 'supervisor')
			?.runs(createProbe(box));
	});

	test('the doctor finds nothing, though the other slot’s unit has failed, in the round trips that it takes without slots', async () => {
		const before = box.roundTrips;
		expect((await processDown.look(createProbe(box), answers)).down).toEqual([]);
		expect((await processReload.look(createProbe(box), answers)).stale).toEqual([]);
		expect((await systemFailed.look(createProbe(box), {})).failed).toEqual([]);
		expect(box.roundTrips - before).toBe(3);
		const boot = {...answers, database: 'sqlite', mail: 'none', search: 'none', fillings: {}, leftOut: []};
		const {missing} = await systemBoot.look(createProbe(box), boot as never);
		expect(missing).not.toContain(`${program}.service`);
	});

	test('the doctor tells when what is live has failed, and when its own unit is newer', async () => {
		await box.peek(`touch -d '+1 hour' /etc/systemd/system/${program}.service`);
		expect((await processReload.look(createProbe(box), answers)).stale).toMatchObject([
			{name: 'blog', program, lines: [expect.stringContaining(`/etc/systemd/system/${program}.service, changed`)]},
		]);
		const [stale] = processManagers.filter(({id}) => id === 'process/stale');
		expect(await stale?.look?.(createProbe(box), app)).toBe(
			`/etc/systemd/system/${program}.service is newer than the running app`,
		);
		await box.peek('echo none 0 > /srv/running');
		expect((await processDown.look(createProbe(box), answers)).down).toEqual([
			{name: 'blog', program, line: `${program} failed failed`},
		]);
		expect((await systemFailed.look(createProbe(box), {})).failed).toEqual([
			{name: `${program}.service`, result: 'exit-code'},
		]);
	});

	test('fixes act on it', async () => {
		const restart = restartApp({...app, folder: `/srv/blog/slots/${slot}/release`});
		expect(await restart.step.check(createProbe(box), {})).toEqual({running: true});
		expect(body(record($ => restart.step.apply($, {running: false} as never, {})))).toContain(
			`systemctl restart ${program}`,
		);
		expect(freePort(app, 8000).why).toContain('so that blog can have it');
	});

	test('troubleshooting runs it, under the name that people know', async () => {
		const programOf = async ($: Parameters<typeof readLiveSlot>[0], name: string) =>
			slotProgram(name, await readLiveSlot($, name));
		await box.peek(`echo ${program} 9999999 > /srv/running`);
		const found = await lookAtApp(createProbe(box), undefined, {app: 'blog', programOf});
		expect(found.program.name).toBe(program);
		expect(found.app).toMatchObject({name: 'blog', program, isOwn: true, port: slot === 'first' ? 8000 : 8040});
	});

	test('the release before takes its place in its own slot', async () => {
		await box.peek(`ln -sfn ../../releases/4 /srv/blog/slots/${slot}/release`);
		const [, previous] = earlierCode({...app, release: '/srv/blog/releases/4'});
		if (!previous) throw new Error('No fix goes back');
		const there = () =>
			box.peek(`readlink -e /srv/blog/slots/first/release /srv/blog/slots/second/release /srv/blog/current`);
		const releases = (await there()).trim().split('\n');
		await hear(run(toyPlan([previous.step]), toySession(box)));
		const changed = releases.map(path => (path === '/srv/blog/releases/4' ? '/srv/blog/releases/3' : path));
		expect((await there()).trim().split('\n')).toEqual(changed);
		expect(await box.peek('readlink /srv/blog/current')).toBe('live/release\n');
	});

	test('no release goes that a slot still has', async () => {
		await box.peek(
			`ln -sfn ../../releases/6 /srv/blog/slots/${slot}/release; ln -sfn ../../releases/1 /srv/blog/slots/${other}/release`,
		);
		const [old] = oldReleases({...app, folder: `/srv/blog/slots/${slot}/release`});
		expect(await old?.step.check(createProbe(box), {})).toEqual({
			old: ['/srv/blog/releases/2', '/srv/blog/releases/3'],
		});
	});
});

test('an app that has no slots yet is as it was', async () => {
	await box.peek(
		'rm -r /srv/blog/slots /srv/blog/current; ln -s releases/4 /srv/blog/current; echo blog 1 > /srv/running',
	);
	const app = await appOnBox(createProbe(box), answers);
	expect(app).toMatchObject({program: 'blog', release: '/srv/blog/releases/4'});
	const [, previous] = earlierCode(app);
	if (!previous) throw new Error('No fix goes back');
	await hear(run(toyPlan([previous.step]), toySession(box)));
	expect(await box.peek('readlink -e /srv/blog/current')).toBe('/srv/blog/releases/3\n');
	expect(await oldReleases(app)[0]?.step.check(createProbe(box), {})).toEqual({old: []});
});
