import {isAlias, isMap, isScalar, LineCounter, type Pair, parseDocument, visit, type YAMLMap} from 'yaml';
import {z} from 'zod';
import type {Catalogue, Kind} from '../contract/kind.ts';
import type {Step} from '../contract/step.ts';
import {Trouble} from '../contract/trouble.ts';
import {type Answers, optionsOf} from './answers.ts';
import {didYouMean} from './nearest.ts';
import type {Option} from './option.ts';

/** An answers file, read: flat, by option name. Secrets never stand in it. */
export type AnswersFile = {readonly kind?: string; readonly answers: Answers};

/** Characters; an honest file has a few thousand. */
const largest = 64 * 1024;

/** A fault of the file and where it is. */
type Fault = {readonly line: number; readonly column: number; readonly message: string};

/**
 * Reads an answers file. The kind is the one the file names, else the one given.
 * @param path for the messages
 * @throws Trouble that names every fault with its line and column
 */
export function readAnswersFile(text: string, path: string, catalogue: Catalogue, wanted?: string): AnswersFile {
	if (text.length > largest) throw refused(path, [{line: 1, column: 1, message: 'It is larger than 64 KB'}]);
	const lines = new LineCounter();
	const document = parse(text, path, lines);
	const at = (offset: number | undefined, message: string): Fault => {
		const {line, col} = lines.linePos(offset ?? 0);
		return {line, column: col, message};
	};

	const faults = document.errors.map(error => at(error.pos[0], firstLine(error.message)));
	visit(document, {
		Alias: (_key, node) => {
			faults.push(at(node.range?.[0], 'References (*name) are not taken: write the value itself'));
		},
	});
	if (faults.length > 0) throw refused(path, faults);
	if (document.contents === null) return {answers: {}, ...(wanted !== undefined && {kind: wanted})};
	if (!isMap(document.contents)) throw refused(path, [at(0, 'Needs lines of “option: value”')]);
	const reading = readPairs(document.contents, catalogue, wanted, at);
	if (reading.faults.length > 0) throw refused(path, reading.faults);
	return {answers: reading.answers, ...(reading.kind !== undefined && {kind: reading.kind})};
}

/** What a repository says of its app in a file of its own. */
export type StatedAnswers = AnswersFile & {
	/** Why nothing of it was taken. */
	readonly fault?: string;
};

/**
 * Reads the answers file that lies in a repository. It may be anybody's: only what is about the app itself is taken, and a fault in it is no
 * reason to stop.
 * @param taken whether an option is taken from there
 */
export function readStatedAnswers(
	text: string,
	path: string,
	catalogue: Catalogue,
	taken: (option: string) => boolean,
): StatedAnswers {
	try {
		const {kind, answers} = readAnswersFile(text, path, catalogue);
		const given = Object.entries(answers).filter(([name, value]) => value !== null && taken(name));
		return {answers: Object.fromEntries(given), ...(kind !== undefined && {kind})};
	} catch (error) {
		if (!(error instanceof Trouble)) throw error;
		return {answers: {}, fault: error.evidence[0] ?? error.what};
	}
}

function parse(text: string, path: string, lineCounter: LineCounter) {
	try {
		return parseDocument(text, {lineCounter, prettyErrors: false, strict: true, uniqueKeys: true, logLevel: 'error'});
	} catch (error) {
		// A tower of brackets exhausts the stack of any parser.
		if (error instanceof RangeError) throw refused(path, [{line: 1, column: 1, message: 'It is nested too deeply'}]);
		throw error;
	}
}

type Reading = {kind: string | undefined; answers: Record<string, unknown>; faults: Fault[]};

function readPairs(
	map: YAMLMap,
	catalogue: Catalogue,
	wanted: string | undefined,
	at: (offset: number | undefined, message: string) => Fault,
): Reading {
	const {kinds} = catalogue;
	const named = map.get('kind') ?? presentName(map.get(formerKey), kinds) ?? wanted;
	const kind = kinds.find(candidate => candidate.name === named) ?? kinds[0];
	const options = kind ? askable(catalogue, kind) : [];
	const reading: Reading = {kind: named === undefined ? undefined : String(named), answers: {}, faults: []};
	for (const pair of map.items) {
		const name = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
		// Where it runs is no answer: commands read it for themselves.
		if (name === 'host') continue;
		const isKind = name === 'kind' || (name === formerKey && !map.has('kind'));
		const message = isKind ? kindProblem(named, kinds) : pairProblem(name, plainValue(pair), options);
		const place = message?.of === 'value' ? rangeOf(pair.value) : rangeOf(pair.key);
		if (message) reading.faults.push(at(place ?? rangeOf(pair.key), message.text));
		else if (!isKind) reading.answers[name] = answerOf(name, plainValue(pair), options);
	}

	return reading;
}

/** What `kind` was called in files of version 0.1. */
const formerKey = 'recipe';

function presentName(named: unknown, kinds: readonly Kind[]): unknown {
	return kinds.find(({formerNames = []}) => formerNames.includes(String(named)))?.name ?? named;
}

type PairProblem = {readonly of: 'name' | 'value'; readonly text: string};

function kindProblem(named: unknown, kinds: readonly Kind[]): PairProblem | undefined {
	const names = kinds.map(kind => kind.name);
	if (names.includes(String(named))) return undefined;
	return {of: 'value', text: `There is no kind of app “${String(named)}”. ${didYouMean(String(named), names)}`};
}

function pairProblem(name: string, value: unknown, options: readonly Option[]): PairProblem | undefined {
	const option = options.find(candidate => candidate.name === name);
	if (!option) {
		const names = options.filter(({kind}) => kind !== 'secret').map(candidate => candidate.name);
		return {of: 'name', text: `There is no option “${name}”. ${didYouMean(name, names)}`};
	}

	if (value === null) return undefined;
	if (option.kind === 'secret') {
		const text = `“${name}” is a secret and never stands in a file: boxwizard asks for it, or makes it and keeps it in your keychain`;
		return {of: 'name', text};
	}

	const problem = option.problem(answerOf(name, value, options));
	return problem === undefined ? undefined : {of: 'value', text: `${name}: ${problem}`};
}

/** YAML 1.2 takes yes and no for texts: a yes-no option means them as people do. */
function answerOf(name: string, value: unknown, options: readonly Option[]): unknown {
	const option = options.find(candidate => candidate.name === name);
	return option?.kind === 'yes-no' && typeof value === 'string' ? option.fromText(value) : value;
}

const plainValue = (pair: Pair): unknown => {
	const {value} = pair;
	if (value === null || value === undefined || isAlias(value)) return null;
	return isScalar(value) ? value.value : (value as {toJSON(): unknown}).toJSON();
};

const rangeOf = (node: unknown): number | undefined =>
	(node as {readonly range?: readonly number[]} | null)?.range?.[0];

const firstLine = (text: string): string => text.split('\n')[0] ?? text;

function refused(path: string, faults: readonly Fault[]): Trouble {
	return new Trouble({
		what: `The answers file has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}.`,
		means: 'Nothing was done.',
		next: 'Mend it where the lines below point to, then try again. “boxwizard init” writes a fresh one.',
		evidence: faults.map(({line, column, message}) => `${path}:${line}:${column} ${message}`),
		code: 'answers-file',
	});
}

/** What an answers file may hold: all options but those that are worked out. */
function askable(catalogue: Catalogue, kind: Kind): Option[] {
	return optionsOf(stepsOf(catalogue, kind)).filter(({meta}) => !meta.derived);
}

function stepsOf({box, afterApps}: Catalogue, {steps}: Kind): readonly Step[] {
	return [...box, ...steps, ...afterApps];
}

/** A commented answers file for a box and an app of a kind, with the answers that are known already. */
export function writeAnswersFile(catalogue: Catalogue, kind: Kind, schemaFile: string): string {
	const head = [
		`# yaml-language-server: $schema=./${schemaFile}`,
		`# Answers for “${kind.title}”: boxwizard setup root@HOST --answers THIS_FILE`,
		'# Lines that begin with # are left to their default. Secrets never stand here: they are asked for or made.',
		'',
		`kind: ${kind.name}`,
		'',
		'# The box: [user@]host[:port]. Once it stands here, commands in this folder need not name it.',
		'# host: 203.0.113.7',
	];
	const body = askable(catalogue, kind)
		.filter(option => option.kind !== 'secret')
		.flatMap(option => ['', ...paragraph(option, kind.defaults[option.name] ?? option.fallback)]);
	return `${[...head, ...body].join('\n')}\n`;
}

function paragraph(option: Option, value: unknown): string[] {
	const {meta, kind} = option;
	const when = Object.entries(meta.when ?? {}).map(([name, values]) => `${name} is ${values.join(' or ')}`);
	return [
		`# ${option.title}${meta.description ? `: ${meta.description}` : ''}`,
		...(kind === 'choice' ? [`# One of: ${option.choices.join(', ')}`] : []),
		...(when.length > 0 ? [`# Only where ${when.join(' and ')}`] : []),
		value === undefined && !option.optional && when.length === 0
			? `${option.name}:${meta.placeholder ? ` # ${meta.placeholder}` : ''}`
			: `# ${option.name}: ${value === undefined ? (meta.placeholder ?? '') : JSON.stringify(value)}`,
	];
}

/** What a folder keeps of an app that stands: where it runs, and what it was set up with. Secrets never stand in it. */
export function writeProjectFile(host: string, kind: string, answers: Answers): string {
	const lines = Object.entries(answers)
		.filter(([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0))
		.map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
	return [
		'# Where this app runs, and what it was set up with: boxwizard in this folder needs no host and no name.',
		`host: ${JSON.stringify(host)}`,
		`kind: ${kind}`,
		...lines,
		'',
	].join('\n');
}

/** The JSON Schema (2020-12) of such an answers file, for editors. */
export function answersSchema(catalogue: Catalogue, kind: Kind): Record<string, unknown> {
	const steps = stepsOf(catalogue, kind);
	const shape = Object.assign({}, ...steps.toReversed().map(step => step.options.shape));
	const hidden = optionsOf(steps).filter(({kind: sort, meta}) => sort === 'secret' || meta.derived);
	for (const {name} of hidden) delete shape[name];
	const schema = z.toJSONSchema(z.object(shape).partial(), {io: 'input', unrepresentable: 'any'});
	const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => [name, editorWords(property)]);
	return {
		$schema: schema.$schema,
		title: `boxwizard answers: ${kind.title}`,
		type: 'object',
		properties: {
			kind: {const: kind.name},
			host: {type: 'string', description: 'The box: [user@]host[:port]. Commands in this folder need not name it.'},
			...Object.fromEntries(properties),
		},
		additionalProperties: false,
	};
}

/** What an editor can use; a blank line is taken for no answer. */
function editorWords(property: unknown): Record<string, unknown> {
	const {
		when: _when,
		detail: _detail,
		generate: _generate,
		ofApp: _ofApp,
		placeholder,
		...rest
	} = property as Record<string, unknown>;
	const examples = placeholder === undefined ? {} : {examples: [placeholder]};
	return {...rest, ...examples};
}
