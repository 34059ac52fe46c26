import type {Command} from 'commander';
import {answering, collect, connecting, examples, exits, talking, unlocking} from './flags.ts';

/** What is done with the apps of a box. */
export function addApps(boxwizard: Command): void {
	talking(answering(connecting(boxwizard.command('add'))))
		.description('Bring another app to a box that is set up; asks only about the app')
		.argument('<host>', '[user@]host[:port]')
		.option('--yes', 'take every default and ask nothing')
		.addHelpText(
			'after',
			`${examples(['add 203.0.113.7', 'add 203.0.113.7 --set app=blog --set domain=blog.example.org --set repository=https://github.com/you/blog.git --yes'])}\n${exits}`,
		)
		.action(async (host, options) => (await import('../commands/app/add.ts')).add(host, options));
	talking(unlocking(connecting(boxwizard.command('remove'))))
		.description('Take an app off a box, its data saved first; the other apps run on')
		.argument('<host>', '[user@]host[:port]')
		.argument('<app>', 'its name')
		.option('--confirm <name>', 'the name of the app, whose data may be dropped', collect)
		.option('--yes', 'without asking; what holds data is dropped only with --confirm')
		.addHelpText('after', examples(['remove 203.0.113.7 blog', 'remove 203.0.113.7 blog --yes --confirm blog']))
		.action(async (host, app, options) => (await import('../commands/app/remove.ts')).remove(host, app, options));
}
