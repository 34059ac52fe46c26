import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {backups} from '../folders/paths.ts';
import {boxName, options} from '../options/shared.ts';
import {readOs} from '../system/os.ts';
import {readInstalled, readUnits} from '../system/units.ts';
import {readPortHolders} from '../web/ports.ts';
import {databaseServers, dumpServer, joinedResidue, readResidue, removeLeftovers} from './leftovers.ts';
import {postfixSelections} from './postfixSelections.ts';

/** Everything that the apps of the box want of the distribution, in one transaction. */
export const packages = defineStep({
	id: 'services/packages',
	title: 'App packages',
	why: 'Python, git, the web server, the database and all else the app stands on, from the distribution, so that they get its security updates. Nothing of the app runs without them.',
	needs: ['system/ready'],
	options: z.object({
		domain: options.domain,
		hostname: options.hostname,
		mail: options.mail,
		services: options.services,
		distributionPackages: options.distributionPackages,
		sites: options.sites,
		otherWebServer: options.otherWebServer,
		buildTools: z.boolean().default(false).meta({
			title: 'Build tools',
			description: 'A compiler and headers (300 MB): only for requirements that come without a ready-made wheel.',
			detail: true,
		}),
	}),
	async check($, answers) {
		const [os, certbots, installed, holders, units] = await Promise.all([
			readOs($),
			$`readlink -e /usr/bin/certbot; readlink -e /snap/bin/certbot`,
			readInstalled($),
			readPortHolders($),
			readUnits($),
		]);
		// The snap's certbot resolves to the snap command itself.
		const snap = certbots.split('\n').some(path => path.includes('snap'));
		if (snap && certbots.split('\n').includes('/usr/bin/certbot')) throw twoCertbots();
		const names = namesFor(answers, os.id, snap);
		const missing = names.filter(name => !installed.has(name));
		// One that was here before, with sites of its own, is left as it is.
		const portsTaken = holders.length > 0 && names.includes('nginx') && !units['nginx.service'].installed;
		return {names, missing, portsTaken, residue: await readResidue($, missing)};
	},
	done: facts => facts.missing.length === 0,
	// Another app may want more of them.
	beforeAgain: (first, facts) => ({...first, ...joinedResidue(first, facts)}),
	apply($, {names, missing, portsTaken}, answers) {
		if (missing.includes('postfix')) $.input(postfixSelections(boxName(answers)))`debconf-set-selections`;
		// Its package would start it with the box, beside the program that has its ports: the site's own step lets one of them go.
		if (portsTaken) $`systemctl mask --quiet nginx.service`;
		$.packages(names);
		if (portsTaken) $`systemctl unmask --quiet nginx.service; systemctl disable --quiet nginx.service`;
	},
	undo($, {missing, residue, portsTaken}) {
		dumpServer($, missing);
		if (portsTaken) $`systemctl unmask --quiet nginx.service`;
		$.removePackages();
		removeLeftovers($, missing, residue);
	},
	drops: ({missing}, answers) =>
		missing.some(name => databaseServers.includes(name))
			? {what: 'the database server with every database on it', name: firstApp(answers), savedIn: backups}
			: undefined,
	notUndone: `All databases are dumped into ${backups} before their server goes. Jobs that wait in Redis, mail that waits in Postfix’s queue, and logs of what is removed go with it.`,
});

type Answers = {
	mail: string;
	services: readonly string[];
	distributionPackages: readonly string[];
	otherWebServer?: string | undefined;
	buildTools: boolean;
};

/** The app whose name stands for all: each of them has to be confirmed by its own anyway. */
function firstApp({sites, app}: Readonly<Record<string, unknown>>): string {
	const [first] = Array.isArray(sites) ? (sites as {readonly app: string}[]) : [];
	return first?.app ?? String(app);
}

function namesFor(answers: Answers, os: string, snap: boolean): string[] {
	const ofService: Readonly<Record<string, readonly string[]>> = {
		mysql: [os === 'ubuntu' ? 'mysql-server' : 'mariadb-server'],
		postgresql: ['postgresql'],
		sqlite: ['sqlite3'],
		supervisor: ['supervisor'],
		redis: ['redis-server'],
	};
	const web = answers.otherWebServer !== 'skip';
	return [
		...answers.distributionPackages,
		...['git', 'openssh-client', 'ca-certificates', 'curl', 'openssl', 'logrotate'],
		...(web ? ['nginx'] : []),
		...answers.services.flatMap(name => ofService[name] ?? []),
		...(snap || !web ? [] : ['certbot', 'python3-certbot-nginx']),
		...(answers.mail === 'none' ? [] : ['postfix']),
		...(answers.buildTools ? ['build-essential', 'python3-dev'] : []),
	];
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
