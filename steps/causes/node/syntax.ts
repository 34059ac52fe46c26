import type {Cause} from '../../../source/contract/cause.ts';
import {earlierCode} from '../../fixes/code.ts';

export const nodeSyntax: Cause = {
	id: 'node/syntax',
	title: ({what}) => `The code has a fault that Node can’t read: ${what}.`,
	match: [/^SyntaxError: (?<what>(?:Unexpected|Invalid|Missing|missing|Identifier|Illegal|Cannot use import).*)$/],
	when: (_, {words}) => words.some(word => /\bnode\b|\.m?js$|npm/.test(word)),
	over: ['python/syntax'],
	means: () =>
		'The file and the line stand above it. An unexpected token may also be an older Node on the box than on your machine.',
	next: () => 'Compare `node --version` here and there; mend the line, push, and deploy again.',
	fixes: (_, app) => earlierCode(app),
};
