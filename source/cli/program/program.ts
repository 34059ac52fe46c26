import {Command} from 'commander';
import packageJson from '../../../package.json' with {type: 'json'};
import {addApps} from './apps.ts';
import {addCompletion} from './completion.ts';
import {examples, exits, refuseFlagsAsValues} from './flags.ts';
import {addInside} from './inside.ts';
import {addLocal} from './local.ts';
import {addMaintenance} from './maintenance.ts';
import {addSetupCommands} from './setup.ts';

/** The whole command line. Nothing but commander is loaded with it: each command brings what it needs. */
export function createProgram(): Command {
	const boxwizard = new Command('boxwizard')
		.description('From a bare Linux server to your own app over HTTPS, screen by screen.')
		.version(packageJson.version, '-V, --version')
		.configureHelp({showGlobalOptions: true})
		.showSuggestionAfterError(true)
		.addHelpText('after', `${examples(['', 'setup root@203.0.113.7', 'practice', 'check 203.0.113.7'])}\n${exits}`)
		.usage('[command] [options]')
		.argument('[words...]')
		.action(async (words: string[], _options, command: Command) => {
			await (await import('../commands/local/home.tsx')).home(
				words,
				command.commands.map(one => one.name()),
			);
		})
		.exitOverride();
	addSetupCommands(boxwizard);
	addApps(boxwizard);
	addInside(boxwizard);
	addMaintenance(boxwizard);
	addLocal(boxwizard);
	addCompletion(boxwizard);
	refuseFlagsAsValues(boxwizard);
	return boxwizard;
}
