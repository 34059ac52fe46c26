import type {Command} from 'commander';
import {
	aboutApp,
	aboutBox,
	answering,
	changing,
	collect,
	connecting,
	examples,
	exits,
	kindOption,
	looking,
	orAsFile,
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
	aboutApp(
		looking(writing(talking(changing(answering(connecting(boxwizard.command('setup'))))))),
		'the app whose set-up goes on, where the box carries several',
	)
		.description('Set a box up, or go on where it stopped')
		.option('--yes', 'take every default and ask nothing')
		.addHelpText(
			'after',
			`${examples([
				'setup root@203.0.113.7',
				'setup root@203.0.113.7 --repository https://github.com/you/blog.git',
				'setup root@203.0.113.7 --kind python --answers boxwizard.yml --host-key SHA256:… --identity ~/.ssh/id_ed25519 --yes',
				'setup root@203.0.113.7 --set domain=blog.example.com --password-stdin --json < password.txt',
			])}\n${exits}`,
		)
		.action(async (host, app, options) => (await import('../commands/box/setup.tsx')).setup(host, app, options));
	talking(changing(answering(connecting(boxwizard.command('resume')))))
		.description('Go on where the last run stopped, and say where that was')
		.argument('[host]', `its name or address; ${orAsFile}, else the box seen last of those that wait`)
		.argument('[app]', 'the app whose set-up goes on, where the box carries several')
		.option('--yes', 'ask nothing')
		.addHelpText('after', `${examples(['resume', 'resume blog.example.com --yes'])}\n${exits}`)
		.action(async (host, app, options) => (await import('../commands/box/resume.ts')).resume(host, app, options));
}

function addReports(boxwizard: Command): void {
	aboutApp(talking(answering(connecting(boxwizard.command('plan')))), 'an app’s name: the box, and that one alone')
		.description('Show every command and file change, and touch nothing')
		.addHelpText(
			'after',
			examples(['plan 203.0.113.7', 'plan 203.0.113.7 blog', 'plan root@203.0.113.7 --answers boxwizard.yml']),
		)
		.action(async (host, app, options) => (await import('../commands/box/plan.ts')).plan(host, app, options));
	aboutApp(talking(answering(connecting(boxwizard.command('check')))), 'an app’s name: the box, and that one alone')
		.description('Look whether everything is still in place, and touch nothing')
		.addHelpText(
			'after',
			`${examples(['check 203.0.113.7', 'check 203.0.113.7 blog', 'check 203.0.113.7 --json'])}\n${exits}`,
		)
		.action(async (host, app, options) => (await import('../commands/box/check.ts')).check(host, app, options));
}

/** What changes a box that stands. */
function addChanges(boxwizard: Command): void {
	aboutBox(talking(changing(unlocking(connecting(boxwizard.command('undo'))))))
		.description('Take back one step, or all of them, last one first')
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
