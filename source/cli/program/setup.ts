import type {Command} from 'commander';
import {
	aboutApp,
	answering,
	changing,
	collect,
	connecting,
	examples,
	exits,
	kindOption,
	talking,
	unlocking,
	writing,
} from './flags.ts';

/** What brings a box to where it shall be, looks at it, and takes it back. */
export function addSetupCommands(boxwizard: Command): void {
	addSetup(boxwizard);
	addReports(boxwizard);
	addChanges(boxwizard);
}

function addSetup(boxwizard: Command): void {
	boxwizard
		.command('init')
		.description('Write a commented answers file, with its JSON Schema for editors')
		.addOption(kindOption())
		.option('--output <file>', 'where to', 'boxwizard.yml')
		.option('--force', 'replace the file')
		.addHelpText('after', examples(['init', 'init --kind python --output microblog.yml']))
		.action(async options => (await import('../commands/local/init.ts')).init(options));
	writing(talking(changing(answering(connecting(boxwizard.command('setup'))))))
		.description('Set a box up, or go on where it stopped')
		.argument('[host]', '[user@]host[:port]')
		.option('--yes', 'take every default and ask nothing')
		.addHelpText(
			'after',
			`${examples([
				'setup root@203.0.113.7',
				'setup root@203.0.113.7 --kind python --answers boxwizard.yml --host-key SHA256:… --identity ~/.ssh/id_ed25519 --yes',
				'setup root@203.0.113.7 --set domain=blog.example.com --password-stdin --json < password.txt',
			])}\n${exits}`,
		)
		.action(async (host, options) => (await import('../commands/box/setup.tsx')).setup(host, options));
	talking(changing(answering(connecting(boxwizard.command('resume')))))
		.description('Go on where the last run stopped, and say where that was')
		.argument('[host]', 'its name or address; otherwise the box seen last of those that wait')
		.option('--yes', 'ask nothing')
		.addHelpText('after', `${examples(['resume', 'resume blog.example.com --yes'])}\n${exits}`)
		.action(async (host, options) => (await import('../commands/box/resume.ts')).resume(host, options));
}

function addReports(boxwizard: Command): void {
	talking(answering(connecting(boxwizard.command('plan'))))
		.description('Show every command and file change, and touch nothing')
		.argument('[host]', '[user@]host[:port]')
		.addHelpText('after', examples(['plan 203.0.113.7', 'plan root@203.0.113.7 --answers boxwizard.yml']))
		.action(async (host, options) => (await import('../commands/box/plan.ts')).plan(host, options));
	aboutApp(talking(answering(connecting(boxwizard.command('check')))))
		.description('Look whether everything is still in place, and touch nothing; with an app, the box and that one')
		.addHelpText(
			'after',
			`${examples(['check 203.0.113.7', 'check 203.0.113.7 blog', 'check 203.0.113.7 --json'])}\n${exits}`,
		)
		.action(async (host, app, options) => (await import('../commands/box/check.ts')).check(host, app, options));
}

/** What changes a box that stands. */
function addChanges(boxwizard: Command): void {
	talking(changing(unlocking(connecting(boxwizard.command('undo')))))
		.description('Take back one step, or all of them, last one first')
		.argument('[host]', '[user@]host[:port]')
		.argument('[step]', 'its name, as plan and check show it: ssh/hardening')
		.option('--all', 'everything that boxwizard did')
		.option('--app <name>', 'the app whose step it is; without a step, all that was done for that app')
		.option('--confirm <name>', 'the name of an app or a database that may be dropped; may be given again', collect)
		.option('--yes', 'without asking; what holds data is dropped only with --confirm')
		.addHelpText(
			'after',
			examples([
				'undo 203.0.113.7 web/nginx',
				'undo 203.0.113.7 web/nginx --app blog',
				'undo 203.0.113.7 --all',
				'undo 203.0.113.7 --all --yes --confirm microblog',
			]),
		)
		.action(async (host, step, options) => (await import('../commands/box/undo.ts')).undo(host, step, options));
}
