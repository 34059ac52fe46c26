import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {quote} from '../../source/contract/command.ts';
import type {TroubleshootEvent} from '../../source/contract/ui/troubleshooting.ts';
import {createProbe} from '../../source/remote/probe.ts';
import {foregroundScript} from '../../source/troubleshoot/foreground.ts';
import {troubleshoot} from '../../source/troubleshoot/index.ts';
import {lookAtApp, type Situation, siteFor} from '../../source/troubleshoot/look.ts';
import {type Program, supervisorPrograms, unitProgram} from '../../source/troubleshoot/program.ts';
import {canRunBeside} from '../../source/troubleshoot/spare-port.ts';
import {freePort} from '../../steps/fixes/port.ts';
import {situationOf} from '../fixtures/situation.ts';
import {ToyBox} from '../fixtures/toy-box.ts';
import {toyPlan, toySession} from '../fixtures/toy-run.ts';

function unitOf(command: string): Program {
	const shown = 'User=shop\nWorkingDirectory=/srv/shop\nFragmentPath=/etc/systemd/system/shop.service';
	return unitProgram('shop', shown, `ExecStart=${command}`) ?? never();
}

describe('beside the supervised one runs only what surely leaves its place alone', () => {
	type Case = [command: string, beside: boolean, other?: Partial<Situation>, port?: number];
	test.each<Case>([
		['gunicorn -b 127.0.0.1:8000 wsgi:app', true],
		['/srv/shop/venv/bin/python -m gunicorn --config /srv/gunicorn.conf.py wsgi:app', true],
		['gunicorn wsgi:app', false, {gunicornIsTold: true}],
		['gunicorn --bind unix:app.sock wsgi:app', false],
		['gunicorn --bind unix:app.sock wsgi:app', false, {}, 0],
		['gunicorn --bind unix:app.sock wsgi:app', false, {readsPort: true}],
		['gunicorn -b :8000 --pid /run/shop/pid wsgi:app', false],
		['python app.py', false],
		['flask run', false],
		['uvicorn x:app', false],
		['uvicorn x:app --port 8000', true],
		['waitress-serve --listen=127.0.0.1:8000 x:app', true],
		['node server.js', false],
		['node server.js', true, {readsPort: true}],
		['uvicorn x:app --port ${PORT}', true, {readsPort: true}],
		['/venv/bin/rq worker', true, {}, 0],
		['/venv/bin/celery -A shop beat', false, {}, 0],
		['python bot.py', false, {}, 0],
	])('%s: %s %j %s', (command, beside, other, port) => {
		expect(canRunBeside(situationOf(unitOf(command), other, port))).toBe(beside);
	});
});

test('a program has the site of its folder or of its name; one that runs in the root folder has not just any', () => {
	const sites = `server {
	server_name blog.example.org;
	root /srv/blog/static;
	access_log /var/log/nginx/blog_access.log;
	location / { }
	proxy_pass http://127.0.0.1:8000;
}`;
	expect(siteFor(sites, {name: 'web', folder: '/srv/blog'})?.ports).toEqual([8000]);
	expect(siteFor(sites, {name: 'blog', folder: '/'})?.ports).toEqual([8000]);
	expect(siteFor(sites, {name: 'crawler', folder: '/'})).toBeUndefined();
});

describe('the unit that it runs in', () => {
	const run = {mark: 'mark:', log: '/log', secrets: '/run/secrets'};
	const linesOf = (program: Program, mode: 'beside' | 'in its place') =>
		foregroundScript({...run, situation: situationOf(program, {readsPort: true}), mode})
			.secrets.unit?.reveal()
			.split('\n');

	test('a variable arrives as it is: with dollars, percent signs, quotes and backslashes', () => {
		const [program = never()] = supervisorPrograms(
			`==> /a.conf <==\n[program:a]\ncommand=a "x$y" 1%%\nenvironment=URL='pa$$ss%%40"\\n'`,
		);
		const lines = linesOf(program, 'in its place');
		expect(lines).toContain(String.raw`Environment="URL=pa$$ss%%40\"\\n"`);
		expect(lines).toContain('ExecStart="a" "x$$y" "1%%"');
	});

	test('what systemd fills in stays in the words of its own unit', () => {
		expect(linesOf(unitOf('/srv/shop/run --bind [::]:${PORT} --home %h --cost 5$$'), 'in its place')).toContain(
			'ExecStart="/srv/shop/run" "--bind" "[::]:${PORT}" "--home" "%h" "--cost" "5$$"',
		);
	});

	test('nothing is taken from the supervised one: its folder in /run, its pid file, its sockets', () => {
		const program = {...unitOf('/srv/shop/run'), sockets: ['shop.socket']};
		const inPlace = linesOf(program, 'in its place');
		const beside = linesOf(program, 'beside');
		for (const lines of [inPlace, beside])
			expect(lines).toEqual(expect.arrayContaining(['RuntimeDirectoryPreserve=yes', 'PIDFile=']));
		expect(inPlace).toContain('Sockets=shop.socket');
		expect(beside).not.toContain('Sockets=shop.socket');
		expect(beside).toEqual(expect.arrayContaining(['ExecStartPre=', 'ExecStop=', 'ExecStopPost=']));
	});
});

/** Answers as systemd does for the unit shop, and keeps what it was to start in the foreground. */
const systemctl = `#!/bin/bash
folder=/run/systemd/system/boxwizard-foreground.service
case "$*" in
	*'DropInPaths --value'*) echo /etc/systemd/system/shop.service.d/override.conf ;;
	*'-P MainPID -- shop') cat /run/toy/main ;;
	show*shop*) cat /run/toy/shown; echo "MainPID=$(cat /run/toy/main)" ;;
	start*boxwizard-foreground*) mkdir -p /srv/seen; cat $folder $folder.d/*.conf > /srv/seen/unit; cp $folder.d/variables /srv/seen; stat -c %a $folder $folder.d > /srv/seen/modes ;;
	is-active*boxwizard-foreground*) test -e /srv/steady ;;
	'start shop') echo started > /srv/started ;;
	*) exec /run/toy/bin/toy "$@" ;;
esac`;

const files: Readonly<Record<string, string>> = {
	'/run/toy/bin/systemctl': systemctl,
	'/run/toy/shown': `User=root
WorkingDirectory=/srv
FragmentPath=/etc/systemd/system/shop.service
DropInPaths=/etc/systemd/system/shop.service.d/override.conf
Environment=SECRET=pa$$word
ActiveState=active
`,
	'/etc/systemd/system/shop.service': '[Service]\nExecStart=/srv/venv/bin/gunicorn -b :1 \\\n  shop:app\n',
	'/etc/systemd/system/shop.service.d/override.conf':
		'[Service]\nEnvironment="SECRET=pa$$word"\nExecStart=\nExecStart=/srv/venv/bin/python app.py',
};

describe('a unit that a person edited, whose program has its port in its code', () => {
	let box: ToyBox;
	let port: number;

	beforeAll(async () => {
		box = await ToyBox.open();
		const lines = Object.entries(files).map(
			([path, text]) => `mkdir -p "$(dirname ${path})"; printf '%s' ${quote(text)} > ${path}`,
		);
		const server = `const {createServer} = require('node:http');
const server = createServer((_, answer) => answer.end('shop')).listen(0, '127.0.0.1', () => console.log(server.address().port));`;
		const started = await box.peek(`mv /run/toy/bin/systemctl /run/toy/bin/toy; ln -sf toy /run/toy/bin/systemd-run
${lines.join('\n')}
chmod 0755 /run/toy/bin/systemctl
setsid ${process.execPath} -e ${quote(server)} > /run/toy/port 2>&1 < /dev/null &
echo $! > /run/toy/main; until [ -s /run/toy/port ]; do sleep 0.01; done; cat /run/toy/port`);
		port = Number(started);
	});
	afterAll(async () => box.close());

	const sitting = async () => {
		const input = {plan: toyPlan([]), causes: [], name: 'shop', known: {}, site: async () => []};
		const told: TroubleshootEvent[] = [];
		for await (const event of troubleshoot(input, toySession(box))) told.push(event);
		return told;
	};
	const looked = () => lookAtApp(createProbe(box), 'shop', {app: 'microblog'});

	test('is run by the command and the variables of its drop-in', async () => {
		const {program, app, answers, hidden} = await looked();
		expect(program.words).toEqual(['/srv/venv/bin/python', 'app.py']);
		expect({port: app.port, answers, isOwn: app.isOwn}).toEqual({port, answers: 200, isOwn: false});
		expect(hidden.map(secret => secret.reveal())).toContain('pa$$word');
	});

	test('is run in the place of the supervised one, and no other way is offered', async () => {
		const told = await sitting();
		expect(told).toContainEqual(expect.objectContaining({type: 'foreground', mode: 'in its place', port}));
		expect(told).toContainEqual(expect.objectContaining({type: 'diagnosis', otherMode: 'in its place'}));
	});

	test('takes all its files along, boxwizard’s the last of them, for root’s eyes only', async () => {
		const {secrets, text} = foregroundScript({
			situation: await looked(),
			mode: 'beside',
			mark: 'mark:',
			log: '/run/toy/log',
			secrets: '/run/toy',
		});
		await box.peek(
			`cat > /run/toy/unit <<'END'\n${secrets.unit?.reveal()}\nEND\n(umask 022; set -e; ${text}) > /dev/null 2>&1`,
		);
		const unit = (await box.peek('cat /srv/seen/unit'))
			.split('\n')
			.filter(line => /^(ExecStart|Environment)=/.test(line));
		expect(unit).toEqual([
			'ExecStart=/srv/venv/bin/gunicorn -b :1 \\',
			'Environment="SECRET=pa$$word"',
			'ExecStart=',
			'ExecStart=/srv/venv/bin/python app.py',
			'ExecStart=',
			'ExecStart="/srv/venv/bin/python" "app.py"',
		]);
		expect(await box.peek('cat /srv/seen/modes; grep PORT /srv/seen/variables')).toBe('600\n700\nPORT=18000\n');
		expect(await box.peek('ls /run/systemd/system')).toBe('');
	});

	test('is not ended to free its own port; what else has the port is', async () => {
		const {step} = freePort((await looked()).app, port);
		const facts = await step.check(createProbe(box), {});
		expect(facts).toMatchObject({own: true});
		expect(step.done(facts, {})).toBe(true);
		await box.peek('cp /run/toy/main /run/toy/pid; echo 0 > /run/toy/main');
		const others = await step.check(createProbe(box), {});
		expect(others).toEqual({pid: (await box.peek('cat /run/toy/pid')).trim(), unit: '-', own: false});
		expect(step.done(others, {})).toBe(false);
	});

	test('that listens on a socket: in its place too, and well only once it is there again', async () => {
		await box.peek(`sed -i 's|app.py|-m gunicorn --bind unix:app.sock shop:app|' /etc/systemd/system/shop.service.d/override.conf
touch /srv/steady`);
		const told = await sitting();
		expect(told).toContainEqual(expect.objectContaining({type: 'foreground', mode: 'in its place'}));
		expect(told).toContainEqual({type: 'handing back', manager: 'systemd'});
		expect(told.at(-1)).toMatchObject({type: 'done', summary: {outcome: 'well', fixes: []}});
		expect(await box.peek('cat /srv/started')).toBe('started\n');
	});
});

function never(): never {
	throw new TypeError('no program');
}
