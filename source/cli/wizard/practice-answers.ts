import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {readPublicKeys} from '../../contract/public-key.ts';
import {Secret} from '../../contract/secret.ts';
import {openPracticeBox, type PracticeBox, practiceFolder} from '../../practice/index.ts';
import {makeKeyFile} from '../../state/local-keys.ts';
import type {PracticeStart} from './joined-wizard.ts';

/** What the wizard must know of a practice box to reach it and to fill in its forms. */
export async function practiceMeans(name: string): Promise<PracticeStart> {
	return await meansOfBox(openPracticeBox(name));
}

/** The files of one practice box that the wizard adds; they go with it. */
function filesOf(name: string): {readonly key: string; readonly vault: string; readonly knownHosts: string} {
	const folder = join(practiceFolder(), 'boxes', name);
	return {key: join(folder, 'your-key'), vault: join(folder, 'secrets.json'), knownHosts: join(folder, 'known_hosts')};
}

/** @param passing whether the box goes when the wizard ends */
export async function meansOfBox(box: PracticeBox, passing = false): Promise<PracticeStart> {
	const files = filesOf(box.name);
	if (!existsSync(files.key)) await makeKeyFile(files.key, new Secret(''));
	const acmeCa = readFileSync(box.acmeCa, 'utf8');
	return {
		target: `root@${box.address}`,
		kind: 'python',
		passing,
		connection: {
			identity: files.key,
			// Once it was accepted, it stands in known_hosts.
			...(!existsSync(files.knownHosts) && {hostKey: await hostKeyOf(box)}),
			knownHosts: files.knownHosts,
			vaultFile: files.vault,
			resolver: box.nameserver,
			acmeCa,
			practice: box.name,
			...(box.rootPassword && {password: box.rootPassword}),
		},
		answers: {
			domain: box.domain,
			user: 'jessica',
			authorizedKeys: [readFileSync(`${files.key}.pub`, 'utf8').trim()],
			email: `jessica@${box.zone}`,
			app: 'microblog',
			repository: box.repository,
			database: 'mysql',
			dnsProvider: 'rfc2136',
			dnsServer: box.nameserver,
			dnsZone: box.zone,
			dnsKey: box.tsig.name,
			dnsSecret: box.tsig.secret,
			acmeServer: box.acmeDirectory,
			acmeCa,
		},
	};
}

/** Its ed25519 fingerprint, read on its console: what a provider's page shows. */
async function hostKeyOf(box: PracticeBox): Promise<string> {
	const [key] = readPublicKeys(await box.console('cat /etc/ssh/ssh_host_ed25519_key.pub'));
	return key?.fingerprint ?? '';
}
