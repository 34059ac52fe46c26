import {setTimeout as pause} from 'node:timers/promises';
import {z} from 'zod';
import type {Options} from '../../source/contract/option.ts';
import type {Certificate} from '../../source/contract/outside.ts';
import {defineStep, type Hand, type Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {options as shared} from '../options/shared.ts';
import {certbotPackages} from '../services/packages.ts';
import {reloadIfItCan} from '../web/nginx.ts';
import {authorityOptions, certbotCommand, directoryOf, serverWords} from './authority.ts';
import {liveFolder, type Renewal, readCertificate, readRenewal, type StoredCertificate} from './facts.ts';

/** How much of a certificate's life may be over: certbot renews after two thirds, so later on something is wrong with that. */
export const spentLimit = 0.84;

const stepOptions = z.object({
	domain: shared.domain,
	aliases: shared.aliases,
	app: shared.app,
	email: shared.email,
	...authorityOptions,
});

type StepOptions = Options<(typeof stepOptions)['shape']>;

/** Paths of certificate chain and key. */
type Pair = {readonly chain: string; readonly key: string};

type Facts = {
	readonly stored: StoredCertificate | null;
	readonly renewal: Renewal | null;
	/** What the site says now; null where there is no site. */
	readonly site: Pair | null;
};

/** A certificate of a public authority for all names, in the place of the self-signed one. */
export const certificate = defineStep({
	id: 'tls/certificate',
	title: 'Certificate',
	why: 'A certificate authority vouches for your names, so that browsers open the app without a warning. It is tried on the authority’s test server first, since failures on the real one are counted.',
	needs: ['web/nginx', 'tls/preflight', 'tls/authority'],
	options: stepOptions,
	packages: () => certbotPackages,
	async check($, options): Promise<Facts> {
		const [stored, renewal, site] = await Promise.all([
			readCertificate($, options.domain),
			readRenewal($, options.domain),
			readSite($, sitePath(options)),
		]);
		return {stored, renewal, site};
	},
	done: (facts, options) => valid(facts, options) && serves(facts, options),
	apply($, facts, options) {
		if (!valid(facts, options)) issue($, facts, options);
		pointSite($, sitePath(options), livePair(options));
	},
	undo($, before, options) {
		if (before.site) {
			writePair($, sitePath(options), before.site);
			reloadIfItCan($);
		}

		if (!before.stored) {
			// Also one that was never issued, since certbot failed.
			const renewal = `/etc/letsencrypt/renewal/${options.domain}.conf`;
			$`if [ -e ${renewal} ]; then certbot delete --non-interactive --cert-name ${options.domain}; fi`;
			// certbot takes the file away that it knows them by, and then them: cut off in between it leaves them.
			$`rm -rf ${[liveFolder(options.domain), `/etc/letsencrypt/archive/${options.domain}`]}`;
			// certbot's working folder, which its package leaves behind.
			$`ls /etc/letsencrypt/renewal/*.conf > /dev/null 2>&1 || rm -rf /var/lib/letsencrypt`;
		}
	},
	notUndone:
		'The certificate counts towards the authority’s limits: an issued one can’t be taken back. A certbot that was here before keeps its account with the authority.',
	async verify($, options) {
		const stored = await readCertificate($, options.domain);
		for (const name of [options.domain, ...options.aliases]) await proveServed($, name, stored);
	},
});

/** Whether the certificate that lies on the box is the one that is wanted, and fresh. One that was there before is as good. */
function valid({stored, renewal}: Facts, options: StepOptions): boolean {
	if (!stored || !renewal) return false;
	const named = [options.domain, ...options.aliases].every(name => stored.names.includes(name));
	return named && stored.spent < spentLimit && renewal.server === directoryOf(options);
}

/** Tries on the test server (certbot's --dry-run; of another authority, on the same server), then asks for the real one. */
function issue($: Hand, {renewal}: Facts, options: StepOptions): void {
	const certbot = certbotCommand(options);
	const names = [...new Set([options.domain, ...options.aliases])].flatMap(name => ['-d', name]);
	const common = [
		'--nginx',
		'--non-interactive',
		'--cert-name',
		options.domain,
		...names,
		'--key-type',
		'ecdsa',
		...serverWords(options),
	];
	const account = ['--agree-tos', '--no-eff-email', '--email', options.email];
	$`${certbot} certonly --dry-run ${common} ${account}`;
	// One of another authority, or of a test server, is not kept however fresh it is.
	const stranger = renewal !== null && renewal.server !== directoryOf(options);
	const backup = stranger ? '--force-renewal' : '--keep-until-expiring';
	$`${certbot} certonly ${backup} --renew-with-new-domains ${common} ${account}`;
}

function serves({site}: Facts, options: StepOptions): boolean {
	const live = livePair(options);
	return site?.chain === live.chain && site.key === live.key;
}

function livePair({domain}: StepOptions): Pair {
	return {chain: `${liveFolder(domain)}/fullchain.pem`, key: `${liveFolder(domain)}/privkey.pem`};
}

function sitePath({app}: StepOptions): string {
	return `/etc/nginx/sites-available/${app}`;
}

async function readSite($: Probe, path: string): Promise<Pair | null> {
	const lines = await $`grep -E ${'^[[:space:]]*ssl_certificate'} ${path}`;
	const chain = /^\s*ssl_certificate\s+([^;]+);/m.exec(lines)?.[1];
	const key = /^\s*ssl_certificate_key\s+([^;]+);/m.exec(lines)?.[1];
	return chain === undefined || key === undefined ? null : {chain, key};
}

function pointSite($: Hand, path: string, pair: Pair): void {
	writePair($, path, pair);
	$`nginx -t -q`;
	$.service('nginx', 'reload');
}

/** Only these two lines of the site are changed, marked as certbot's own installer marks them. */
function writePair($: Hand, path: string, {chain, key}: Pair): void {
	const mark = chain.startsWith('/etc/letsencrypt/') ? ' # managed by Certbot' : '';
	$.line(path, `    ssl_certificate ${chain};${mark}`, '^[[:space:]]*ssl_certificate[[:space:]]');
	$.line(path, `    ssl_certificate_key ${key};${mark}`, '^[[:space:]]*ssl_certificate_key[[:space:]]');
}

/** How often, a quarter of a second apart, nginx is asked: a reload replaces its workers one by one. */
const attempts = 20;

/** The world gets the stored certificate under this name, and this machine trusts it. @throws Trouble */
async function proveServed($: Probe, name: string, stored: StoredCertificate | null): Promise<void> {
	let seen: Certificate | undefined;
	for (let attempt = 1; attempt <= attempts; attempt++) {
		const address = await $.outside.address();
		({certificate: seen} = await $.outside.fetch(`https://${name}/`, {address, anyCertificate: true, method: 'HEAD'}));
		if (seen?.fingerprint === stored?.fingerprint) break;
		await pause(250);
	}

	if (seen?.fingerprint !== stored?.fingerprint) throw notServed(name, seen, stored);
	if (seen?.trusted !== true) throw notTrusted(name, seen);
}

function notServed(name: string, seen: Certificate | undefined, stored: StoredCertificate | null): Trouble {
	return new Trouble({
		what: `https://${name}/ is not served with the certificate that was issued.`,
		means: 'Another nginx site, or something in front of the box, answers for this name.',
		next: 'Look for the name in /etc/nginx/sites-enabled, and switch off a proxy in front of the box; then retry.',
		evidence: [
			`served: ${seen?.issuer ?? 'none'}, ${seen?.fingerprint ?? ''}`,
			`issued: ${stored?.issuer ?? 'none'}, ${stored?.fingerprint ?? ''}`,
		],
		code: 'certificate-not-served',
	});
}

function notTrusted(name: string, seen: Certificate | undefined): Trouble {
	return new Trouble({
		what: `The certificate of https://${name}/ was issued by ${seen?.issuer ?? 'nobody'}, which this machine does not trust.`,
		means: 'Browsers on machines like this one would show a warning.',
		next: 'With an authority of your own, give its certificate with --acme-ca; else see that this is a public authority.',
		code: 'certificate-untrusted',
	});
}
