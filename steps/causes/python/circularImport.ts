import type {Cause} from '../../../source/contract/cause.ts';
import {earlierCode} from '../../fixes/code.ts';

export const circularImport: Cause = {
	id: 'python/circular-import',
	title: ({module}) => `${module} imports itself in a circle.`,
	match: [/cannot import name '(?<name>\w+)' from partially initialized module '(?<module>[\w.]+)'/],
	means: ({name, module}) =>
		`Two modules import each other, and ${module} is asked for ${name} before it has come so far.`,
	next: () =>
		'Move one of the two imports into the function that needs it, or below what the other one wants. Then push and deploy.',
	fixes: (_, app) => earlierCode(app),
};
