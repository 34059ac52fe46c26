import type {Cause} from '../../../source/contract/cause.ts';
import {earlierCode} from '../../fixes/code.ts';

export const syntax: Cause = {
	id: 'python/syntax',
	title: ({what}) => `The code has a fault that Python can’t read: ${what}.`,
	match: [/^\s*(?:SyntaxError|IndentationError|TabError): (?<what>.+?)(?: \([\w./-]+, line \d+\))?$/],
	means: () => 'Python refuses the whole file, so the app can’t start. The lines above it name the file and the line.',
	next: () => 'Mend that line on your machine, start the app there once, push, and deploy again.',
	fixes: (_, app) => earlierCode(app),
};
