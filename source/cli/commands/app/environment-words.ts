import {didYouMean} from '../../../answers/nearest.ts';
import {Trouble} from '../../../contract/trouble.ts';

/** What can be done with an app's settings, and whether it is done to one variable. */
const actions = {
	list: {takesName: false},
	get: {takesName: true},
	set: {takesName: true},
	unset: {takesName: true},
	edit: {takesName: false},
	pull: {takesName: false},
} as const;

export type EnvironmentAction = keyof typeof actions;

export type EnvironmentWords = {
	readonly host?: string;
	readonly app?: string;
	readonly action: EnvironmentAction;
	/** Of the variable. */
	readonly name?: string;
};

export const actionNames = Object.keys(actions);

const isAction = (word: string | undefined): word is EnvironmentAction => word !== undefined && word in actions;

/** Reads `[host] [app] ACTION [NAME]`; a list where no action is named. @throws Trouble for words that can't be meant */
export function readWords(words: readonly string[]): EnvironmentWords {
	const at = words.slice(0, 3).findIndex(isAction);
	const [host, app, stranger] = at === -1 ? words : words.slice(0, at);
	if (at === -1 && stranger !== undefined) throw noAction(stranger);
	const action = words[at];
	const place = {...(host !== undefined && {host}), ...(app !== undefined && {app})};
	if (!isAction(action)) return {...place, action: 'list'};
	const [name, ...more] = words.slice(at + 1);
	const {takesName} = actions[action];
	if (takesName === (name === undefined) || more.length > 0) throw wrongWords(action, takesName, name, more.length > 0);
	return {...place, action, ...(name !== undefined && {name: nameIn(name, action)})};
}

/** @throws Trouble for a value that stands in the words of the command */
function nameIn(name: string, action: EnvironmentAction): string {
	if (!name.includes('=')) return name;
	throw wrongWords(action, true, name, true);
}

function noAction(word: string): Trouble {
	return new Trouble({
		what: `“${word}” is nothing that env does.`,
		means: 'Nothing was done.',
		next: didYouMean(word, Object.keys(actions)),
		code: 'unknown-action',
	});
}

function wrongWords(action: string, takesName: boolean, name: string | undefined, isMore: boolean): Trouble {
	if (action === 'set' && name !== undefined && isMore) {
		return new Trouble({
			what: 'A value does not stand in the words of a command.',
			means: 'Everyone on this machine can read them, and your shell keeps them. Nothing was done.',
			next: 'Leave it out and type it when you are asked, or give it on stdin: boxwizard env HOST set NAME --yes < value.txt',
			code: 'value-in-words',
		});
	}

	return new Trouble({
		what: takesName ? `${action} wants the name of one variable.` : `${action} takes no name.`,
		means: 'Nothing was done.',
		next: `Write it as: boxwizard env HOST APP ${action}${takesName ? ' NAME' : ''}`,
		code: 'bad-words',
	});
}
