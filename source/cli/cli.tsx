/*
 * The command line, and the one place where steps, screens and transports meet: its rooms are in commands/.
 * Nothing but commander is loaded here; each command brings what it needs.
 */
import {Command, CommanderError} from 'commander';
import packageJson from '../../package.json' with {type: 'json'};
import {addApps} from './program/apps.ts';
import {addCompletion} from './program/completion.ts';
import {examples, exits, refuseFlagsAsValues} from './program/flags.ts';
import {addInside} from './program/inside.ts';
import {addLocal} from './program/local.ts';
import {addMaintenance} from './program/maintenance.ts';
import {addSetupCommands} from './program/setup.ts';
import {exitCodes, Interrupted, report, watchReader} from './terminal/output.ts';

function program(): Command {
	const boxwizard = new Command('boxwizard')
		.description('From a bare Linux server to your own app over HTTPS, screen by screen.')
		.version(packageJson.version, '-V, --version')
		.configureHelp({showGlobalOptions: true})
		.showSuggestionAfterError(true)
		.addHelpText('after', `${examples(['', 'setup root@203.0.113.7', 'practice', 'check 203.0.113.7'])}\n${exits}`)
		.usage('[command] [options]')
		.argument('[words...]')
		.action(async (words: string[], _options, command: Command) => {
			await (await import('./commands/local/home.tsx')).home(
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

/** Runs a command line and answers its exit code. */
export async function main(words: readonly string[]): Promise<number> {
	try {
		const boxwizard = program();
		process.exitCode = exitCodes.fine;
		await boxwizard.parseAsync([...words], {from: 'user'});
		return Number(process.exitCode);
	} catch (error) {
		// Commander has said what is wrong, with the nearest match; help and version are no errors.
		if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.error;
		if (error instanceof Interrupted) return exitCodes.interrupted;
		report(error, words.includes('--json'));
		return exitCodes.error;
	}
}

watchReader();
process.exitCode = await main(process.argv.slice(2));
