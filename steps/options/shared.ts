import {z} from 'zod';
import type {OptionMeta} from '../../source/contract/option.ts';
import {Secret} from '../../source/contract/secret.ts';
import {readRedisPassword} from './redisPassword.ts';

/** A secret answer. Typed, generated (see `generate`), from the keychain, or recalled from the box. */
export const secret = (meta: OptionMeta, schema = z.instanceof(Secret)) =>
	schema.meta({secret: true, ...meta} satisfies OptionMeta as Record<string, unknown>);

/**
 * Accounts and groups that Debian and Ubuntu have (base-passwd) or that the services bring. An app or a person of
 * such a name would be one with it, or could not be made.
 */
const systemNames = new Set(
	`root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody nogroup adm tty disk
kmem dialout fax voice cdrom floppy tape sudo admin audio dip operator src shadow utmp video sasl plugdev staff users
input kvm render crontab netdev lxd docker syslog messagebus sshd ssl-cert certbot fail2ban ufw
mysql mariadb postgres postgresql redis memcache postfix postdrop elasticsearch nginx supervisor chrony ntp ntpsec tss
uuidd landscape pollinate systemd-network systemd-resolve systemd-timesync systemd-journal systemd-coredump`.split(
		/\s+/,
	),
);
const notOfSystem = (name: string) => !systemNames.has(name);
const ofSystem = 'This name is taken by the system';

const hostname = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** A host name as DNS takes it (RFC 1123): lower case, at least one dot, letters, digits and hyphens; unicode names in their xn-- form. */
export const hostnameSchema = z
	.string()
	.regex(hostname, 'A domain such as microblog.example.com: letters, digits, hyphens and dots');

/** Answers that several steps share: one name, one meaning, one schema. */
export const options = {
	domain: hostnameSchema.meta({
		title: 'Domain',
		description: 'The name people will type. You need to own it; the records are made later on.',
		placeholder: 'microblog.example.com',
		ofApp: true,
		distinct: 'site',
	}),
	aliases: z.array(hostnameSchema).default([]).meta({
		title: 'More names',
		description: 'Other names for the same site, such as www.example.com.',
		detail: true,
		distinct: 'site',
	}),
	hostname: hostnameSchema.optional().meta({
		title: 'Name of the box',
		description: 'What the box calls itself, in its mail too. Left empty, it is the domain of its first app.',
		detail: true,
	}),
	services: z.array(z.string()).default([]).meta({
		title: 'Services',
		description: 'What the apps of the box want of it.',
		derived: true,
	}),
	sites: z
		.array(z.object({app: z.string(), domain: hostnameSchema, aliases: z.array(hostnameSchema)}))
		.default([])
		.meta({title: 'Sites', description: 'The names of all apps of the box.', derived: true}),
	user: z
		.string()
		.regex(/^[a-z][a-z0-9_-]{0,31}$/, 'Small letters, digits, - and _, starting with a letter; at most 32')
		.refine(notOfSystem, ofSystem)
		.meta({
			title: 'Your user',
			description: 'The name you will log in with from now on.',
			placeholder: 'jessica',
			account: true,
		}),
	app: z
		.string()
		.regex(/^[a-z][a-z0-9-]{0,29}$/, 'Small letters, digits and hyphens, starting with a letter; at most 30')
		.refine(notOfSystem, ofSystem)
		// supervisorctl(1) takes it for every program there is.
		.refine(name => name !== 'all', 'supervisor means every app by this name')
		.meta({
			title: 'App name',
			unlike: ['user'],
			distinct: 'name',
			description: 'Names its folder, service, database and system user.',
			placeholder: 'microblog',
		}),
	repository: z
		.string()
		.regex(
			/^(https?:\/\/|ssh:\/\/|git:\/\/|[\w.-]+@[\w.-]+:)[^\s'"\\]+$/,
			'A git address: https://… or git@host:owner/name.git',
		)
		.refine(
			address => !/^https?:\/\/[^/]*@/.test(address),
			'No password or token in the address: for a private repository take git@host:owner/name.git, the box gets a key of its own',
		)
		// git and ssh would read it as an option.
		.refine(address => !/(?:^|\/\/|@)-/.test(address), 'No name in it may start with a hyphen')
		.meta({
			title: 'Git repository',
			description: 'Where the app is cloned from.',
			personal: true,
			placeholder: 'https://github.com/you/microblog.git',
		}),
	branch: z
		.string()
		.regex(/^(?!-)(?!.*\.\.)[\w./-]{1,200}$/, 'A branch name')
		.default('main')
		.meta({
			title: 'Branch',
			description: 'The one that goes live; a deploy takes its newest commit.',
			personal: true,
		}),
	sshPort: z.number().int().min(1).max(65_535).default(22).meta({
		title: 'SSH port',
		description: 'Left alone, it stays the one that the box has now.',
		detail: true,
	}),
	database: z
		.enum(['mysql', 'postgresql', 'sqlite'])
		.default('mysql')
		.meta({title: 'Database', description: 'mysql means MariaDB on Debian, MySQL on Ubuntu.'}),
	databaseRoot: z
		.enum(['socket', 'password'])
		.optional()
		.meta({
			title: 'Database’s root',
			description: 'How root gets into a database server that was here before and has a password.',
			decides: true,
			when: {database: ['mysql']},
		} satisfies OptionMeta as Record<string, unknown>),
	databaseRootPassword: secret({
		title: 'Root’s password',
		description: 'Of the database server that is on the box already.',
		when: {databaseRoot: ['password']},
	}),
	postgresAdmin: z
		.enum(['peer', 'password'])
		.optional()
		.meta({
			title: 'PostgreSQL’s administrator',
			description: 'How postgres gets into a server that was here before and wants a password of it.',
			decides: true,
			when: {database: ['postgresql']},
		} satisfies OptionMeta as Record<string, unknown>),
	postgresAdminPassword: secret({
		title: 'Password of postgres',
		description: 'Of PostgreSQL’s administrator, as it is on the box already.',
		when: {postgresAdmin: ['password']},
	}),
	databasePassword: secret(
		{
			title: 'Database password',
			description: 'Of the app’s own database user. Left empty, a long one is made.',
			generate: 32,
			when: {database: ['mysql', 'postgresql']},
			detail: true,
			recall: answers =>
				`sed -n '/^# Further variables$/q; s|^DATABASE_URL=[^:]*://[^:]*:\\([^@]*\\)@.*|\\1|p' /srv/${String(answers.app)}/shared/.env`,
		},
		// It stands in a URL, a client's option file and a statement: nothing that one of them would read as its own.
		z
			.instanceof(Secret)
			.refine(password => /^[\w.~-]{8,128}$/.test(password.reveal()), 'At least 8 letters, digits and . _ ~ -'),
	),
	queue: z
		.string()
		.regex(/^([a-z][\w-]{0,62})?$/, 'The name of the queue the app puts its jobs in, or nothing')
		.default('')
		.meta({
			title: 'Job queue',
			description: 'The RQ queue of background jobs; empty when the app has none.',
			placeholder: 'microblog-tasks',
		}),
	redisPassword: secret({
		title: 'Redis password',
		description:
			'Of a Redis that was here before and asks for one. Left empty, it is read from its settings on the box.',
		detail: true,
		recall: () => readRedisPassword,
	}).optional(),
	redisDatabase: z.number().int().min(0).max(15).default(0).meta({
		title: 'Redis database',
		description: 'Apps on one box have one each. Left alone, a free one is taken.',
		detail: true,
	}),
	isFirst: z.boolean().default(true).meta({
		title: 'First app',
		description: 'Whether it is the first app of its box.',
		derived: true,
	}),
	search: z.enum(['none', 'elasticsearch']).default('none').meta({
		title: 'Full-text search',
		description:
			'Elasticsearch on this box; it needs 2 GB of memory. One elsewhere: none, and ELASTICSEARCH_URL=… under “More variables”.',
		detail: true,
	}),
	otherWebServer: z
		.enum(['stop', 'proxy', 'skip'])
		.optional()
		.meta({
			title: 'Other web server',
			description: 'What becomes of a program that has port 80 or 443 already.',
			decides: true,
		} satisfies OptionMeta as Record<string, unknown>),
	otherPorts: z
		.enum(['shut', 'open'])
		.optional()
		.meta({
			title: 'Other ports',
			description: 'What becomes of what others reach on the box already, beside ssh and the web.',
			decides: true,
		} satisfies OptionMeta as Record<string, unknown>),
	supervisor: z.enum(['systemd', 'supervisor']).default('systemd').meta({
		title: 'Process manager',
		description: 'What starts the app at boot and again when it dies. systemd is there already, and shuts it in.',
		detail: true,
		alike: true,
	}),
	mail: z.enum(['direct', 'relay', 'none']).default('direct').meta({
		title: 'Outgoing mail',
		description: 'Sent by the box itself, through a relay (587), or not at all.',
		detail: true,
	}),
	email: z
		.email('An address such as you@example.com')
		// certbot and sendmail would read it as an option.
		.refine(address => !address.startsWith('-'), 'An address that starts with a hyphen can’t be used')
		.meta({
			title: 'Your e-mail',
			description: 'The certificate authority may write to it.',
			placeholder: 'you@example.com',
		}),
};

/** What the box calls itself: the name it was given, else the domain of its first app. */
export function boxName({hostname, domain}: {readonly hostname?: string | undefined; readonly domain: string}): string {
	return hostname ?? domain;
}
