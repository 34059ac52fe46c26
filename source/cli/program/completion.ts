import {Argument, type Command, type Option} from 'commander';
import {examples} from './flags.ts';

/** What a word of a command may be, beside an option. */
export type WordKind = 'host' | 'app' | 'action';

/** What each word of a command may be, by its place; for commands whose arguments do not say it by their own names. */
const wordKinds = new WeakMap<Command, readonly (readonly WordKind[])[]>();

/** Says what the words of a command may be, for the shell's completion. */
export function suggesting(command: Command, words: readonly (readonly WordKind[])[]): Command {
	wordKinds.set(command, words);
	return command;
}

/** A word that the shell may offer, and what it is. */
export type Suggestion = {readonly word: string; readonly what: string};

/** What this machine knows: asked for only where it is needed, since the person waits at each press of Tab. */
export type Known = {
	hosts(): readonly Suggestion[];
	/** The apps of the box that is named, else of the one that boxwizard.yml names. */
	apps(host: string | undefined): readonly Suggestion[];
	actions(): readonly Suggestion[];
};

export const shells = ['bash', 'zsh', 'fish'] as const;

/** The scripts for shells, and the hidden command that they ask. */
export function addCompletion(boxwizard: Command): void {
	boxwizard
		.command('completion')
		.description('Print the completion script of a shell: commands, options, your boxes and apps on Tab')
		.addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(shells))
		.addHelpText(
			'after',
			examples([
				'completion bash > ~/.local/share/bash-completion/completions/boxwizard',
				'completion zsh > ~/.zfunc/_boxwizard',
				'completion fish > ~/.config/fish/completions/boxwizard.fish',
			]),
		)
		.action(async shell => (await import('../commands/local/completion.ts')).completion(shell));
	boxwizard
		.command('complete', {hidden: true})
		.argument('[words...]')
		.addHelpText('after', examples(['complete -- deploy ""']))
		.action(async (words, _options, command: Command) => {
			const {complete} = await import('../commands/local/completion.ts');
			await complete(known => suggestions(command.parent ?? command, words, known));
		});
}

/**
 * What may stand in place of the last word, which may have begun. Nothing where a file is wanted: shells complete those
 * themselves. Pure, but for what `known` asks.
 */
export function suggestions(program: Command, words: readonly string[], known: Known): Suggestion[] {
	const typed = words.at(-1) ?? '';
	const {command, rest} = commandOf(program, words.slice(0, -1));
	if (rest.includes('--')) return [];
	const before = optionOf(command, rest.at(-1));
	if (before && (before.required || before.optional)) return request(choicesOf(before), typed);
	if (typed.startsWith('-')) return request(command.options.filter(({hidden}) => !hidden).map(asSuggestion), typed);
	const below = command.commands.filter(one => !isHidden(one));
	const named = rest.length === 0 ? below.map(one => ({word: one.name(), what: one.description()})) : [];
	const given = operands(command, rest);
	return request([...named, ...wordsFor(command, given, known)], typed);
}

/** The command that the first words name, and what follows. */
function commandOf(program: Command, words: readonly string[]): {command: Command; rest: readonly string[]} {
	const [first, ...rest] = words;
	const below = program.commands.find(one => one.name() === first);
	return below ? commandOf(below, rest) : {command: program, rest: words};
}

function isHidden(command: Command): boolean {
	return (command as Command & {readonly _hidden?: boolean})._hidden === true;
}

function optionOf(command: Command, word: string | undefined): Option | undefined {
	return command.options.find(option => option.long === word || (option.short !== undefined && option.short === word));
}

const choicesOf = ({argChoices = []}: Option): Suggestion[] => argChoices.map(word => ({word, what: ''}));

const asSuggestion = ({long, short, description}: Option): Suggestion => ({
	word: long ?? short ?? '',
	what: description,
});

/** The words that are neither options nor their values. */
function operands(command: Command, words: readonly string[]): string[] {
	return words.filter((word, index) => {
		const before = optionOf(command, words[index - 1]);
		return !word.startsWith('-') && !(before && (before.required || before.optional));
	});
}

function wordsFor(command: Command, given: readonly string[], known: Known): Suggestion[] {
	const argument = command.registeredArguments[given.length] ?? command.registeredArguments.at(-1);
	const isNext = argument !== undefined && (argument.variadic || given.length < command.registeredArguments.length);
	if (!isNext) return [];
	if (argument.argChoices) return argument.argChoices.map(word => ({word, what: ''}));
	const kinds = wordKinds.get(command)?.[given.length] ?? kindsOf(argument.name());
	return kinds.flatMap(kind => {
		switch (kind) {
			case 'host':
				return known.hosts();
			case 'app':
				return known.apps(given[0]);
			case 'action':
				return known.actions();
			default:
				return kind satisfies never;
		}
	});
}

/** What an argument takes, by its name. In a folder with boxwizard.yml, an app may stand in the host's place. */
function kindsOf(name: string): readonly WordKind[] {
	if (name === 'host' || name === 'hosts') return ['host', 'app'];
	return name === 'app' || name === 'service' ? ['app'] : [];
}

function request(all: readonly Suggestion[], typed: string): Suggestion[] {
	return all.filter(({word}, index) => word.startsWith(typed) && all.findIndex(one => one.word === word) === index);
}
