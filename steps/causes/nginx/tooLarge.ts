import type {Cause} from '../../../source/contract/cause.ts';

export const tooLarge: Cause = {
	id: 'nginx/too-large',
	title: () => 'Someone uploads more than nginx lets through.',
	match: [/client intended to send too large body: (?<bytes>\d+) bytes/],
	from: ['nginx'],
	means: ({bytes = '0'}) =>
		`An upload of ${Math.ceil(Number(bytes) / 1_000_000)} MB was refused with “413 Request Entity Too Large”.`,
	next: () => 'Raise “Largest upload” (option uploadLimit) and set up again.',
};
