import type {NamedService} from '../../source/contract/service.ts';

/** What one can do on an opened box. */
export type CommandId =
	| 'deploy'
	| 'releases'
	| 'logs'
	| 'troubleshoot'
	| 'settings'
	| 'open'
	| 'remove'
	| 'add'
	| 'check'
	| 'doctor'
	| 'undo'
	| 'undo-app'
	| 'plan'
	| 'plan-all'
	| 'shell'
	| 'console'
	| 'database'
	| 'run-in-app'
	| 'receipt'
	| 'answers-file'
	| 'run-log'
	| 'restart'
	| 'stop'
	| 'start'
	| 'start-over'
	| 'forget'
	| 'boxes';

/** One of the commands of the box's page and of the palette. */
export type Command = {
	readonly id: CommandId;
	/** The key on the box's page; none for those of the palette alone. */
	readonly key?: string;
	/** 'Deploy'; of an app's command its name follows. */
	readonly title: string;
	/** Beside its key. */
	readonly short: string;
	/** What it does, in a few words. */
	readonly does: string;
	readonly of: 'app' | 'box';
	/** A program that is not boxwizard's has it too. */
	readonly foreign?: true;
	/** The box's services have it too: all of them, or those that may be stopped. */
	readonly services?: 'all' | 'stoppable';
	/** Only while a set-up is not done. */
	readonly unfinished?: true;
	/** Only where the box carries several apps. */
	readonly several?: true;
};

export const commands: readonly Command[] = [
	{id: 'deploy', key: 'd', title: 'Deploy', short: 'deploy', does: 'bring its newest commit live', of: 'app'},
	{
		id: 'releases',
		key: 'v',
		title: 'Releases',
		short: 'releases',
		does: 'go back to a version of before',
		of: 'app',
	},
	{
		id: 'logs',
		key: 'l',
		title: 'Logs',
		short: 'logs',
		does: 'as they come, filtered and searched',
		of: 'app',
		foreign: true,
	},
	{
		id: 'troubleshoot',
		key: 't',
		title: 'Troubleshoot',
		short: 'troubleshoot',
		does: 'run it to hear what is wrong, then mend it',
		of: 'app',
		foreign: true,
	},
	{
		id: 'restart',
		key: 'r',
		title: 'Restart',
		short: 'restart',
		does: 'and prove that it runs',
		of: 'app',
		foreign: true,
		services: 'all',
	},
	{id: 'settings', key: 'e', title: 'Settings', short: 'settings', does: 'its variables: the .env file', of: 'app'},
	{id: 'open', key: 'o', title: 'Open', short: 'open', does: 'its address in your browser', of: 'app'},
	{id: 'add', key: 'a', title: 'Add an app', short: 'add an app', does: 'asks only about the new one', of: 'box'},
	{
		id: 'remove',
		key: 'D',
		title: 'Remove',
		short: 'remove',
		does: 'take it off the box; its data is saved first',
		of: 'app',
	},
	{id: 'check', key: 'c', title: 'Check', short: 'check', does: 'is all as it should be? only looks', of: 'box'},
	{id: 'doctor', key: 'x', title: 'Doctor', short: 'doctor', does: 'what has gone wrong since? only looks', of: 'box'},
	{id: 'plan', key: 'p', title: 'Plan', short: 'plan', does: 'see and change what is done', of: 'box'},
	{
		id: 'plan-all',
		title: 'Plan of all apps',
		short: 'plan of all apps',
		does: 'see what differs on the box and in each app; only looks',
		of: 'box',
		several: true,
	},
	{id: 'undo', key: 'u', title: 'Undo', short: 'undo', does: 'take back what was done', of: 'box'},
	{
		id: 'undo-app',
		title: 'Undo',
		short: 'undo',
		does: 'what was done for it alone; keeps its answers',
		of: 'app',
	},
	{
		id: 'stop',
		title: 'Stop',
		short: 'stop',
		does: 'until it is started again',
		of: 'app',
		foreign: true,
		services: 'stoppable',
	},
	{
		id: 'start',
		title: 'Start',
		short: 'start',
		does: 'what was stopped, and prove that it runs',
		of: 'app',
		foreign: true,
		services: 'stoppable',
	},
	{id: 'shell', key: 's', title: 'Shell', short: 'shell', does: 'log in with ssh; leave it to come back', of: 'box'},
	{id: 'console', title: 'Console', short: 'console', does: 'its own shell, in its live release', of: 'app'},
	{
		id: 'database',
		title: 'Database',
		short: 'database',
		does: 'the shell of its database, as its own user there',
		of: 'app',
	},
	{
		id: 'run-in-app',
		title: 'Run in',
		short: 'run in',
		does: 'a command of yours, as the app would run it',
		of: 'app',
	},
	{
		id: 'receipt',
		title: 'Receipt',
		short: 'receipt',
		does: 'write what was done, and how to undo it by hand',
		of: 'box',
	},
	{
		id: 'answers-file',
		title: 'Answers file',
		short: 'answers file',
		does: 'write boxwizard.yml here, to be filled in',
		of: 'box',
	},
	{
		id: 'run-log',
		title: 'Log of the last run',
		short: 'last run',
		does: 'each command that was really run, with what it printed',
		of: 'box',
	},
	{
		id: 'start-over',
		title: 'Start over',
		short: 'start over',
		does: 'with another kind of app or other answers',
		of: 'box',
		unfinished: true,
	},
	{
		id: 'forget',
		title: 'Forget this box',
		short: 'forget',
		does: 'what this machine knows of it; nothing on the box is touched',
		of: 'box',
	},
	{id: 'boxes', key: 'q', title: 'Your boxes', short: 'your boxes', does: 'leave this box; all runs on', of: 'box'},
];

/** A command as it can be chosen: one of an app's stands there for each app, each service and each program that is not boxwizard's, where that has it too. */
export type Suggestion = {
	readonly command: Command;
	readonly app?: string;
	readonly title: string;
	/** Other names of what it is about: 'mariadb'. */
	readonly also?: readonly string[];
};

/** What a command can be about, by name. */
export type Programs = {
	readonly apps: readonly string[];
	/** Those that are not boxwizard's. */
	readonly foreign: readonly string[];
	/** What the box has beside its apps. */
	readonly services: readonly NamedService[];
	/** The one under the hand. */
	readonly selected: string | undefined;
};

/**
 * The commands that a typed text means, the likeliest first. Without a text: those of the selected app and of the box; with
 * one, also those of the other apps, of services, and of programs that are not boxwizard's. Every word of it must begin a word of the title, else stand in what it does. Pure.
 */
export function suggestions(
	text: string,
	{apps, foreign, services, selected}: Programs,
	finished: boolean,
): readonly Suggestion[] {
	const words = text.toLowerCase().split(/\s+/).filter(Boolean);
	const named = (command: Command): readonly string[] =>
		[...apps, ...(command.foreign ? foreign : [])].sort(
			(one, other) => Number(other === selected) - Number(one === selected),
		);
	const served = ({services: which}: Command) =>
		which === undefined ? [] : services.filter(({stops}) => which === 'all' || stops !== undefined);
	const among = commands
		.filter(command => !(command.unfinished && finished) && !(command.several && apps.length < 2))
		.flatMap((command): Suggestion[] => {
			if (command.of === 'box') return [{command, title: command.title}];
			const about = (app: string) => ({command, app, title: `${command.title} ${app}`});
			if (words.length === 0) return named(command).slice(0, 1).map(about);
			return [...named(command).map(about), ...served(command).map(({name, also}) => ({...about(name), also}))];
		});
	return among
		.map(one => ({one, rank: rankOf(one, words)}))
		.filter(({rank}) => rank !== undefined)
		.sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
		.map(({one}) => one);
}

/** 0 where the words begin words of the title, 1 where some stand elsewhere; undefined where one is nowhere. */
function rankOf({command, title, also = []}: Suggestion, words: readonly string[]): number | undefined {
	const begins = (word: string) =>
		[title, ...also].flatMap(name => name.toLowerCase().split(/\s+/)).some(part => part.startsWith(word));
	const stands = (word: string) => `${title} ${also.join(' ')} ${command.does}`.toLowerCase().includes(word);
	if (words.every(begins)) return title.toLowerCase().startsWith(words.join(' ')) ? 0 : 1;
	return words.every(stands) ? 2 : undefined;
}
