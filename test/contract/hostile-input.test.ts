import {execFileSync, spawnSync} from 'node:child_process';
import {copyFileSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type Option, optionOf} from '../../source/answers/option.ts';
import {quote} from '../../source/contract/command.ts';
import {Secret} from '../../source/contract/secret.ts';
import type {Step} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {record} from '../../source/remote/recorder.ts';
import {script, verbs} from '../../source/remote/script.ts';
import {parseTarget} from '../../source/transport/target.ts';
import {fuzz, patience, seed} from '../fixtures/fuzz.ts';

const root = join(import.meta.dirname, '../..');

/** What shells, ssh, git, sed, YAML and configuration files stumble over. In the sandbox below, a shell that runs one of them leaves /canary. */
const nasty = [
	'$(>/canary)',
	'`>/canary`',
	';>/canary;',
	'\n>/canary\n',
	"';>/canary;'",
	'";>/canary;"',
	'|>/canary',
	'&&>/canary',
	'$' + '{IFS}',
	'-oProxyCommand=x',
	'--',
	'..',
	'../../etc',
	'\0',
	'\r',
	'\t',
	'\\',
	'%s',
	'%n',
	'*',
	'~',
	'!',
	'#',
	'{}',
	'END',
	'\u001b[31m',
	'\u202e',
	'é',
	'漢',
	'😀',
	'xn--80ak6aa92e',
	'\ud800',
	'__proto__',
	'A'.repeat(300),
];

/** Texts that are odd by themselves, and odd ones around what would do. */
function hostileText(tame: string): fc.Arbitrary<string> {
	const odd = fc.oneof(fc.constantFrom(...nasty), fc.string({unit: 'binary', maxLength: 6}), fc.string({maxLength: 6}));
	const soft = fc.stringMatching(/^[a-z0-9_./:@=~+-]{0,12}$/);
	return fc.oneof(
		fc.tuple(odd, odd).map(parts => parts.join('')),
		fc.tuple(odd, fc.constant(tame), odd).map(parts => parts.join('')),
		fc.tuple(fc.constant(tame), odd).map(parts => parts.join('')),
		fc.tuple(fc.constant(tame), soft).map(parts => parts.join('')),
		fc.tuple(fc.nat(tame.length), odd).map(([at, text]) => tame.slice(0, at) + text + tame.slice(at)),
	);
}

/** A folder within a folder is made with two commands. */
const slashes = (text: string) => text.split('/').length;
/** A repository that is reached by ssh wants a key besides. */
const scheme = (text: string) => /^\w+:\/\//.exec(text)?.[0];

type Case = {readonly step: Step; readonly answers: Readonly<Record<string, unknown>>; readonly facts: unknown};

const isStep = (value: unknown): value is Step =>
	typeof value === 'object' && value !== null && 'check' in value && 'apply' in value && 'id' in value;

const modules: Record<string, unknown>[] = await Promise.all(
	globSync('steps/*/**/*.ts', {cwd: root}).map(path => import(join(root, path))),
);
const steps = new Map(
	modules
		.flatMap(Object.values)
		.filter(isStep)
		.map(step => [step.id, step]),
);

const revive = (text: string) =>
	JSON.parse(text, (_key, value: unknown) =>
		typeof value === 'object' && value !== null && 'secret' in value ? new Secret(String(value.secret)) : value,
	);

/** Of each step the first case that does something: facts and options under which its apply is known to work. */
const cases: Case[] = globSync('test/steps/**/*.json', {cwd: root, exclude: ['test/steps/{causes,doctor,status}/**']})
	.sort()
	.flatMap(path => {
		const file = revive(readFileSync(join(root, path), 'utf8'));
		const step = steps.get(file.step);
		const found = file.cases.find((one: {script?: unknown}) => one.script);
		if (!step || !found) return [];
		const fallbacks = Object.entries(step.options.shape).map(([name, schema]) => [
			name,
			optionOf(name, schema).fallback,
		]);
		return [{step, answers: {...Object.fromEntries(fallbacks), ...found.options}, facts: found.facts}];
	});

/** Values that would do, to compare with; none of them stands anywhere else. A line with a blank is quoted wherever it stands in another one. */
const tameText = [
	'zq tame;',
	'zqtame',
	'zqtame.example.com',
	'https://zqtame.example/x.git',
	'zq@tame.example',
	'zqtame-1234567890',
	'ZQTAME=zqtame',
];

const shaped = (option: Option, text: string): unknown => {
	if (option.kind === 'secret') return new Secret(text);
	return option.kind === 'list' || option.kind === 'lines' ? [text] : text;
};

/** A text option of a step, and a text that it takes. */
const entries = cases.flatMap(one =>
	Object.entries(one.step.options.shape).flatMap(([name, schema]) => {
		const option = optionOf(name, schema);
		if (!['text', 'secret', 'list', 'lines'].includes(option.kind)) return [];
		const tame = tameText.find(text => option.problem(shaped(option, text)) === undefined);
		return tame === undefined ? [] : [{...one, option, tame}];
	}),
);

const folder = mkdtempSync(join(tmpdir(), 'boxwizard-input-'));
const isRoot = process.getuid?.() === 0;

/** A root folder with nothing in it but bash. */
beforeAll(() => {
	if (!isRoot) return;
	const libraries = execFileSync('ldd', ['/bin/bash'], {encoding: 'utf8'}).match(/\/\S+/g) ?? [];
	for (const path of ['/bin/bash', ...libraries]) {
		mkdirSync(join(folder, dirname(path)), {recursive: true});
		copyFileSync(path, join(folder, path));
	}

	mkdirSync(join(folder, 'dev'));
	execFileSync('mknod', [join(folder, 'dev/null'), 'c', '1', '3']);
});
afterAll(() => rmSync(folder, {recursive: true}));

/** Every command as its words and what it reads, each ended by NUL, and a record by \u0001. There is no command but these. */
const prelude = `exec 8>&2
PATH=/nowhere
command_not_found_handle() { IFS= read -r -d '' fed; printf '%s\\0' "$@" "$fed" $'\\1' >&9; return 0; }
`;

/** Runs scripts side by side in the empty root, and tells what each would have run. */
function commandsOf(programs: readonly {text: string; secrets: Readonly<Record<string, Secret>>}[]): string[][][] {
	const runs = programs.map(({text, secrets}, index) => {
		const place = `/secrets-${index}`;
		mkdirSync(join(folder, place), {recursive: true});
		for (const [name, secret] of Object.entries(secrets)) writeFileSync(join(folder, place, name), secret.reveal());
		const lines = text.replace(verbs(), '').replaceAll('/secrets/', `${place}/`);
		return `( exec 9>/log-${index}; eval ${quote(lines)} ) </dev/null >/dev/null 2>&1`;
	});
	writeFileSync(join(folder, 'program'), prelude + runs.join('\n'));
	// It is over when all that a script has started is: they hold its stderr open.
	const {status, stderr} = spawnSync('chroot', [folder, '/bin/bash', '/program'], {encoding: 'utf8', timeout: 60_000});
	expect([status, stderr]).toEqual([expect.any(Number), '']);
	return programs.map((_, index) => {
		const records = readFileSync(join(folder, `log-${index}`), 'utf8')
			.split('\u0001\0')
			.slice(0, -1);
		return records.map(words => words.split('\0').slice(0, -1));
	});
}

function programOf({step, answers, facts, option}: (typeof entries)[number], text: string) {
	const value = option.parse(shaped(option, text));
	const given = {...answers, [option.name]: value} as never;
	return script(
		step.id,
		record(hand => step.apply(hand, facts, given)),
		'/secrets',
	);
}

describe('what a person, or a file, may answer', () => {
	it('is there for nearly every step', () => {
		expect(cases.length).toBeGreaterThan(20);
		expect(new Set(entries.map(({option}) => option.name)).size).toBeGreaterThan(12);
	});

	it.each(['\0', '\u001b[31m', '\u009b', '\u202e', '\u200f', '\ud800'])(
		'no option takes what can’t be seen: %j',
		unseen => {
			for (const {option, tame} of entries) {
				const found = option.problem(shaped(option, `${tame}${unseen}`));
				expect([option.name, found]).toEqual([option.name, expect.any(String)]);
			}
		},
	);

	it('a password is one line: another one would be another user’s', () => {
		const secrets = entries.filter(({option}) => option.kind === 'secret' && !option.meta.lines);
		expect(secrets.length).toBeGreaterThan(3);
		for (const {option, tame} of secrets) {
			for (const end of ['\nroot:owned', '\r', '\n']) {
				expect(option.problem(new Secret(`${tame}${end}`))).toBe('One line only');
			}
		}
	});

	const perEntry = Math.ceil((10_000 * fuzz) / entries.length);
	const compared = 2 * fuzz;

	it.runIf(isRoot)(
		'ten thousand texts are refused with a reason, or arrive as the one word or line they are',
		() => {
			let refused = 0;
			const pairs: {entry: (typeof entries)[number]; text: string}[] = [];
			for (const entry of entries) {
				const {option, tame} = entry;
				const accepted = new Set<string>();
				for (const text of fc.sample(hostileText(tame), {numRuns: perEntry, ...seed})) {
					const problem = option.problem(shaped(option, text));
					if (problem === undefined) accepted.add(text);
					else {
						refused += 1;
						expect(problem.length).toBeGreaterThan(3);
					}
				}

				// Those that hold the most that is odd, and are found again: the letter i stands in many a word.
				const oddest = [...accepted]
					.filter(
						text =>
							[text, ...labelOf(text)].every(held => held.length > 5) &&
							text !== tame &&
							slashes(text) === slashes(tame) &&
							scheme(text) === scheme(tame) &&
							// Such a one stands in .env without quotes; dotenv.test.ts has those.
							!text.endsWith('\\') &&
							(!tame.includes(' ') || quote(text) !== text),
					)
					.sort((one, other) => other.replace(/[a-z0-9]/gi, '').length - one.replace(/[a-z0-9]/gi, '').length);
				pairs.push(...oddest.slice(0, compared).map(text => ({entry, text})));
			}

			expect(refused).toBeGreaterThan(2000 * fuzz);
			expect(pairs.length).toBeGreaterThan(entries.length / 2);
			const programs = pairs.map(({entry, text}) => programOf(entry, text));
			const tame = entries.map(entry => programOf(entry, entry.tame));
			const found = commandsOf([...tame, ...programs]);
			for (const [index, {entry, text}] of pairs.entries()) {
				const expected = found[entries.indexOf(entry)] ?? [];
				expectSame(expected, found[entries.length + index] ?? [], entry, text);
			}

			expect(existsSync(join(folder, 'canary'))).toBe(false);
		},
		patience,
	);

	it.runIf(isRoot)('and the sandbox would have told', () => {
		const found = commandsOf([{text: "useradd '$(>/canary)'; cat <<'END'\n>/canary\nEND\n", secrets: {}}]);
		expect(found).toEqual([
			[
				['useradd', '$(>/canary)', ''],
				['cat', '>/canary\n'],
			],
		]);
		expect(existsSync(join(folder, 'canary'))).toBe(false);
		commandsOf([{text: 'useradd $(>/canary)', secrets: {}}]);
		expect(existsSync(join(folder, 'canary'))).toBe(true);
		rmSync(join(folder, 'canary'));
	});
});

/**
 * The same commands with the same number of words; and each word that held the tame text now holds the other one, byte
 * for byte. Both ends of a pipe come in any order.
 */
function expectSame(
	tame: readonly string[][],
	hostile: readonly string[][],
	entry: (typeof entries)[number],
	text: string,
) {
	// Between single quotes of an .env file (python-dotenv), where these two are escaped.
	const quoted = (one: string) => one.replace(/[\\']/g, '\\$&');
	// Between double quotes of what systemd and a shell read.
	const doubleQuoted = (one: string) => one.replace(/[\\"$`]/g, '\\$&');
	// A password in an address has its own characters there (RFC 3986, 2.1).
	const encoded = encodeURIComponent(text);
	// A line for a shell within a line for a shell, in a file of supervisor's.
	const inLine = (one: string) => one.replaceAll("'", "'\\''");
	const supervised = inLine(inLine(text))
		.replaceAll('%', '%%')
		.replaceAll(/\s(?=[;#])/g, "$&''");
	const shapes = (records: readonly string[][], ...texts: readonly string[]) =>
		records
			.map(words => words.map(word => (texts.some(one => word.includes(one)) ? replaceAll(word, texts) : '*')))
			.map(words => JSON.stringify(words))
			.sort();
	const where = `${entry.step.id} ${entry.option.name} ${JSON.stringify(text)}`;
	const notations = [
		text,
		inLine(text),
		supervised,
		quoted(text),
		doubleQuoted(text),
		encoded,
		quoted(encoded),
		...labelOf(text),
	];
	expect([where, ...shapes(hostile, ...notations)]).toEqual([
		where,
		...shapes(tame, entry.tame, encodeURIComponent(entry.tame), ...labelOf(entry.tame)),
	]);
}

/** The first part of a domain is a host's short name. */
const labelOf = (text: string) => (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(text) ? text.split('.').slice(0, 1) : []);

const replaceAll = (word: string, texts: readonly string[]) =>
	[...texts]
		.sort((one, other) => other.length - one.length)
		.reduce((left, text) => left.replaceAll(text, '<it>'), word);

describe('hosts', () => {
	it('ten thousand are refused with a reason, or are a host, a user and a port', () => {
		fc.assert(
			fc.property(fc.oneof(hostileText('root@box:22'), hostileText('[2001:db8::1]:22'), hostileText('box')), text => {
				try {
					const {host, user = 'x', port = 1} = parseTarget(text);
					expect(host).toMatch(/^(?:[\p{L}\p{N}_:][\p{L}\p{N}\p{M}.:%_+-]*)$/u);
					expect(user).toMatch(/^[\w.][\w.@\\-]*$/);
					expect(port).toBeGreaterThan(0);
					expect(port).toBeLessThan(65_536);
				} catch (error) {
					if (!(error instanceof Trouble)) throw error;
					expect(error.next.length).toBeGreaterThan(10);
				}
			}),
			{numRuns: 10_000 * fuzz, ...seed},
		);
	});
});
