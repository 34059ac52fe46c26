import {describe, expect, it} from 'vitest';
import {suggestions} from '../../screens/box/commands.ts';
import {afterEvents, logsOf, shownLines, withNextApp, withNextKind} from '../../screens/box/logs-state.ts';
import {cellOf, linesOf, rowOf, span, widthsOf} from '../../screens/box/rows.ts';
import {changesOf, settingsOf, splitVariable, withoutVariable, withVariable} from '../../screens/box/settings-state.ts';
import {reachedWords} from '../../screens/home/home.tsx';
import {afterLook, notSeen} from '../../screens/navigation/seen.ts';
import {themeOf} from '../../screens/parts/theme.ts';
import {variableLines} from '../../source/cli/wizard/app-settings.ts';
import type {LogEvent} from '../../source/contract/log-source.ts';
import {Secret} from '../../source/contract/secret.ts';
import type {AppStatus, BoxStatus, Reached} from '../../source/contract/status.ts';
import {reachedOf} from '../../source/renewals/reach.ts';
import {parseDotenv} from '../../steps/reading/dotenv.ts';

const {marks} = themeOf({LANG: 'C.UTF-8'}, 'linux');
const day = 86_400_000;
const now = Date.parse('2026-11-27T12:00:00Z');
const status = {apps: []} as unknown as BoxStatus;

describe('what is known of a box', () => {
	const seen = afterLook(notSeen, {type: 'answered', status}, 1000);

	it('is kept while the box is away, counted from when it last answered', () => {
		const late = afterLook(seen, {type: 'late'}, 9000);
		expect(late).toEqual({status, at: 1000, away: {since: 1000}});
		expect(afterLook(late, {type: 'failed', why: 'gone'}, 20_000).away).toEqual({since: 1000, why: 'gone'});
	});

	it('says since when an app is down that was seen to fall', () => {
		const of = (app: Partial<AppStatus>) => ({...status, apps: [{name: 'gt', state: 'down', ...app} as AppStatus]});
		const up = afterLook(
			notSeen,
			{type: 'answered', status: of({state: 'up', since: '2026-11-01T00:00:00.000Z'})},
			now,
		);
		const fallen = afterLook(up, {type: 'answered', status: of({})}, now + 1000);
		const still = afterLook(fallen, {type: 'answered', status: of({})}, now + 60_000);
		expect(still.status?.apps[0]?.since).toBe(new Date(now + 1000).toISOString());
		expect(afterLook(notSeen, {type: 'answered', status: of({})}, now).status?.apps[0]?.since).toBeUndefined();
	});

	it('is new again with the next answer', () => {
		const away = afterLook(seen, {type: 'failed', why: 'gone'}, 9000);
		expect(afterLook(away, {type: 'answered', status}, 30_000)).toEqual({status, at: 30_000});
	});
});

describe('a row of the table', () => {
	const app: AppStatus = {name: 'gt', state: 'up', since: new Date(now - 3 * day).toISOString()};

	it.each([
		[62.5, '62 d'],
		[14.2, '! 14 d'],
		[-1, '! over'],
	])('marks a certificate that ends in %d days as %s', (days, words) => {
		const certificateExpires = new Date(now + days * day).toISOString();
		expect(rowOf({...app, certificateExpires}, now, marks).certificate).toBe(words);
	});

	it('fits every state, and the whole line into 76 cells', () => {
		const rows = (['up', 'starting', 'down', 'unknown'] as const).map(state =>
			rowOf({...app, state, domain: 'a-rather-long-name.practice.example.org'}, now, marks),
		);
		const widths = widthsOf(rows, 76);
		for (const row of rows) expect(row.state.length).toBeLessThanOrEqual(widths.state);
		expect(2 + Object.values(widths).reduce((sum, one) => sum + one, 0) + 5 * 2).toBeLessThanOrEqual(76);
	});

	it('keeps its widths while its numbers change', () => {
		const before = widthsOf([rowOf({...app, memory: 99 * 1024 ** 2}, now, marks)], 100);
		const after = widthsOf([rowOf({...app, state: 'down', memory: 1100 * 1024 ** 2}, now + day, marks)], 100);
		expect(after).toEqual(before);
	});

	it('is cut with an ellipsis, at either side padded to its width', () => {
		expect(cellOf('blog.practice.test', 8, '…')).toBe('blog.pr…');
		expect(cellOf('62 d', 6, '…', 'right')).toBe('  62 d');
	});

	it.each([
		[20_000, '<1 min'],
		[4 * 60_000, '4 min'],
		[5 * 3_600_000, '5 h'],
		[12 * day, '12 d'],
	])('says %d ms as %s', (milliseconds, words) => expect(span(milliseconds)).toBe(words));
});

it('what is said of a box stands in whole parts, on a second line where one is too short', () => {
	expect(linesOf(['disk 41 %', 'memory 71 %'], 30)).toEqual(['disk 41 %   memory 71 %']);
	expect(linesOf(['disk 41 %', 'memory 71 %'], 20)).toEqual(['disk 41 %', 'memory 71 %']);
});

describe('suggestions', () => {
	const titles = (text: string, isFinished = true) =>
		suggestions(text, {apps: ['gt', 'blog'], foreign: ['crawler'], services, selected: 'blog'}, isFinished).map(
			({title}) => title,
		);
	const services = [
		{name: 'database', also: ['mariadb'], stops: 'Errors.'},
		{name: 'box', also: ['reboot']},
	];

	it('are those of the selected app and of the box where nothing is typed', () => {
		expect(titles('')).toContain('Deploy blog');
		expect(titles('')).not.toContain('Deploy gt');
		expect(titles('')).toContain('Check');
	});

	it('begin with titles that begin so, then say what they do', () => {
		expect(titles('do')[0]).toBe('Doctor');
		expect(titles('env')).toEqual(['Settings blog', 'Settings gt']);
		expect(titles('logs gt')).toEqual(['Logs gt']);
		expect(titles('nothing like it')).toEqual([]);
	});

	it('offer of a program that is not boxwizard’s what can be done with it, once it is named', () => {
		expect(titles('crawler')).toEqual([
			'Logs crawler',
			'Troubleshoot crawler',
			'Restart crawler',
			'Stop crawler',
			'Start crawler',
		]);
		expect(titles('')).not.toContain('Logs crawler');
	});

	it('offer the services of the box once one is named, and to stop only what may be stopped', () => {
		expect(titles('mariadb')).toEqual(['Restart database', 'Stop database', 'Start database']);
		expect(titles('reboot')).toEqual(['Restart box']);
		expect(titles('start maria')[0]).toBe('Start database');
		expect(titles('')).not.toContain('Restart database');
	});

	it('offer the plan of all apps only where there are several', () => {
		const alone = suggestions('plan', {apps: ['gt'], foreign: [], services, selected: 'gt'}, true).map(
			({title}) => title,
		);
		expect(alone).not.toContain('Plan of all apps');
		expect(titles('plan')).toContain('Plan of all apps');
	});

	it('offer to start over only while a set-up is not done', () => {
		expect(titles('start over')).toEqual([]);
		expect(titles('start over', false)).toEqual(['Start over']);
	});
});

describe('logs', () => {
	const line = (kind: 'app' | 'nginx' | 'mail', app: string | undefined, text: string): LogEvent => ({
		type: 'line',
		time: 0,
		kind,
		label: kind,
		...(app !== undefined && {app}),
		text,
	});
	const logs = afterEvents(logsOf('gt'), [
		line('app', 'gt', 'one'),
		line('nginx', 'gt', 'two'),
		line('app', 'blog', 'three'),
		line('mail', undefined, 'four'),
	]);
	const texts = (of: typeof logs) => shownLines(of).map(({text}) => text);

	it('are of one app, of one kind, and with a text', () => {
		expect(texts(logs)).toEqual(['one', 'two']);
		expect(texts(withNextKind(withNextKind(logs)))).toEqual(['two']);
		expect(texts({...logs, app: undefined, search: 'OUR'})).toEqual(['four']);
	});

	it('go from app to app to all', () => {
		const next = withNextApp(logs, ['gt', 'blog']);
		expect(next.app).toBe('blog');
		expect(withNextApp(next, ['gt', 'blog']).app).toBeUndefined();
	});

	it('say that the connection is gone until the next line', () => {
		const away = afterEvents(logs, [{type: 'reconnecting', attempt: 2}]);
		expect(away.reconnecting).toBe(2);
		expect(afterEvents(away, [line('app', 'gt', 'five')]).reconnecting).toBeUndefined();
	});

	it('keep the last 5000 lines', () => {
		const many = Array.from({length: 6000}, (_, index) => line('app', 'gt', String(index)));
		expect(afterEvents(logs, many).lines.at(0)).toMatchObject({text: '1000'});
	});
});

describe('settings', () => {
	const settings = settingsOf({
		file: '/srv/gt/shared/.env',
		own: [{name: 'SECRET_KEY', value: new Secret('x')}],
		further: [
			{name: 'ONE', value: new Secret('1')},
			{name: 'TWO', value: new Secret('2')},
		],
		read: () => undefined,
		problem: () => undefined,
	});

	it('say what saving would do', () => {
		const changed = withVariable(withVariable(withoutVariable(settings, 'ONE'), 'TWO', '22'), 'THREE', '3');
		expect(changesOf(changed)).toEqual(['changes TWO', 'adds THREE', 'drops ONE']);
		expect(changesOf(withVariable(settings, 'ONE', '1'))).toEqual([]);
	});

	it('read a line as a .env file has it, the value with its equals signs', () => {
		expect(splitVariable('export KEY = a=b ')).toEqual({name: 'KEY', value: 'a=b'});
		expect(splitVariable('KEY')).toBeUndefined();
	});

	it('are written so that they are read back as they were, and an empty list is an answer too', () => {
		const variables = [{name: 'QUOTED', value: new Secret('it’s "a" \\ \'b\'')}];
		expect(parseDotenv(variableLines(variables).reveal()).variables).toEqual([
			{name: 'QUOTED', value: 'it’s "a" \\ \'b\''},
		]);
		expect(variableLines([]).reveal().trim()).not.toBe('');
		expect(parseDotenv(variableLines([]).reveal())).toEqual({variables: [], wrong: []});
	});
});

describe('an app as it is reached from here', () => {
	const certificate = (days: number) => ({
		issuer: 'R3',
		names: ['gt.example.org'],
		starts: new Date(now - day).toISOString(),
		expires: new Date(now + days * day).toISOString(),
		fingerprint: '',
		trusted: true,
	});

	it('is told in words, whatever it has sent', () => {
		const words = (one: Omit<Reached, 'target' | 'app'>) => reachedWords({app: 'blog', ...one});
		expect(words({state: 'up'})).toBe('blog is up');
		expect(words({state: 'silent', problem: 'answers 502'})).toBe('blog answers 502');
		expect(words({state: 'silent'})).toBe('blog: no answer');
		expect(words({state: 'amiss', problem: 'it is for \u001b[2Jx\nevil'})).toMatch(/^blog: it is for [\w\P{Cc}]*$/u);
	});

	it('is up, amiss or silent', () => {
		expect(reachedOf({certificate: certificate(62)}, now)).toEqual({state: 'up', certificateDays: 62});
		expect(reachedOf({certificate: certificate(62), problem: 'it is for others'}, now).state).toBe('amiss');
		expect(reachedOf({certificate: certificate(-2)}, now)).toMatchObject({state: 'amiss', certificateDays: -2});
		const over = reachedOf({certificate: certificate(-2), status: 502}, now);
		expect(over).toMatchObject({state: 'silent', problem: 'answers 502; its certificate is over'});
		expect(reachedOf({problem: 'no answer'}, now)).toEqual({state: 'silent', problem: 'no answer'});
	});
});
