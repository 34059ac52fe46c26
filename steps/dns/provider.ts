import {z} from 'zod';
import type {Options} from '../../source/contract/option.ts';
import type {DnsRecord, Hand} from '../../source/contract/step.ts';
import {hostnameSchema} from '../options/hostname.ts';
import {secret} from '../options/secret.ts';

const rfc2136Only = {dnsProvider: ['rfc2136']};

/** The answers that say who makes the records, and how. */
export const providerOptions = {
	dnsProvider: z.enum(['manual', 'rfc2136']).default('manual').meta({
		title: 'Records made',
		description:
			'manual: by you, at your DNS provider. rfc2136: by boxwizard, on a name server that takes signed updates (BIND, Knot, PowerDNS).',
		detail: true,
		alike: true,
	}),
	dnsServer: z.string().regex(/^\S+$/, 'The address of a name server, such as ns1.example.com or 192.0.2.53').meta({
		title: 'Name server',
		description: 'The one that takes the updates: the primary of the zone.',
		placeholder: 'ns1.example.com',
		when: rfc2136Only,
		detail: true,
		alike: true,
	}),
	dnsZone: hostnameSchema.meta({
		title: 'Zone',
		description: 'The domain that the name server holds.',
		placeholder: 'example.com',
		when: rfc2136Only,
		detail: true,
		alike: true,
	}),
	dnsKey: z
		.string()
		.regex(/^[\w.-]+$/, 'The name of a TSIG key, as in the name server’s configuration')
		.meta({
			title: 'Key name',
			description: 'The TSIG key (hmac-sha256) that may change the zone.',
			when: rfc2136Only,
			detail: true,
			alike: true,
		}),
	dnsSecret: secret({
		title: 'Key secret',
		description: 'The key’s secret, in base64.',
		when: rfc2136Only,
		detail: true,
		alike: true,
	}),
};

type ProviderOptions = Options<typeof providerOptions>;

/** Who makes records and takes them back. */
export interface DnsProvider {
	/** Whether it makes a record of this name by itself. */
	takes(name: string): boolean;
	/** Each record replaces what stood under its name and type. */
	make($: Hand, records: readonly DnsRecord[]): void;
	/** Takes back exactly these. */
	undo($: Hand, records: readonly DnsRecord[]): void;
}

/** The person makes the records; the step shows which, and watches for them. */
const manual: DnsProvider = {takes: () => false, make: () => undefined, undo: () => undefined};

/** Dynamic updates of one zone (RFC 2136). Names outside it are left to the person. */
function rfc2136(options: ProviderOptions): DnsProvider {
	const server = {
		server: options.dnsServer,
		zone: options.dnsZone,
		key: options.dnsKey,
		secret: options.dnsSecret,
	};
	const takes = (name: string) => name === server.zone || name.endsWith(`.${server.zone}`);
	const send = ($: Hand, records: readonly DnsRecord[], action: 'make' | 'undo') => {
		const ours = records.filter(({name}) => takes(name));
		if (ours.length > 0) $.records(server, ours, action);
	};
	return {
		takes,
		make: ($, records) => send($, records, 'make'),
		undo: ($, records) => send($, records, 'undo'),
	};
}

export function providerOf(options: ProviderOptions): DnsProvider {
	return options.dnsProvider === 'manual' ? manual : rfc2136(options);
}
