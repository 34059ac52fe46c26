import {z} from 'zod';
import type {Filling} from '../../source/contract/detection.ts';
import {leavesForeground} from '../reading/commands.ts';
import {readSchedule} from './crontab.ts';

/**
 * What an app is made of, for every kind. The detection answers these from the repository; left alone, a step looks in the
 * release itself, or does without.
 */

const insideTheApp = /^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))(?!.*\/\/)[\w.@+-]+(?:\/[\w.@+-]+)*\/?$/;

/** One line that a shell would take. Control characters are refused in all answers alike. */
const command = z
	.string()
	.max(2000, 'At most 2000 characters')
	.regex(/^(?!\s)[^\n\r]*(?<!\s)$/, 'One line, with no space before or after it');

/** One that what runs it waits for: it would be taken for ended, and started again and again. */
const program = command.refine(
	line => !leavesForeground(line),
	'It has to stay in the foreground: without &, --daemon or --detach',
);

const programName = z
	.string()
	.regex(/^[a-z][a-z0-9_-]{0,29}$/, 'A name of small letters, digits, - and _, such as worker');

/** The app's folder in its repository; '' for the top. Every other path of the app is relative to it. */
export const folder = z
	.string()
	.refine(path => path === '' || insideTheApp.test(path), 'A folder inside the repository, such as backend')
	.default('')
	.meta({title: 'Folder', description: 'Where the app lies in its repository. Empty: at its top.', detail: true});

/** The folder to start it in, inside the app's: its modules are found from there. '' for the app's own. */
export const workingFolder = z
	.string()
	.refine(path => path === '' || insideTheApp.test(path), 'A folder inside the app, such as src')
	.default('')
	.meta({
		title: 'Started in',
		description: 'The folder that its modules are found from. Empty: its own.',
		detail: true,
	});

/** The command that starts its web server, where boxwizard has no server of its own for it; '$PORT' is its port. '' for none. */
export const start = program.default('').meta({
	title: 'Start command',
	description: 'What starts its web server, with $PORT for the port. Empty: boxwizard’s own server for such apps.',
	detail: true,
});

/** Pages that a new version has to answer before it becomes live, beside the first one. */
export const pages = z
	.array(z.string().regex(/^\/[\w./~%?&=+-]{0,200}$/, 'A page of the site, such as /login'))
	.default([])
	.meta({
		title: 'Pages to try',
		description: 'A new version becomes live only once these answer without an error. The first page is always tried.',
		detail: true,
	});

/** Seconds that a new version may take until it answers. */
export const patience = z.number().int().min(5).max(600).default(30).meta({
	title: 'Time to start (s)',
	description: 'A new version that does not answer by then is refused; the one before serves on.',
	detail: true,
});

/** Whether a new version starts while the one before still runs. */
export const beside = z.enum(['auto', 'always', 'never']).default('auto').meta({
	title: 'Old and new at once',
	description:
		'A new version starts beside the one before, and no visitor waits. auto: where the memory is enough. never: for what must not run twice, such as a bot.',
	detail: true,
});

/** The command that builds it, after its dependencies are there; '' for none. */
export const build = command.default('').meta({
	title: 'Build command',
	description: 'Run in each new version, once its packages are there. Empty: nothing is built.',
	detail: true,
});

/** The command that brings the database to a release's schema; '' looks for what the release has, 'none' for none. */
export const migrate = command.default('').meta({
	title: 'Migrations',
	description: 'The command that brings its database to a new version. Empty: looked for; none: there are none.',
	detail: true,
});

/** Programs beside the web server: a name, and the command that is run in the app's folder with its environment. */
export const processes = z
	.record(programName, program.min(1, 'A command, such as celery -A shop worker'))
	.default({})
	.meta({
		title: 'More programs',
		description: 'What else runs all the time, as NAME=command: worker=celery -A shop worker',
		detail: true,
	});

/** Jobs at fixed times: a name, and five fields of crontab(5) (or @daily and its like) before the command. Times are the box's, UTC. */
export const cron = z
	.record(
		programName,
		command.superRefine((line, context) => {
			const read = readSchedule(line);
			if ('problem' in read) context.addIssue({code: 'custom', message: read.problem});
		}),
	)
	.default({})
	.meta({
		title: 'Scheduled jobs',
		description: 'What runs at fixed times (UTC), as NAME=crontab fields and command: clean=0 3 * * * flask clean-up',
		detail: true,
	});

/** Folders that nginx hands out by itself: an address that begins and ends with /, and the folder inside the app. */
export const statics = z
	.record(
		z.string().regex(/^\/(?:[\w.~-]+\/)+$/, 'An address such as /static/'),
		z.string().regex(insideTheApp, 'A folder inside the app'),
	)
	.optional()
	.meta({
		title: 'Static folders',
		description: 'What nginx hands out itself, as /address/=folder: /static/=staticfiles. Empty: looked for.',
		detail: true,
	});

const debianName = z.string().regex(/^[a-z0-9][a-z0-9+.-]{1,80}$/, 'The name of a package of the distribution');

/** Debian packages that its dependencies need while they are compiled: gone again once they are. */
export const buildPackages = z.array(debianName).default([]).meta({
	title: 'Packages to compile',
	description: 'Of the distribution, while its dependencies are compiled. They go again afterwards.',
	detail: true,
});

/** Debian packages that it needs while it runs. */
export const runPackages = z
	.array(debianName)
	.default([])
	.meta({title: 'Packages to run', description: 'Of the distribution, for as long as the app is there.', detail: true});

const fillingNames = {
	random: true,
	'database-url': true,
	'database-host': true,
	'database-port': true,
	'database-name': true,
	'database-user': true,
	'database-password': true,
	'database-engine': true,
	'database-word': true,
	'redis-url': true,
	'redis-host': true,
	'redis-port': true,
	'redis-database': true,
	'mail-server': true,
	'mail-port': true,
	'mail-user': true,
	'mail-password': true,
	'mail-tls': true,
	'mail-from': true,
	'search-url': true,
	port: true,
	host: true,
	domain: true,
	'site-url': true,
	mode: true,
	entry: true,
} as const satisfies Record<Filling, true>;

/** Variables of the app that boxwizard fills, by name, beside those it always writes. */
export const fillings = z
	.record(
		z.string().regex(/^[A-Za-z_]\w*$/, 'A name of letters, digits and _'),
		z.enum(Object.keys(fillingNames) as [Filling, ...Filling[]]),
	)
	.default({})
	.meta({
		title: 'Filled variables',
		description: 'What boxwizard puts into variables of the app, as NAME=what: SQLALCHEMY_DATABASE_URI=database-url',
		detail: true,
	});
