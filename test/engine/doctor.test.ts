import {expect, test} from 'vitest';
import {z} from 'zod';
import {Disconnected} from '../../source/contract/box.ts';
import type {AppOnBox, Cause} from '../../source/contract/diagnosis/cause.ts';
import {defineExamination, type Examination, type Severity} from '../../source/contract/diagnosis/examination.ts';
import {fixOf} from '../../source/contract/diagnosis/fix.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {examine, examineAll} from '../../source/engine/doctor.ts';
import {options} from '../../steps/options/shared.ts';

type Run = (script: string) => Promise<{code: number; stdout: string; stderr: string}>;

/** A session with a box that echoes: each question is answered with `answer`. */
function sessionWith(answer: string, lose = 0) {
	let left = lose;
	const box = {
		roundTrips: 3,
		outside: {},
		run: (async script => {
			box.roundTrips += 1;
			if (left-- > 0) throw new Disconnected('gone');
			const folder = /mkdir -m 0700 (\S+)/.exec(script)?.[1] ?? '';
			const count = script.match(/^\( .* \) > \S+\/\d+ 2> /gm)?.length ?? 0;
			const names = [...Array.from({length: count}, (_, index) => String(index)), 'end'];
			return {code: 0, stderr: '', stdout: names.map(name => `==> ${folder}/${name} <==\n${answer}\n`).join('\n')};
		}) satisfies Run,
		reconnect: async () => undefined,
	};
	return {box, session: {box, journal: {}, vault: {}, holder: ''} as never};
}

const says = (id: string, severity: Severity | undefined): Examination =>
	defineExamination({
		id,
		title: id,
		options: z.object({}),
		look: async $ => ({answer: await $`echo ${id}`}),
		judge: ({answer}) => (severity ? {severity, title: id, means: '', evidence: [answer]} : undefined),
		fix: () => ({title: 'Mend it', why: '', apply: $ => $`true`}),
	}) as Examination;

async function health(examinations: readonly Examination[], answers = {}, answer = 'yes', lose = 0) {
	const {session} = sessionWith(answer, lose);
	const events = examine(examinations, session, answers);
	for (;;) {
		const next = await events.next();
		if (next.done) return next.value;
	}
}

test('all examinations ask in one round trip, and the worst finding comes first', async () => {
	const found = await health([
		says('a/note', 'note'),
		says('b/fine', undefined),
		says('c/bad', 'bad'),
		says('d/warning', 'warning'),
	]);
	expect(found.roundTrips).toBe(1);
	expect(found.findings.map(({id}) => id)).toEqual(['c/bad', 'd/warning', 'a/note']);
	expect(found.findings[0]).toMatchObject({evidence: ['yes'], fix: {id: 'fix/c-bad', title: 'Mend it'}});
	expect(found.fixes.size).toBe(3);
});

test('without the journal’s answers an examination says what it can’t know, and the others go on', async () => {
	const wants = defineExamination({
		id: 'app/wants',
		title: 'Packages',
		options: z.object({app: options.app, user: options.user}),
		look: async () => null,
		judge: () => ({severity: 'bad', title: 'never', means: '', evidence: []}),
	}) as Examination;
	const found = await health([wants, says('c/bad', 'bad')]);
	expect(found.findings.map(({id}) => id)).toEqual(['c/bad']);
	expect(found.unknown).toEqual([
		{
			id: 'app/wants',
			title: 'Packages',
			reason: 'This machine has not set the box up, and does not know its “App name”, “Your user”.',
		},
	]);
	expect((await health([wants], {app: 'microblog', user: 'jessica'})).findings).toHaveLength(1);
});

test('what can’t be seen now is no finding and no health', async () => {
	const blind = defineExamination({
		id: 'dns/blind',
		title: 'Names',
		options: z.object({}),
		look: async () => {
			throw new Trouble({what: 'No name server answers', means: '', next: ''});
		},
		judge: () => undefined,
	}) as Examination;
	expect((await health([blind])).unknown).toEqual([
		{id: 'dns/blind', title: 'Names', reason: 'No name server answers'},
	]);
});

test('a lost connection is no answer: the whole look is made again', async () => {
	const found = await health([says('c/bad', 'bad')], {}, 'yes', 1);
	expect(found.findings).toHaveLength(1);
	expect(found.roundTrips).toBe(2);
});

test('what programs said is told by its cause, with the cause’s fix where that has something to do', async () => {
	const {session} = sessionWith('');
	const down = defineExamination({
		id: 'app/down',
		title: 'down',
		options: z.object({}),
		look: async () => null,
		judge: () => ({
			severity: 'bad',
			title: 'It does not run',
			means: 'Visitors get an error.',
			evidence: ['shop FATAL'],
			said: ['Traceback (most recent call last):', 'it broke: cable'],
		}),
		fix: () => ({title: 'Start it', why: '', apply: $ => $`true`}),
	}) as Examination;
	const fix = (name: string, done: boolean) =>
		fixOf({name, title: name, why: '', check: async () => null, done: () => done, apply: $ => $`true`});
	const cause: Cause = {
		id: 'toy/broken',
		title: ({what}) => `The ${what} is broken.`,
		match: [/^it broke: (?<what>\w+)$/],
		means: 'Nothing passes.',
		next: 'Take another one.',
		fixes: () => [fix('not-needed', true), fix('mend-it', false)],
	};
	const why = {causes: [cause], appOf: async () => ({name: 'shop'}) as AppOnBox};
	const events = examineAll([{examination: down, answers: {}, why}], session);
	const next = await events.next();
	expect(next.done && next.value).toMatchObject({
		findings: [
			{
				title: 'It does not run',
				means: 'Visitors get an error. The cable is broken. Nothing passes.',
				next: 'Take another one.',
				evidence: ['shop FATAL', 'it broke: cable'],
				fix: {id: 'fix/mend-it'},
			},
		],
	});
	expect(next.done && next.value.findings[0]).not.toHaveProperty('said');
});
