import type {Inside, Kind} from '../../contract/kind.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {Answers} from '../../contract/ui/setup.ts';
import type {SshBox} from '../../transport/index.ts';
import {passThrough, terminalShape} from './pass-through.ts';

/**
 * Runs something in an app on the person's own terminal, or with this program's streams where there is none, until it ends. Answers its
 * exit code. @throws Trouble where nothing of the app is live
 */
export async function runInside(
	box: SshBox,
	{inside: {isLive, script}}: Pick<Kind, 'inside'>,
	answers: Answers & {readonly app: string},
	inside: Inside,
): Promise<number> {
	const {app} = answers;
	const {stdout} = await box.run(isLive(app));
	if (stdout.trim() !== 'yes') throw nothingLive(app);
	const terminal = terminalShape();
	const program = await box.interact(script(answers, inside, terminal?.term), terminal);
	return await passThrough(program, async () => {
		await box.run(`kill -s INT -- -${program.group}`);
	});
}

function nothingLive(app: string): Trouble {
	return new Trouble({
		what: `No version of ${app} is live on this box.`,
		means: 'There is no folder and no environment to run a command in. Nothing was run.',
		next: 'Finish its set-up: boxwizard setup HOST',
		code: 'nothing-live',
	});
}
