import {z} from 'zod';
import {type Secret, secretly} from '../../source/contract/secret.ts';
import {hostnameSchema} from '../options/hostname.ts';
import {secret} from '../options/secret.ts';

/** Asked only where mail goes through somebody else's server. */
const when = {mail: ['relay']};

/** Where mail is handed over, and with which account. */
export const relayOptions = {
	relayHost: hostnameSchema.meta({
		title: 'Relay',
		description: 'The server of your mail provider that takes mail for sending.',
		placeholder: 'smtp.mailprovider.com',
		when,
	}),
	relayPort: z.number().int().min(1).max(65_535).default(587).meta({
		title: 'Relay port',
		description: '587, or 2525 where your hosting provider closes 587 too.',
		detail: true,
		when,
	}),
	relayUser: z
		.string()
		.regex(/^[^\s:]+$/, 'A name without spaces and colons')
		.meta({title: 'Relay user', description: 'The account there: often your whole address.', when}),
	relayPassword: secret({
		title: 'Relay password',
		description: 'Of that account; many providers have a key for programs.',
		when,
		recall: () => "sed -n 's/^[^ ]* [^:]*://p' /etc/postfix/sasl_passwd",
	}),
};

export type Relay = {
	readonly relayHost: string;
	readonly relayPort: number;
	readonly relayUser: string;
	readonly relayPassword: Secret;
};

/** How main.cf names it: in brackets, so that no MX record is asked for. */
export function relayAddress({relayHost, relayPort}: Pick<Relay, 'relayHost' | 'relayPort'>): string {
	return `[${relayHost}]:${relayPort}`;
}

/** Read only by root. As `texthash` it needs no postmap, and leaves no second copy of the password. */
export const passwordFile = '/etc/postfix/sasl_passwd';

export function passwordLine(relay: Relay): Secret {
	return secretly`${relayAddress(relay)} ${relay.relayUser}:${relay.relayPassword}\n`;
}
