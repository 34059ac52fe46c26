import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {databaseServers, dumpServer, readResidue, removeLeftovers} from '../app/leftovers.ts';
import {backups} from '../app/paths.ts';
import {postfixSelections} from '../mail/postfixSelections.ts';
import {options} from '../options.ts';
import {readOs} from '../system/os.ts';
import {readInstalled, readUnits} from '../system/units.ts';
import {readPortHolders} from '../web/ports.ts';

/** Everything the recipe installs, in one transaction. */
export const packages = defineStep({
	id: 'app/packages',
	title: 'App packages',
	why: 'Python, git, the web server, the database and all else the app stands on, from the distribution, so that they get its security updates. Nothing of the app runs without them.',
	needs: ['system/ready'],
	options: z.object({
		domain: options.domain,
		database: options.database,
		queue: options.queue,
		supervisor: options.supervisor,
		mail: options.mail,
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
	apply($, {names, missing, portsTaken}, {domain}) {
		if (missing.includes('postfix')) $.input(postfixSelections(domain))`debconf-set-selections`;
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
	drops: ({missing}, {app}) =>
		missing.some(name => databaseServers.includes(name))
			? {what: 'the database server with every database on it', name: String(app), savedIn: backups}
			: undefined,
	keeps: `All databases are dumped into ${backups} before their server goes. Jobs that wait in Redis, mail that waits in Postfix’s queue, and logs of what is removed go with it.`,
});

type Answers = {
	database: string;
	queue: string;
	supervisor: string;
	mail: string;
	otherWebServer?: string | undefined;
	buildTools: boolean;
};

function namesFor(answers: Answers, os: string, snap: boolean): string[] {
	const databases: Readonly<Record<string, readonly string[]>> = {
		mysql: [os === 'ubuntu' ? 'mysql-server' : 'mariadb-server'],
		postgresql: ['postgresql'],
		sqlite: ['sqlite3'],
	};
	const web = answers.otherWebServer !== 'skip';
	return [
		...['python3', 'python3-venv', 'git', 'openssh-client', 'ca-certificates', 'curl', 'openssl', 'logrotate'],
		...(web ? ['nginx'] : []),
		...(databases[answers.database] ?? []),
		...(answers.supervisor === 'supervisor' ? ['supervisor'] : []),
		...(answers.queue === '' ? [] : ['redis-server']),
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
