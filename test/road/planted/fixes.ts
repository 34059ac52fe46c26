import type {AppOnBox} from '../../../source/contract/diagnosis/cause.ts';
import type {Fix} from '../../../source/contract/diagnosis/fix.ts';
import {unlockAccount} from '../../../steps/fixes/account.ts';
import {ownCheckout} from '../../../steps/fixes/checkout.ts';
import {installDebian} from '../../../steps/fixes/debianPackages.ts';
import {oldReleases} from '../../../steps/fixes/disk.ts';
import {grantDatabase} from '../../../steps/fixes/grants.ts';
import {freshLists} from '../../../steps/fixes/packageManager.ts';
import {letPass} from '../../../steps/fixes/reach.ts';

/** A fault that a fix puts right, planted on the box of the app microblog: what the box then says, and again once it is mended and taken back. */
export type PlantedFault = {
	readonly name: string;
	/** Plants it: a script, as root. */
	readonly plant: string;
	/** Prints how it stands. */
	readonly look: string;
	readonly broken: RegExp;
	readonly mended: RegExp;
	readonly fix: Fix;
	/** After its undo; as broken, where nothing is said. */
	readonly back?: RegExp;
};

export const app: AppOnBox = {
	name: 'microblog',
	program: 'microblog',
	manager: 'systemd',
	configuration: '/etc/systemd/system/microblog.service',
	words: ['/srv/microblog/current/venv/bin/python', '-m', 'gunicorn'],
	user: 'microblog',
	folder: '/srv/microblog/current',
	release: '/srv/microblog/current',
	own: [],
	port: 8000,
	log: 'journalctl --unit microblog',
	isOwn: true,
};

const only = (fixes: readonly Fix[]): Fix => {
	const [fix] = fixes;
	if (!fix) throw new TypeError('No fix is made for it');
	return fix;
};

export const plantedFaults: readonly PlantedFault[] = [
	{
		name: 'a socket in a home that www-data may not pass',
		plant:
			'mkdir -p -m 0750 /home/closed && mkdir -p /home/closed/run && touch /home/closed/run/app.sock && chmod 0750 /home/closed /home/closed/run',
		look: 'runuser -u www-data -- test -e /home/closed/run/app.sock && echo reached || echo closed; stat -c %a /home/closed',
		broken: /^closed\n750$/,
		mended: /^reached\n751$/,
		fix: only(letPass('www-data', '/home/closed/run/app.sock')),
	},
	{
		name: 'a grant that the app’s database user has not got',
		plant: "mysql --execute \"REVOKE ALL PRIVILEGES ON microblog.* FROM 'microblog'@'localhost'\"",
		look: 'mysql --batch --skip-column-names --execute "select count(*) from mysql.db where user = \'microblog\'"',
		broken: /^0$/,
		mended: /^1$/,
		fix: only(grantDatabase(app)),
	},
	{
		name: 'an account that is locked',
		plant: 'useradd --create-home locked; usermod --password "!" locked',
		look: 'getent shadow locked | cut -d: -f2',
		broken: /^!$/,
		mended: /^\*$/,
		fix: only(unlockAccount('locked')),
	},
	{
		name: 'a package of the distribution that is missing',
		plant: 'true',
		look: "dpkg-query --show --showformat '${db:Status-Status}' sl 2> /dev/null || true",
		broken: /^(?!installed)/,
		mended: /^installed$/,
		fix: installDebian(['sl']),
	},
	{
		name: 'a checkout that belongs to two users',
		plant: 'chown root:root /srv/microblog/current/config.py',
		look: 'stat -c %U "$(readlink -e /srv/microblog/current)/config.py"',
		broken: /^root$/,
		mended: /^(?!root)\w+$/,
		fix: only(ownCheckout(app, '/srv/microblog/current')),
		back: /^(?!root)\w+$/,
	},
	{
		name: 'releases from long ago',
		plant: 'for day in 1 2 3 4; do mkdir -p /srv/microblog/releases/2000010${day}T000000/venv; done',
		look: 'ls /srv/microblog/releases | grep -c ^2000 || true',
		broken: /^4$/,
		mended: /^2$/,
		fix: only(oldReleases(app)),
		back: /^2$/,
	},
	{
		name: 'package lists that are old',
		plant: "find /var/lib/apt/lists -name '*Release' -exec touch -d '2 hours ago' {} +",
		look: "find /var/lib/apt/lists -name '*Release' -mmin -10 | grep -q . && echo fresh || echo old",
		broken: /^old$/,
		mended: /^fresh$/,
		fix: freshLists,
		back: /^fresh$/,
	},
];
