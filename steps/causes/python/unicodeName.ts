import type {Cause} from '../../../source/contract/cause.ts';
import {earlierCode} from '../../fixes/code.ts';

/** The guide: some \N{…} names work on one's own machine and not on the server. Stick with the hex numbers. */
export const unicodeName: Cause = {
	id: 'python/unicode-name',
	title: () => 'A \\N{…} name is one that this Python does not know.',
	match: [/unknown Unicode character name/, /malformed \\N character escape/],
	over: ['python/syntax'],
	means: () =>
		'Names of characters come with Python’s version: a newer one on your machine knows more of them than the one on the box.',
	next: () =>
		'Write the number in place of the name, such as \\U0001F389 for PARTY POPPER. Then push and deploy again.',
	fixes: (_, app) => earlierCode(app),
};
