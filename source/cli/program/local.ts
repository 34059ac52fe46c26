import {type Command, InvalidArgumentError} from 'commander';
import {aboutApp, aboutBox, examples, exits, talking} from './flags.ts';

/** What concerns this machine alone. */
export function addLocal(boxwizard: Command): void {
	addDetect(boxwizard);
	addMemory(boxwizard);
	addPractice(boxwizard);
}

function addDetect(boxwizard: Command): void {
	boxwizard
		.command('detect')
		.description('Say what an app is made of, by its files: nothing of it runs, and no server is needed')
		.argument('[place]', 'a folder, or the address of a git repository; this folder otherwise')
		.option('--kind <name>', 'look for this kind alone: python, node, elixir, command or static')
		.option('--branch <name>', 'of a repository: another branch than its own first one')
		.option('--json', 'one JSON object')
		.addHelpText(
			'after',
			`${examples(['detect', 'detect ../shop', 'detect https://github.com/you/shop.git --json'])}

Exit codes:
  0    recognised, and nothing stands in its way
  1    an error, told in words
  2    recognised, and something will fail: it says what
  3    nothing is recognised`,
		)
		.action(async (place, options) => (await import('../commands/local/detect.ts')).detect(place, options));
}

function days(value: string): number {
	if (/^[1-9]\d{0,2}$/.test(value)) return Number(value);
	throw new InvalidArgumentError('Give a number of days, 1 to 999.');
}

function addMemory(boxwizard: Command): void {
	boxwizard
		.command('hosts')
		.description('List the boxes this machine knows')
		.option('--json', 'one JSON object per line')
		.addHelpText('after', examples(['hosts', 'hosts --json']))
		.action(async options => (await import('../commands/local/hosts.ts')).hosts(options));
	aboutBox(boxwizard.command('forget'))
		.description('Forget a box that is gone: what this machine knows of it; the box itself is not touched')
		.option('--confirm <name>', 'the name of the box, where it is not to be typed')
		.option('--known-hosts <file>', 'where its host key stands, instead of ssh’s own file')
		.addHelpText('after', examples(['forget 203.0.113.7', 'forget 203.0.113.7 --confirm blog.example.com']))
		.action(async (host, options) => (await import('../commands/local/forget.ts')).forget(host, options));
	aboutApp(boxwizard.command('receipt'), 'an app’s name: what was done for that one alone')
		.description('Write what was done to a box, with every file and command, as Markdown')
		.option('--output <file>', 'where to; printed otherwise')
		.addHelpText('after', examples(['receipt blog.example.com', 'receipt blog.example.com --output receipt.md']))
		.action(async (host, app, options) => (await import('../commands/box/receipt.ts')).receipt(host, app, options));
}

function addPractice(boxwizard: Command): void {
	const practice = talking(boxwizard.command('practice'))
		.description('Go through the whole set-up on a throw-away box on this machine')
		.argument('[name]', 'the box’s name', 'microblog')
		.option('--keep', 'leave the box running at the end')
		.option('--release <name>', 'Debian release: bookworm or trixie')
		.option('--engine <name>', 'nspawn, docker or podman; the first that works here otherwise')
		.option(
			'--certificate-days <days>',
			'how long the practice certificates are valid, to see what comes before their end',
			days,
		)
		.option('--vagrantfile', 'print a Vagrantfile instead, for a virtual machine')
		.option('--yes', 'take every default, install what this machine lacks, ask nothing')
		.addHelpText(
			'after',
			`${examples(['practice', 'practice --yes --keep', 'practice list', 'practice rm microblog', 'practice --vagrantfile > Vagrantfile'])}\n${exits}`,
		)
		.action(async (name, options) => (await import('../commands/local/practice.tsx')).practice(name, options));
	practice
		.command('list')
		.description('List the practice boxes')
		.option('--json', 'one JSON object per line')
		.addHelpText('after', examples(['practice list', 'practice list --json']))
		.action(async (_options, command) =>
			(await import('../commands/local/practice-boxes.ts')).list(command.optsWithGlobals()),
		);
	practice
		.command('rm')
		.description('Remove a practice box, or “all”')
		.argument('<name>')
		.addHelpText('after', examples(['practice rm microblog', 'practice rm all']))
		.action(async name => (await import('../commands/local/practice-boxes.ts')).remove(name));
}
