import {z} from 'zod';
import {daysUntil, reminderDays} from '../../source/contract/due.ts';
import type {StepList} from '../../source/contract/kind.ts';
import type {Options} from '../../source/contract/option.ts';
import {defineStep, type Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {options as shared} from '../options/shared.ts';
import {authorityOptions, certbotCommand, serverWords} from './authority.ts';
import {certificate} from './certificate.ts';
import {readCertificate} from './facts.ts';

const stepOptions = z.object({
	domain: shared.domain,
	aliases: shared.aliases,
	force: z.boolean().default(false).meta({title: 'Force', description: 'Also a certificate that has time.'}),
	...authorityOptions,
});

type StepOptions = Options<(typeof stepOptions)['shape']>;

type Facts = {
	/** Whole days that the certificate still has. */
	readonly days: number;
};

async function check($: Probe, {domain}: StepOptions): Promise<Facts> {
	const stored = await readCertificate($, domain);
	if (!stored) throw noCertificate(domain);
	return {days: daysUntil(stored.expires, Date.now())};
}

/** certbot itself renews in the last month (or third); what has more time is left alone, since the authority counts. */
const hasTime = ({days}: Facts, {force}: StepOptions): boolean => !force && days > reminderDays[0];

/** The words that renew the one certificate. */
function renewWords(options: StepOptions): string[] {
	const name = ['--cert-name', options.domain];
	return [...certbotCommand(options), 'renew', '--no-random-sleep-on-renew', ...name, ...serverWords(options)];
}

/** The same way on the authority's test server: its failures cost nothing. */
export const renewalTrial = defineStep({
	id: 'tls/renewalTrial',
	title: 'Trial renewal',
	why: 'The way to a new certificate is walked on the authority’s test server first. What fails there changes nothing, and is not counted.',
	options: stepOptions,
	check,
	done: hasTime,
	apply($, _facts, options) {
		$`${renewWords(options)} --dry-run`;
	},
});

/** A new certificate now, and the proof that the world sees it. */
export const renewNow = defineStep({
	id: 'tls/renewNow',
	title: 'Renew now',
	why: 'A new certificate for the same names, in place of the one that ends. nginx takes it up without a pause.',
	options: stepOptions,
	check,
	done: hasTime,
	apply($, _facts, options) {
		$`${renewWords(options)} --force-renewal`;
		// Where the renewal step was left out, nobody else tells nginx.
		$`nginx -t -q`;
		$.service('nginx', 'reload');
	},
	verify: async ($, options) => await certificate.verify?.($, {...options, app: '', email: ''}),
});

/** What a renewal by hand does: no part of a set-up. */
export const renewing: StepList = {
	steps: [renewalTrial, renewNow],
	defaults: {},
};

function noCertificate(domain: string): Trouble {
	return new Trouble({
		what: `certbot on the box keeps no certificate for ${domain}.`,
		means: 'There is nothing to renew: it was never issued, was taken back, or somebody else’s program keeps it.',
		next: 'Have one issued: boxwizard setup HOST. Or look on the box: sudo certbot certificates',
		code: 'no-certificate',
	});
}
