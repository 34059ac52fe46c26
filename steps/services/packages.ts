import {z} from 'zod';
import {defineStep, type Package} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {backups} from '../folders/paths.ts';
import {options} from '../options/shared.ts';
import {accountCopies} from '../system/accountCopies.ts';
import {readOs} from '../system/os.ts';
import {readInstalled} from '../system/units.ts';
import {databaseServers, dumpServer, joinedResidue, readResidue, removeLeftovers} from './leftovers.ts';

/** What the steps of every box use, and small images come without. */
const tools = ['ca-certificates', 'curl', 'logrotate', 'openssl', 'sudo', 'ufw', 'unattended-upgrades'];

/** The distribution's certbot: where there is one as a snap, that one stands for it. */
export const certbotPackages: readonly string[] = ['certbot', 'python3-certbot-nginx'];

/**
 * All that the box, its services and its apps want of the distribution, in one transaction: each step says what it works with
 * (`packages`). Some can't come with it, and their own steps install them:
 * - a time server (`system/clock`): with a wrong clock no package list is believed;
 * - the generator of locales (`system/locale`): PostgreSQL makes its databases in the language that the box has as it is installed;
 * - Elasticsearch (`services/elasticsearch`): it comes from an archive with a key of its own, which is fetched with curl;
 * - Python packages of the distribution (`app/dependencies`): only the app's code names them.
 */
export const packages = defineStep({
	id: 'services/packages',
	title: 'Packages',
	why: 'The firewall, the web server, the database, Python, git and all else that box and apps stand on, from the distribution, so that they get its security updates. What must not start before it is set up waits for its own step.',
	needs: ['system/ready'],
	installs: 'distributionPackages',
	options: z.object({
		sites: options.sites,
		distributionPackages: z
			.array(z.custom<Package>())
			.default([])
			.meta({title: 'Packages', description: 'What the steps of the plan want of the distribution.', derived: true}),
		buildTools: z.boolean().default(false).meta({
			title: 'Build tools',
			description: 'A compiler and headers (300 MB): only for requirements that come without a ready-made wheel.',
			detail: true,
		}),
	}),
	packages: ({buildTools}) => [...tools, ...(buildTools ? ['build-essential', 'python3-dev'] : [])],
	async check($, {distributionPackages}) {
		const [os, certbots, installed] = await Promise.all([
			readOs($),
			$`readlink -e /usr/bin/certbot; readlink -e /snap/bin/certbot`,
			readInstalled($),
		]);
		// The snap's certbot resolves to the snap command itself.
		const snap = certbots.split('\n').some(path => path.includes('snap'));
		if (snap && certbots.split('\n').includes('/usr/bin/certbot')) throw twoCertbots();
		const wanted = distributionPackages
			.map(({onUbuntu, ...one}) => (onUbuntu !== undefined && os.id === 'ubuntu' ? {...one, name: onUbuntu} : one))
			.filter(({name}) => !(snap && certbotPackages.includes(name)));
		const lacking = wanted.filter(({name}) => !installed.has(name));
		const missing = lacking.map(({name}) => name);
		return {
			names: wanted.map(({name}) => name),
			missing,
			/** Units that are masked until their own steps start them. */
			held: lacking.flatMap(({startsLater}) => startsLater ?? []),
			selections: lacking.map(({selections = ''}) => selections).join(''),
			residue: await readResidue($, missing),
		};
	},
	done: facts => facts.missing.length === 0,
	// Another app may want more of them.
	beforeAgain: (first, facts) => ({
		...first,
		...joinedResidue(first, facts),
		held: [...new Set([...first.held, ...facts.held])],
	}),
	apply($, {names, held, selections}) {
		if (selections !== '') $.input(selections)`debconf-set-selections`;
		if (held.length > 0) $`systemctl mask --quiet ${held}`;
		// Packages make accounts too, and it is the admin user's undo that puts these back, last of all.
		$`for copy in ${accountCopies}; do keep_in /var/lib/boxwizard/box/account/adminUser "$copy"; done`;
		$.packages(names);
	},
	undo($, {missing, residue, held}) {
		dumpServer($, missing);
		// Where their own steps were never reached.
		if (held.length > 0) $`systemctl unmask --quiet ${held}`;
		$.removePackages();
		removeLeftovers($, missing, residue);
	},
	drops: ({missing}, answers) =>
		missing.some(name => databaseServers.includes(name))
			? {what: 'the database server with every database on it', name: firstApp(answers), savedIn: backups}
			: undefined,
	notUndone: `All databases are dumped into ${backups} before their server goes. Jobs that wait in Redis, mail that waits in Postfix’s queue, and logs of what is removed go with it.`,
});

/** The app whose name stands for all: each of them has to be confirmed by its own anyway. */
function firstApp({sites, app}: Readonly<Record<string, unknown>>): string {
	const [first] = Array.isArray(sites) ? (sites as {readonly app: string}[]) : [];
	return first?.app ?? String(app);
}

function twoCertbots(): Trouble {
	return new Trouble({
		what: 'There are two certbots on this box: one from apt, one from snap.',
		means: 'Each has its own renewal timer and its own certificates. They renew past each other.',
		next: 'Keep one: `apt-get remove certbot`, or `snap remove certbot`. Then try again.',
		evidence: ['/usr/bin/certbot', '/snap/bin/certbot'],
		code: 'two-certbots',
	});
}
