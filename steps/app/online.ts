import {isIPv6} from 'node:net';
import {z} from 'zod';
import type {Options} from '../../source/contract/option.ts';
import type {Fetched} from '../../source/contract/outside.ts';
import {defineStep, type Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {options as shared} from '../options/shared.ts';

const stepOptions = z.object({domain: shared.domain, aliases: shared.aliases});

type StepOptions = Options<(typeof stepOptions)['shape']>;

/** What is wrong as a visitor sees it, and what to do about it. */
type Fault = {readonly what: string; readonly next: string};

/** The end of a set-up: the app, fetched as a visitor would from the person's machine. Nothing is done, only looked at. */
export const online = defineStep({
	id: 'app/online',
	title: 'Online',
	why: 'The app is fetched over HTTPS from this machine, as a visitor would. What works on the box alone may still be hidden by a firewall, a proxy or a wrong record.',
	needs: ['tls/certificate'],
	options: stepOptions,
	async check($, options) {
		return {faults: await findFaults($, options)};
	},
	done: ({faults}) => faults.length === 0,
	apply: () => undefined,
	async verify($, options) {
		const faults = await findFaults($, options);
		const [first] = faults;
		if (!first) return;
		throw new Trouble({
			what: `Visitors do not see the app: ${first.what}.`,
			means: 'The box is set up, but something between a visitor and the app does not work yet.',
			next: first.next,
			evidence: faults.map(({what}) => what),
			code: 'not-online',
		});
	},
});

/** All names at all of their addresses, side by side: one fetch more costs no time. */
async function findFaults($: Probe, options: StepOptions): Promise<Fault[]> {
	const faults = await Promise.all(
		[...new Set([options.domain, ...options.aliases])].map(async name => {
			// What the authoritative servers say: this machine's resolver may still remember that there was nothing.
			const [v4, v6] = await Promise.all([
				$.outside.resolve(name, 'A', 'authority'),
				$.outside.resolve(name, 'AAAA', 'authority'),
			]);
			const addresses = [...v4, ...v6];
			if (addresses.length === 0) {
				return [{what: `${name} has no address in DNS`, next: 'Run the DNS step again.'}];
			}

			return await Promise.all(addresses.map(address => faultsAt($, name, address)));
		}),
	);
	return faults.flat(2);
}

async function faultsAt($: Probe, name: string, address: string): Promise<Fault[]> {
	const [secure, plain] = await Promise.all([
		attempt($.outside.fetch(`https://${name}/`, {address})),
		attempt($.outside.fetch(`http://${name}/`, {address, method: 'HEAD'})),
	]);
	// A machine without IPv6 learns nothing about a box's IPv6 address.
	if (isIPv6(address) && [secure, plain].every(cannotReach)) return [];
	return [...secureFaults(name, address, secure), ...plainFaults(name, address, plain)];
}

function secureFaults(name: string, address: string, answer: Fetched | Trouble): Fault[] {
	if (answer instanceof Trouble) return [faultOf(answer)];
	// A first page that is not there, or wants a login, is the app's own word.
	if (answer.status < 500) return [];
	const next =
		answer.status >= 502 && answer.status <= 504
			? 'nginx runs, but the app behind it does not answer: read its log on the box.'
			: 'Read the app’s log on the box: it answers with an error of its own.';
	return [{what: `https://${name}/ at ${address} answers ${answer.status}`, next}];
}

function plainFaults(name: string, address: string, answer: Fetched | Trouble): Fault[] {
	if (answer instanceof Trouble) return [faultOf(answer)];
	const {location = ''} = answer.headers;
	if (answer.status >= 300 && answer.status < 400 && location.startsWith('https://')) return [];
	return [
		{
			what: `http://${name}/ at ${address} is not sent on to https (${answer.status} ${location})`.trimEnd(),
			next: 'Run the web server step again.',
		},
	];
}

function faultOf(trouble: Trouble): Fault {
	return {what: trouble.what.replace(/\.$/, ''), next: trouble.next};
}

function cannotReach(answer: Fetched | Trouble): boolean {
	return answer instanceof Trouble && answer.code === 'no-route';
}

async function attempt(fetched: Promise<Fetched>): Promise<Fetched | Trouble> {
	return await fetched.catch((error: unknown) => {
		if (error instanceof Trouble) return error;
		throw error;
	});
}
