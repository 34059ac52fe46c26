import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {switchRelease} from '../../app/switchRelease.ts';
import {web} from '../../python/server.ts';

export const missingFolder: Cause = {
	id: 'process/missing-folder',
	title: (_, {folder}) => `The working directory ${folder} is not there.`,
	match: [
		/Failed at step CHDIR spawning/,
		/Changing to the requested working directory failed/,
		/status=200\/CHDIR/,
		/couldn't chdir to (?<path>\S+): ENOENT/,
	],
	from: ['output', 'log', 'box'],
	over: ['process/missing-program'],
	means: (_, {configuration}) =>
		`${configuration} starts the program in a folder that does not exist, so nothing of it runs.`,
	next: () => 'Correct the working directory, or put the release back in its place.',
	fixes: (_, app) =>
		app.isOwn
			? [
					fixByStep(web, 'Write the app server’s settings again'),
					fixByStep(switchRelease, 'Switch to the release that is ready'),
				]
			: [],
};
