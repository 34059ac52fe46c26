import {writeFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type FinishedBox, finishedBox} from './boxes/finished-box.ts';

/** What a person has, from a Windows machine: a byte order mark, CRLF, quotes and signs, an empty value, a key of several lines. */
const brought = `\ufeff# settings
export SIGNATURE="ab%cd$ef#gh"
SITE_TITLE=My Cool App
PASSWORD='p@ss "w" %s'
EMPTY=
URL=postgresql://u:p%40w@localhost/db?options=-c%20search_path=app
NOTE=a # comment
BACKSLASH='C:\\\\Users \`id\` it\\'s'
PEM="-----BEGIN X-----
AAAA
-----END X-----"
`.replaceAll('\n', '\r\n');

/** The same as python-dotenv reads it. */
const expected = {
	SIGNATURE: 'ab%cd$ef#gh',
	SITE_TITLE: 'My Cool App',
	PASSWORD: 'p@ss "w" %s',
	EMPTY: '',
	URL: 'postgresql://u:p%40w@localhost/db?options=-c%20search_path=app',
	NOTE: 'a',
	BACKSLASH: "C:\\Users `id` it's",
	PEM: '-----BEGIN X-----\nAAAA\n-----END X-----',
};

/** A command in place of migrations, which leaves what it was started with. */
const found = '/srv/microblog/shared/state/found-by-migrations';

let finished: FinishedBox;

beforeAll(async () => {
	finished = await finishedBox('quirks');
});
afterAll(async () => finished?.remove());

describe.each(['supervisor', 'systemd'])('a .env of all quirks under %s', manager => {
	test('reaches the app, its worker, migrations and what is run inside, byte for byte', {
		timeout: 400_000,
	}, async () => {
		const {box, person} = finished;
		writeFileSync(person.file('brought.env'), brought);
		const answers = [`supervisor=${manager}`, `migrate=env -0 > ${found}-${manager}`];
		const words = ['setup', box.address, '--plain', '--yes', '--secret', `environment=${person.file('brought.env')}`];
		const {code, stdout, stderr} = await person.run([...words, ...answers.flatMap(answer => ['--set', answer])]);
		expect({code, said: code === 0 ? '' : stdout.slice(-3000) + stderr}).toEqual({code: 0, said: ''});

		const pidOf = (program: string) =>
			manager === 'systemd' ? `systemctl show -P MainPID ${program}` : `supervisorctl pid ${program}`;
		const inBase64 = (source: string) => box.console(`base64 -w 0 ${source}`);
		const inside = await person.run(['run', box.address, '--', 'sh', '-c', 'env -0 | base64 -w 0']);
		const environments = {
			app: await inBase64(`/proc/$(${pidOf('microblog')})/environ`),
			worker: await inBase64(`/proc/$(${pidOf('microblog-worker')})/environ`),
			migrations: await inBase64(`${found}-${manager}`),
			run: inside.stdout,
		};
		for (const [place, encoded] of Object.entries(environments))
			expect({place, variables: variablesIn(encoded)}).toMatchObject({place, variables: expected});
	});
});

/** @param encoded pairs of NAME=value, a NUL behind each, in base64 */
function variablesIn(encoded: string): Record<string, string> {
	const pairs = Buffer.from(encoded.trim(), 'base64').toString('utf8').split('\0');
	return Object.fromEntries(pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}
