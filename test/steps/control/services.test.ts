import {describe, expect, test} from 'vitest';
import type {ServiceCommand} from '../../../source/contract/service.ts';
import {record} from '../../../source/remote/recorder.ts';
import {body} from '../../../source/remote/script.ts';
import {followCommand} from '../../../steps/control/programs.ts';
import {type ServiceAnswers, servicesOf} from '../../../steps/control/services.ts';

const answers: ServiceAnswers = {
	app: 'microblog',
	user: 'jessica',
	database: 'mysql',
	queue: 'microblog-tasks',
	mail: 'direct',
	search: 'none',
	supervisor: 'supervisor',
};

const named = (name: string, other: Partial<ServiceAnswers> = {}) => {
	const found = servicesOf({...answers, ...other}, {}).find(service => service.name === name);
	if (!found) throw new Error(`There is no ${name}`);
	return found;
};

const script = (name: string, action: ServiceCommand, other: Partial<ServiceAnswers> = {}) =>
	body(record($ => named(name, other).act($, action)));

test('all restart commands of the guide stand in one list, each with what it interrupts', () => {
	const services = servicesOf(answers, {});
	const commands = services.map(({command}) => command);
	expect(commands).toEqual([
		'sudo supervisorctl restart microblog microblog-second',
		'sudo supervisorctl restart microblog-worker',
		'sudo nginx -t && sudo systemctl reload nginx',
		'sudo supervisorctl reload',
		'sudo systemctl restart mysql',
		'sudo systemctl restart redis-server',
		'sudo systemctl restart postfix',
		'sudo systemctl restart fail2ban',
		'sudo sshd -t && sudo systemctl restart ssh',
		'sudo reboot',
	]);
	expect(services.filter(({interrupts}) => interrupts === undefined).map(({name}) => name)).toEqual(['nginx']);
	expect(services.filter(({stops}) => stops === undefined).map(({name}) => name)).toEqual(['ssh', 'box']);
	const names = services.flatMap(({name, also}) => [name, ...also]);
	expect(new Set(names).size).toBe(names.length);
});

test('what the app does not have is not in the list', () => {
	const few = servicesOf({...answers, database: 'sqlite', queue: '', mail: 'none', supervisor: 'systemd'}, {});
	expect(few.map(({name}) => name)).toEqual(['microblog', 'nginx', 'fail2ban', 'ssh', 'box']);
	expect(few[0]?.command).toBe('sudo systemctl restart microblog microblog-second');
	expect(named('elasticsearch', {search: 'elasticsearch'}).also).toEqual(['search']);
});

test('its log is read whichever slot it is in', () => {
	expect(followCommand('systemd', 'blog')).toBe('sudo journalctl -u blog -u blog-second -f');
	expect(followCommand('supervisor', 'blog')).toBe('sudo tail -F /var/log/supervisor/blog{,-second}.log');
});

describe('what is done', () => {
	test('ssh is checked before it restarts: its syntax, and that keys still open it', () => {
		const [syntax, keys, restart] = script('ssh', 'restart');
		expect(syntax).toBe('sshd -t');
		expect(keys).toContain("grep -qx 'pubkeyauthentication yes'");
		expect(restart).toBe('systemctl restart ssh');
	});

	test('nginx is reloaded where one says restart', () => {
		expect(script('nginx', 'restart').slice(0, 2)).toEqual(['systemctl start nginx', 'nginx -t -q']);
		expect(script('nginx', 'stop')).toEqual(['systemctl stop nginx']);
	});

	test('the app, by whoever keeps it', () => {
		const live = `"$(bash -c 'if [ -e /srv/microblog/live/second ]; then echo microblog-second; else echo microblog; fi')"`;
		expect(script('microblog', 'restart')).toEqual([
			`supervisorctl restart ${live} | tee /dev/stderr | grep -q started`,
		]);
		expect(script('microblog', 'stop')).toEqual([
			"supervisorctl stop microblog microblog-second | tee /dev/stderr | grep -qE 'stopped|not running'",
		]);
		expect(script('microblog', 'start', {supervisor: 'systemd'})).toEqual([`systemctl start ${live}`]);
		expect(script('microblog', 'stop', {supervisor: 'systemd'})).toEqual(
			['microblog', 'microblog-second'].map(
				name => `if [ -e /etc/systemd/system/${name}.service ]; then systemctl stop ${name}; fi`,
			),
		);
		expect(script('microblog-worker', 'start')).toEqual([
			'supervisorctl start microblog-worker | tee /dev/stderr | grep -q started',
		]);
	});

	test('the database, by the name that its system has', () => {
		expect(script('database', 'restart', {database: 'postgresql'})).toEqual(['systemctl restart -- postgresql']);
	});
});
