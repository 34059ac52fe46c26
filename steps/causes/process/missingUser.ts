import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {layout} from '../../app/layout.ts';

export const missingUser: Cause = {
	id: 'process/missing-user',
	title: (_, {user}) => `The user ${user} does not exist on the box.`,
	match: [
		/Failed at step USER spawning/,
		/status=217\/USER/,
		/Failed to determine user credentials/,
		/Invalid user name (?<user>\S+)/,
	],
	from: ['output', 'log', 'box'],
	over: ['process/missing-program', 'process/missing-folder'],
	means: () => 'The app is to run as a user of its own, who is gone.',
	next: (_, {user}) => `Make the user again: useradd --system ${user}`,
	fixes: (_, {isOwn}) => (isOwn ? [fixByStep(layout, 'Make the app’s user and folders again')] : []),
};
