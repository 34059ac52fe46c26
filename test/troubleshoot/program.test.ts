import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {foregroundScript, toldBy} from '../../source/troubleshoot/foreground.ts';
import {foregroundWindow} from '../../source/troubleshoot/foreground-unit.ts';
import {hiddenValues, hiding} from '../../source/troubleshoot/hidden.ts';
import type {Situation} from '../../source/troubleshoot/look.ts';
import {shellWords, supervisorPrograms, unitProgram} from '../../source/troubleshoot/program.ts';
import {portIn, withPort} from '../../source/troubleshoot/spare-port.ts';
import {supervisorProgram} from '../../steps/process/supervisorProgram.ts';
import {situationOf} from '../fixtures/situation.ts';

const conf = `==> /etc/supervisor/supervisord.conf <==
[supervisord]
logfile=/var/log/supervisor/supervisord.log
[include]
files = /etc/supervisor/conf.d/*.conf

==> /etc/supervisor/conf.d/shop.conf <==
; the shop
[program:shop]
command = /srv/shop/venv/bin/gunicorn -b localhost:8000 -w 4 "shop:make app" ; four
directory=%(here)s
user=shop
environment=HOME="/srv/shop",API_KEY='a,b',
    MODE=live
redirect_stderr=true
stdout_logfile=/var/log/%(program_name)s.log
[program:mail]
command=/usr/bin/python3 mail.py
`;

describe('how an app is run', () => {
	test('supervisor’s sections: comments, continued lines, quotes, what it fills in', () => {
		const [shop, mail, ...others] = supervisorPrograms(conf);
		expect(others).toEqual([]);
		expect(shop).toEqual({
			name: 'shop',
			manager: 'supervisor',
			path: '/etc/supervisor/conf.d/shop.conf',
			words: ['/srv/shop/venv/bin/gunicorn', '-b', 'localhost:8000', '-w', '4', 'shop:make app'],
			user: 'shop',
			folder: '/etc/supervisor/conf.d',
			environment: [
				['HOME', '/srv/shop'],
				['API_KEY', 'a,b'],
				['MODE', 'live'],
			],
			environmentFile: '',
			log: '/var/log/shop.log',
			dropIns: [],
			sockets: [],
		});
		expect(mail).toMatchObject({name: 'mail', user: 'root', folder: '/', environment: []});
	});

	test('supervisor’s %% is a percent sign', () => {
		const text = '==> /a/b.conf <==\n[program:b]\ncommand=b %%(here)s\nenvironment=URL="mysql://b:p%%40ss@h/b"';
		expect(supervisorPrograms(text)).toMatchObject([
			{words: ['b', '%(here)s'], environment: [['URL', 'mysql://b:p%40ss@h/b']]},
		]);
	});

	test('a shell of supervisor’s that takes variables of a file and becomes the program', () => {
		const word = "create_app('a; b # c')";
		const text = supervisorProgram({
			name: 'shop',
			app: 'shop',
			description: 'the shop',
			words: ['/srv/shop/current/venv/bin/python', '-m', 'gunicorn', word, '100%'],
			folder: '/srv/shop/current',
			notifies: true,
		});
		// Nothing in it begins a comment: the word comes back whole.
		expect(supervisorPrograms(`==> /a/shop.conf <==\n${text}`)).toMatchObject([
			{
				words: ['/srv/shop/current/venv/bin/python', '-m', 'gunicorn', word, '100%'],
				environmentFile: '/srv/shop/shared/environment',
			},
		]);
	});

	test('a unit of systemd', () => {
		const shown =
			'User=shop\nWorkingDirectory=/srv/shop\nFragmentPath=/etc/systemd/system/shop.service\nActiveState=active';
		expect(unitProgram('shop', shown, 'ExecStart=-/usr/bin/node --title="my shop" server.js')).toMatchObject({
			words: ['/usr/bin/node', '--title=my shop', 'server.js'],
			user: 'shop',
			folder: '/srv/shop',
		});
		expect(unitProgram('gone', 'FragmentPath=', 'ExecStart=/bin/true')).toBeUndefined();
	});

	test('a unit’s drop-ins, variables and sockets', () => {
		const shown = `FragmentPath=/etc/systemd/system/shop.service
DropInPaths=/etc/a.conf "/etc/b c.conf"
Environment=PORT=3000 "URL=a=b c"
EnvironmentFiles=/srv/shop/first (ignore_errors=yes)
EnvironmentFiles=/srv/shop/last (ignore_errors=no)
TriggeredBy=shop.timer shop.socket`;
		expect(unitProgram('shop', shown, 'ExecStart=/bin/true')).toMatchObject({
			dropIns: ['/etc/a.conf', '/etc/b c.conf'],
			environment: [
				['PORT', '3000'],
				['URL', 'a=b c'],
			],
			environmentFile: '/srv/shop/last',
			sockets: ['shop.socket'],
		});
	});

	test.each([
		[['gunicorn', '-b', '127.0.0.1:8000', 'app'], 8000, ['gunicorn', '-b', '127.0.0.1:18000', 'app']],
		[['gunicorn', '--bind=:8000'], 8000, ['gunicorn', '--bind=:18000']],
		[['uvicorn', 'app:app', '--port', '8000'], 8000, ['uvicorn', 'app:app', '--port', '18000']],
		[['node', 'server.js'], undefined, undefined],
		[['gunicorn', '-c', '8000'], undefined, undefined],
		[['env', 'PORT=8000', '/bin/sh', '-c', 'serve $PORT'], 8000, ['env', 'PORT=18000', '/bin/sh', '-c', 'serve $PORT']],
		[['waitress-serve', '--listen=*:8000', 'wsgi:app'], 8000, ['waitress-serve', '--listen=*:18000', 'wsgi:app']],
		[['gunicorn', '--bind', 'unix:app.sock', '-b', ':8000'], 8000, undefined],
		[['gunicorn', '-p', '/run/shop.pid', '-b', ':8000'], 8000, undefined],
	])('%j listens on %s, and is moved', (words, port, moved) => {
		expect(portIn(words)).toBe(port);
		expect(withPort(words, 8000, 18_000)).toEqual(moved);
	});

	test('words come back from a quoted line', () => {
		const word = fc.string({minLength: 1}).filter(text => !/[\s\0]/.test(text));
		const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
		fc.assert(
			fc.property(fc.array(word), words => {
				expect(shellWords(words.map(quoted).join(' '))).toEqual(words);
			}),
		);
	});
});

describe('what must not be seen', () => {
	const clean = hiding(
		hiddenValues(`SECRET_KEY='s3cr3t-of-mine'
DATABASE_URL=mysql+pymysql://shop:p%40ssw0rd@localhost/shop
MAIL_SERVER=localhost
FLASK_APP=microblog.py
ADMINS=jessica@example.com
LOG=/srv/shop/shared/state/app.log
export STRIPE_KEY="sk_live_42"
CDN=https://cdn.example.com/files
PEM="-----BEGIN KEY-----
QUJDREVG
-----END KEY-----"
QUOTED='it\\'s "mine"'`),
	);

	test.each([
		['key s3cr3t-of-mine.', 'key ••••••.'],
		['password p%40ssw0rd, that is p@ssw0rd', 'password ••••••, that is ••••••'],
		['mysql+pymysql://shop:p%40ssw0rd@localhost/shop', '••••••'],
		['jessica@example.com sk_live_42', '•••••• ••••••'],
		[
			'no localhost, microblog.py, /srv/shop/shared/state/app.log',
			'no localhost, microblog.py, /srv/shop/shared/state/app.log',
		],
		['https://cdn.example.com/files', 'https://cdn.example.com/files'],
		['loaded QUJDREVG', 'loaded ••••••'],
		[`told it's "mine"`, 'told ••••••'],
	])('%s', (line, shown) => {
		expect(clean(line)).toBe(shown);
	});
});

describe('the run in the foreground', () => {
	const [program] = supervisorPrograms(conf);
	const situation = (supervised: Situation['supervised']) => situationOf(program ?? never(), {supervised});
	const run = {mark: 'mark:', log: '/log', secrets: '/run/secrets'};
	const unitOf = (supervised: Situation['supervised'], mode: 'beside' | 'in its place') =>
		foregroundScript({...run, situation: situation(supervised), mode})
			.secrets.unit?.reveal()
			.split('\n');

	test('in its place: the unit itself stops the supervised app and starts it again, whatever ends it', () => {
		const unit = unitOf('failing', 'in its place');
		expect(unit).toContain('ExecStartPre=-+/bin/sh -c "/usr/bin/supervisorctl stop shop > /dev/null"');
		expect(unit).toContain('ExecStopPost=-+/bin/sh -c "/usr/bin/supervisorctl start shop > /dev/null"');
		expect(unit).toContain(`RuntimeMaxSec=${foregroundWindow}`);
		expect(unit).toContain('User=shop');
		expect(unit).toContain('Environment="API_KEY=a,b"');
		expect(unit).toContain('ExecStart="/srv/shop/venv/bin/gunicorn" "-b" "localhost:8000" "-w" "4" "shop:make app"');
	});

	test('beside: on the spare port, and nothing is stopped; one that a person stopped is not started', () => {
		const unit = unitOf('running', 'beside');
		expect(unit?.filter(line => line.startsWith('ExecSt'))).toEqual([
			'ExecStart="/srv/shop/venv/bin/gunicorn" "-b" "localhost:18000" "-w" "4" "shop:make app"',
		]);
		expect(unitOf('stopped', 'in its place')?.join('\n')).not.toContain('ExecStopPost');
	});

	test('no variable of the app stands in the script, which every job’s log folder keeps', () => {
		const {text} = foregroundScript({...run, situation: situation('failing'), mode: 'in its place'});
		expect(text).not.toContain('a,b');
	});

	test('the app can’t pose as the job', () => {
		expect(toldBy('answer 200 /', 'mark:')).toEqual({kind: 'output', text: 'answer 200 /'});
		expect(toldBy('mark: answer 502 /a b', 'mark:')).toEqual({kind: 'answer', status: 502, page: '/a b'});
		expect(toldBy('mark: nonsense', 'mark:')).toBeUndefined();
		expect(toldBy('    ~~~^^^', 'mark:')).toBeUndefined();
	});
});

function never(): never {
	throw new TypeError('no program');
}
