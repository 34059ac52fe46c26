import {randomBytes} from 'node:crypto';
import type {Box} from '../contract/box.ts';
import {buildCommand, quote} from '../contract/command.ts';
import type {Argument, FileFact, Probe} from '../contract/step.ts';
import {Trouble} from '../contract/trouble.ts';

type Asked<Value> = {
	readonly promise: Promise<Value>;
	readonly resolve: (value: Value) => void;
	readonly reject: (reason: unknown) => void;
};

/**
 * A Probe over a box. What is asked within one tick travels as one script, equal questions once: checking a whole box
 * costs as many round trips as its longest chain of questions, whatever the number of steps.
 */
export function createProbe(box: Pick<Box, 'run' | 'outside'>): Probe {
	let commands = new Map<string, Asked<string>>();
	let files = new Map<string, Asked<FileFact | null>>();

	const flush = () => {
		const [askedCommands, askedFiles] = [commands, files];
		commands = new Map();
		files = new Map();
		ask(box, askedCommands, askedFiles).catch((error: unknown) => {
			for (const asked of [...askedCommands.values(), ...askedFiles.values()]) asked.reject(error);
		});
	};

	const join = <Value>(map: Map<string, Asked<Value>>, key: string): Promise<Value> => {
		if (commands.size + files.size === 0) setImmediate(flush);
		const asked = map.get(key) ?? Promise.withResolvers<Value>();
		map.set(key, asked);
		return asked.promise;
	};

	return Object.assign(
		(pieces: TemplateStringsArray, ...values: readonly Argument[]) => join(commands, buildCommand(pieces, values)),
		{file: (path: string) => join(files, plainPath(path)), outside: box.outside},
	);
}

/** Answers come as cleaned lines: a name with a newline or an escape would not be known again. @throws TypeError */
function plainPath(path: string): string {
	if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(path))
		throw new TypeError(`Not a path that can be asked for: ${JSON.stringify(path)}`);
	return path;
}

async function ask(
	box: Pick<Box, 'run'>,
	commands: ReadonlyMap<string, Asked<string>>,
	files: ReadonlyMap<string, Asked<FileFact | null>>,
): Promise<void> {
	const folder = `/run/boxwizard-${randomBytes(12).toString('hex')}`;
	const questions = [...commands.keys()];
	if (files.size > 0) questions.push(filesQuestion([...files.keys()]));
	const {stdout, stderr} = await box.run(batch(folder, questions));
	const answers = splitAnswers(stdout, folder);
	// No answer is not an empty answer: steps would take it for a bare box.
	if (answers.length !== questions.length) throw notAnswered(answers.length, questions.length, stderr);
	for (const [index, asked] of [...commands.values()].entries()) asked.resolve(answers[index] ?? '');
	const facts = fileFacts(answers[commands.size] ?? '');
	for (const [path, asked] of files) asked.resolve(facts.get(path) ?? null);
}

/** A command and its words, plain or as `quote` writes them: nothing that bash could not read. */
const plainCommand =
	/^(?!(?:if|then|elif|else|fi|for|select|while|until|do|done|case|esac|in|function|time|coproc)\b)[\w./-]+(?: (?:[\w%+,./:=@-]|'[^']*'|\\')+)*$/;

/** `eval` keeps a question that bash can't read from taking the others with it. For a plain command it would only cost a process more. */
function readable(question: string): string {
	return plainCommand.test(question) ? question : `eval ${quote(question)}`;
}

/**
 * One script that answers all questions side by side. The folder's name can't be guessed, so no answer can pose as
 * another.
 */
function batch(folder: string, questions: readonly string[]): string {
	return [
		'export LC_ALL=C.UTF-8',
		`mkdir -m 0700 ${folder} && cd / || exit 1`,
		`trap 'rm -rf ${folder}' EXIT`,
		...questions.map((question, index) => `( ${readable(question)} ) > ${folder}/${index} 2> /dev/null < /dev/null &`),
		'wait',
		`: > ${folder}/end`,
		`tail -v -n +1 ${[...questions.keys(), 'end'].map(name => `${folder}/${name}`).join(' ')}`,
	].join('\n');
}

/** The answers in their order; only those that are followed by another one, or by the end, are whole. */
function splitAnswers(stdout: string, folder: string): string[] {
	const pieces = `\n${stdout}`.split(new RegExp(`\\n==> ${folder}/\\w+ <==\\n`));
	return pieces.slice(1, -1).map(withoutLastNewlines);
}

function notAnswered(answered: number, asked: number, stderr: string): Trouble {
	return new Trouble({
		what: `The box answered ${answered} of ${asked} questions.`,
		means:
			'How it stands is not known, so nothing is done. Most likely /run is full, or an answer was longer than 8 MB.',
		next: 'Look at `df -h /run` and `free -m` on the box, and retry.',
		evidence: stderr.split('\n').filter(line => line !== ''),
		code: 'not-answered',
	});
}

/** Three processes for all files. `-z` keeps sha256sum from escaping names. */
function filesQuestion(paths: readonly string[]): string {
	const quoted = paths.map(quote).join(' ');
	return `stat -L -c '= %a %U:%G %n' -- ${quoted}; sha256sum -z -- ${quoted} | tr '\\0' '\\n'`;
}

function fileFacts(answer: string): Map<string, FileFact> {
	const permissions = new Map<string, {mode: string; owner: string}>();
	const facts = new Map<string, FileFact>();
	for (const line of answer.split('\n')) {
		const stat = /^= (\d+) (\S+) (.*)$/.exec(line);
		if (stat) permissions.set(stat[3] ?? '', {mode: (stat[1] ?? '').padStart(4, '0'), owner: stat[2] ?? ''});
		const sum = /^([0-9a-f]{64}) [ *](.*)$/.exec(line);
		const known = sum && permissions.get(sum[2] ?? '');
		if (sum && known) facts.set(sum[2] ?? '', {digest: sum[1] ?? '', ...known});
	}
	return facts;
}

/** By counting from the end: a pattern for it takes minutes over an answer of many newlines. */
function withoutLastNewlines(text: string): string {
	let end = text.length;
	while (text[end - 1] === '\n') end -= 1;
	return text.slice(0, end);
}
