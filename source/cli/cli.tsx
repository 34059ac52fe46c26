/*
 * The command line, and the one place where steps, screens and transports meet: its rooms are in commands/.
 * Nothing but commander is loaded here; each command brings what it needs.
 */
import {CommanderError} from 'commander';
import {createProgram} from './program/program.ts';
import {exitCodes, Interrupted, report, watchReader} from './terminal/output.ts';

/** Runs a command line and answers its exit code. */
export async function main(words: readonly string[]): Promise<number> {
	try {
		const boxwizard = createProgram();
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
