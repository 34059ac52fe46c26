import type {Command} from 'commander';
import {suggesting} from './completion.ts';
import {aboutApp, changing, connecting, examples, orAsFile, talking} from './flags.ts';

/** What is done inside an app: its settings, and commands in its place. */
export function addInside(boxwizard: Command): void {
	addEnvironment(boxwizard);
	addCommands(boxwizard);
}

function addEnvironment(boxwizard: Command): void {
	suggesting(talking(changing(connecting(boxwizard.command('env')))), [
		['host', 'app', 'action'],
		['app', 'action'],
		['action'],
	])
		.description('The app’s settings (.env): list, get NAME, set NAME, unset NAME, edit, pull')
		.argument('[words...]', `[host] [app], ${orAsFile}; then list, get NAME, set NAME, unset NAME, edit or pull`)
		.option('--output <file>', 'of pull: where to', '.env')
		.option('--force', 'of pull: replace the file')
		.option('--yes', 'without asking')
		.addHelpText(
			'after',
			`${examples([
				'env 203.0.113.7 list',
				'env 203.0.113.7 blog get MAIL_SENDER',
				'env 203.0.113.7 blog set API_KEY --yes < key.txt',
				'env 203.0.113.7 blog edit',
			])}
  A value is typed, or comes on stdin: the words of a command can be read by everyone on this machine.`,
		)
		.action(async (words, options) => (await import('../commands/app/environment.ts')).environment(words, options));
}

function addCommands(boxwizard: Command): void {
	suggesting(connecting(boxwizard.command('run')), [['host', 'app'], ['app']])
		.description('Run a command in an app: as its user, in its live release, with its environment')
		.argument('[words...]', `[host] [app], ${orAsFile}; then -- and the command`)
		.addHelpText(
			'after',
			`${examples(['run 203.0.113.7 -- flask db current', 'run 203.0.113.7 blog -- python -c "print(1)" < input.txt'])}
  Ends with the command’s own exit code.`,
		)
		.action(async (words, options) => {
			const {before, after} = aroundHyphens(words, process.argv);
			await (await import('../commands/app/run.ts')).run(before, after, options);
		});
	aboutApp(connecting(boxwizard.command('console')))
		.description('Open an app’s own shell: flask shell, else Python')
		.addHelpText('after', examples(['console 203.0.113.7', 'console 203.0.113.7 blog']))
		.action(async (host, app, options) => (await import('../commands/app/run.ts')).openConsole(host, app, options));
	aboutApp(connecting(boxwizard.command('db')))
		.description('Open the shell of an app’s database, as the app’s own user of it')
		.addHelpText('after', examples(['db 203.0.113.7', 'db 203.0.113.7 blog < query.sql']))
		.action(async (host, app, options) => (await import('../commands/app/run.ts')).openDatabase(host, app, options));
}

/** The words before and behind “--”: commander hands them over as one list. @param line the whole command line */
export function aroundHyphens(
	words: readonly string[],
	line: readonly string[],
): {readonly before: readonly string[]; readonly after: readonly string[]} {
	const hyphens = line.indexOf('--');
	const count = hyphens === -1 ? 0 : line.length - hyphens - 1;
	return {before: words.slice(0, words.length - count), after: words.slice(words.length - count)};
}
