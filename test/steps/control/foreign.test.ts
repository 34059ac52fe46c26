import {describe, expect, test} from 'vitest';
import type {ForeignProgram} from '../../../source/contract/status.ts';
import {record} from '../../../source/remote/recorder.ts';
import {foreignLogs, foreignService} from '../../../steps/control/foreign.ts';

const program = (name: string, manager: ForeignProgram['manager'], logs: readonly string[] = []): ForeignProgram => ({
	name,
	manager,
	state: 'up',
	logs,
});

describe('a program that is not boxwizard’s', () => {
	test.each([
		['jobs:one', 'supervisor', 'supervisorctl restart jobs:one'],
		['cron-mailer', 'systemd', 'systemctl restart cron-mailer.service'],
	] as const)('%s is restarted by %s alone', (name, manager, command) => {
		const operations = record($ => foreignService(program(name, manager))?.act($, 'restart'));
		expect(operations.map(operation => ('command' in operation ? operation.command : operation))).toEqual([command]);
	});

	test.each(['all', '--version', '*', 'a b', '$(id)', 'a;b', ''])('of the name “%s” is not handed to one', name => {
		expect(foreignService(program(name, 'supervisor'))).toBeUndefined();
		expect(foreignService(program(name, 'systemd'))).toBeUndefined();
	});

	test('has the logs that its process manager keeps', () => {
		expect(foreignLogs(program('crawler', 'supervisor', ['/var/log/crawler.log'])).map(({from}) => from)).toEqual([
			{file: '/var/log/crawler.log'},
		]);
		expect(foreignLogs(program('bot', 'systemd')).map(({from}) => from)).toEqual([
			{journal: ['_SYSTEMD_UNIT=bot.service']},
		]);
	});
});
