import type {Cause} from '../../../source/cause.ts';
import {fixByStep} from '../../../source/fix.ts';
import {dependencies} from '../../app/dependencies.ts';
import {packages} from '../../app/packages.ts';
import {web} from '../../process/web.ts';

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
		app.ofRoad
			? [
					fixByStep(dependencies, 'Make the environment anew'),
					fixByStep(web, 'Write the app server’s settings again'),
					fixByStep(packages, 'Install the app’s packages again'),
				]
			: [],
};
