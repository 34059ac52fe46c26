import {z} from 'zod';
import {fileIs} from '../../source/contract/file-fact.ts';
import {defineStep} from '../../source/contract/step.ts';
import {authorityFile, authorityOptions, authorityPath} from './authority.ts';

/** The box knows the certificate of an authority that computers don't trust by themselves, for all its apps. */
export const authorityCertificate = defineStep({
	id: 'tls/authority',
	title: 'Own authority',
	why: 'Your certificate authority is not one that computers trust by themselves. With its certificate on the box, certificates are issued and renewed by it, and by nobody in its place.',
	needs: ['services/packages'],
	options: z.object(authorityOptions),
	wanted: ({acmeCa}) => acmeCa !== '',
	check: async $ => ({file: await $.file(authorityPath)}),
	done: (facts, options) => fileIs(facts.file, authorityFile(options)),
	apply($, _facts, options) {
		$.file(authorityPath, authorityFile(options));
	},
	undo($) {
		$.restore(authorityPath);
	},
});
