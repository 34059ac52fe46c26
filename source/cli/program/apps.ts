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
	looking,
	talking,
	unlocking,
	writing,
} from './flags.ts';

/** What is done with the apps of a box. */
export function addApps(boxwizard: Command): void {
	addComing(boxwizard);
	addDeploy(boxwizard);
	addRollback(boxwizard);
	addViews(boxwizard);
}

/** How an app comes to a box, and goes. */
function addComing(boxwizard: Command): void {
	aboutBox(looking(writing(talking(changing(answering(connecting(boxwizard.command('add'))))))))
		.description('Bring another app to a box that is set up; asks only about the app')
		.option('--yes', 'take every default and ask nothing')
		.addHelpText(
			'after',
			`${examples(['add 203.0.113.7', 'add 203.0.113.7 --repository https://github.com/you/blog.git --set domain=blog.example.org --yes'])}\n${exits}`,
		)
		.action(async (host, options) => (await import('../commands/app/add.ts')).add(host, options));
	aboutApp(talking(changing(unlocking(connecting(boxwizard.command('remove'))))))
		.description('Take an app off a box, its data saved first; the other apps run on')
		.option('--confirm <name>', 'the name of the app, whose data may be dropped', collect)
		.option('--yes', 'without asking; what holds data is dropped only with --confirm')
		.addHelpText('after', examples(['remove 203.0.113.7 blog', 'remove 203.0.113.7 blog --yes --confirm blog']))
		.action(async (host, app, options) => (await import('../commands/app/remove.ts')).remove(host, app, options));
}

function addDeploy(boxwizard: Command): void {
	aboutApp(talking(changing(unlocking(connecting(boxwizard.command('deploy'))))))
		.description(
			'Show what the newest commit of the branch brings, and bring it live; the version that runs serves until then',
		)
		.option('--ref <name>', 'another version, this once: a branch, a tag or a commit')
		.option('--yes', 'without asking')
		.addHelpText(
			'after',
			`${examples(['deploy 203.0.113.7', 'deploy 203.0.113.7 blog', 'deploy 203.0.113.7 blog --ref v1.4', 'deploy 203.0.113.7 --json --yes'])}\n${exits}`,
		)
		.action(async (host, app, options) => (await import('../commands/app/deploy.ts')).deploy(host, app, options));
}

function addRollback(boxwizard: Command): void {
	aboutApp(unlocking(connecting(boxwizard.command('releases'))))
		.description('List the versions of an app that lie on its box, the newest first')
		.option('--json', 'one JSON object per line')
		.addHelpText('after', examples(['releases 203.0.113.7', 'releases 203.0.113.7 blog --json']))
		.action(async (host, app, options) => (await import('../commands/app/releases.ts')).releases(host, app, options));
	aboutApp(talking(changing(unlocking(connecting(boxwizard.command('rollback'))))))
		.description('Have the version before take over again, where its code fits the tables; the database stays as it is')
		.option('--to <release>', 'another one: its name or its commit, as `releases` lists them')
		.option('--code-only', 'also where its code does not fit the tables')
		.option('--yes', 'without asking')
		.addHelpText(
			'after',
			`${examples(['rollback 203.0.113.7', 'rollback 203.0.113.7 blog', 'rollback 203.0.113.7 blog --to 88b0e12a --yes'])}\n${exits}`,
		)
		.action(async (host, app, options) => (await import('../commands/app/rollback.ts')).rollback(host, app, options));
}

/** What shows the apps of a box. */
function addViews(boxwizard: Command): void {
	aboutBox(boxwizard.command('apps'))
		.description('List the apps of a box, as this machine knows them')
		.option('--json', 'one JSON object per line')
		.addHelpText('after', examples(['apps 203.0.113.7', 'apps blog.example.com --json']))
		.action(async (host, options) => (await import('../commands/box/apps.ts')).apps(host, options));
	aboutApp(talking(connecting(boxwizard.command('status'))))
		.description(
			'What runs, which version, since when, its memory, restarts and certificate; of all boxes where none is named',
		)
		.option('--all', 'all boxes, whatever boxwizard.yml says')
		.addHelpText(
			'after',
			`${examples(['status', 'status 203.0.113.7', 'status 203.0.113.7 blog --json'])}
${exits}
  Of status: 2 when an app does not run, or a box does not answer.`,
		)
		.action(async (host, app, options) => (await import('../commands/box/status.ts')).status(host, app, options));
	aboutApp(boxwizard.command('open'))
		.description('Open an app’s site in the browser')
		.option('--print', 'print its address instead')
		.option('--json', 'the address as a JSON object')
		.addHelpText('after', examples(['open 203.0.113.7', 'open 203.0.113.7 blog', 'open 203.0.113.7 blog --print']))
		.action(async (host, app, options) => (await import('../commands/app/open.ts')).open(host, app, options));
}
