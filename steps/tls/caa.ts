import type {Probe} from '../../source/contract/step.ts';
import {type Authority, directoryOf, letsEncrypt} from './authority.ts';

/** The CAA records that hold for a name (RFC 8659, section 3: the closest ancestor that has any), and whose they are. */
export type Caa = {readonly name: string; readonly records: readonly string[]};

export async function readCaa($: Probe, domain: string): Promise<Caa> {
	const labels = domain.split('.');
	const ancestors = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
	const found = await Promise.all(
		ancestors.map(async name => ({name, records: await $.outside.resolve(name, 'CAA', 'authority')})),
	);
	return found.find(({records}) => records.length > 0) ?? {name: domain, records: []};
}

/** By what names the CA calls itself in CAA records (RFC 8555, section 7.1.1: caaIdentities); none where it doesn't say. */
export async function readIdentities($: Probe, authority: Authority): Promise<readonly string[]> {
	if (directoryOf(authority) === letsEncrypt) return ['letsencrypt.org'];
	try {
		const {body} = await $.outside.fetch(directoryOf(authority));
		const {meta} = JSON.parse(body) as {meta?: {caaIdentities?: readonly string[]}};
		return meta?.caaIdentities ?? [];
	} catch {
		// A CA inside the box's own network may be out of reach from here. It will say so itself.
		return [];
	}
}

/** Whether one of the identities may issue by the HTTP challenge (RFC 8659, section 4.2; RFC 8657 for validationmethods). */
export function allows(records: readonly string[], identities: readonly string[]): boolean {
	const issuers = records.flatMap(record => /^\d+ issue "(.*)"$/i.exec(record)?.[1] ?? []);
	if (issuers.length === 0 || identities.length === 0) return true;
	return issuers.some(issuer => {
		const [name = '', ...parameters] = issuer.split(';').map(part => part.trim());
		const methods = parameters.find(parameter => parameter.startsWith('validationmethods='))?.split('=')[1];
		return identities.includes(name) && (methods === undefined || methods.split(',').includes('http-01'));
	});
}
