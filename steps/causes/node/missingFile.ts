import type {Cause} from '../../../source/contract/cause.ts';
import {earlierCode} from '../../fixes/code.ts';

export const missingNodeFile: Cause = {
	id: 'node/missing-file',
	title: ({module}) => `The app’s own file ${module} is not there.`,
	match: [/Cannot find module '(?<module>\.{0,2}\/[^']*)'/],
	means: () =>
		'A file that the code asks for is not in this release: not committed, not built yet, or its name differs in capital letters, which count on Linux.',
	next: () =>
		'See `git status` on your machine, and whether a build (npm run build) makes it. Then push and deploy again.',
	fixes: (_, app) => earlierCode(app),
};
