import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {dependencies} from '../../python/dependencies.ts';
import {web} from '../../python/server.ts';
import {packages} from '../../services/packages.ts';

export const missingProgram: Cause = {
	id: 'process/missing-program',
	title: ({path = 'The program'}) => `${path} is not there, or can’t be run.`,
	match: [
		/Failed at step EXEC spawning (?<path>\S+):/,
		/Failed to (?:locate|execute) (?:executable )?(?<path>[^\s:]+)/,
		/status=203\/EXEC/,
		/can't find command '(?<path>[^']+)'/,
		/couldn't exec (?<path>[^\s:]+)/,
	],
	from: ['output', 'log', 'box'],
	means: (_, {configuration}) =>
		`The command in ${configuration} names a program that is not installed: most often the virtual environment is gone or was made elsewhere.`,
	next: () => 'Make the environment anew, or correct the path of the command.',
	fixes: (_, app) =>
		app.isOwn
			? [
					fixByStep(dependencies, 'Make the environment anew'),
					fixByStep(web, 'Write the app server’s settings again'),
					fixByStep(packages, 'Install the app’s packages again'),
				]
			: [],
};
