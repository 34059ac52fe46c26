import {z} from 'zod';
import {Secret} from '../source/contract/secret.ts';
import type {OptionMeta} from '../source/contract/step.ts';

/** A secret answer. Typed, generated (see `generate`), from the keychain, or recalled from the box. */
export const secret = (meta: OptionMeta, schema = z.instanceof(Secret)) =>
	schema.meta({secret: true, ...meta} satisfies OptionMeta as Record<string, unknown>);

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
	}),
	aliases: z.array(hostnameSchema).default([]).meta({
		title: 'More names',
		description: 'Other names for the same site, such as www.example.com.',
		detail: true,
	}),
	user: z
		.string()
		.regex(/^[a-z][a-z0-9_-]{0,31}$/, 'Small letters, digits, - and _, starting with a letter; at most 32')
		.refine(
			name => !['root', 'daemon', 'www-data', 'nobody', 'sudo', 'admin'].includes(name),
			'This name is taken by the system',
		)
		.meta({title: 'Your user', description: 'The name you will log in with from now on.', placeholder: 'jessica'}),
	app: z
		.string()
		.regex(/^[a-z][a-z0-9-]{0,29}$/, 'Small letters, digits and hyphens, starting with a letter; at most 30')
		.meta({
			title: 'App name',
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
			placeholder: 'https://github.com/you/microblog.git',
		}),
	branch: z
		.string()
		.regex(/^(?!-)(?!.*\.\.)[\w./-]{1,200}$/, 'A branch name')
		.default('main')
		.meta({title: 'Branch', description: 'The one that goes live; a deploy takes its newest commit.'}),
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
	databasePassword: secret(
		{
			title: 'Database password',
			description: 'Of the app’s own database user. Left empty, a long one is made.',
			generate: 32,
			when: {database: ['mysql', 'postgresql']},
			detail: true,
			recall: answers =>
				`sed -n 's|^DATABASE_URL=[^:]*://[^:]*:\\([^@]*\\)@.*|\\1|p' /srv/${String(answers.app)}/shared/.env`,
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
	supervisor: z
		.enum(['supervisor', 'systemd'])
		.default('supervisor')
		.meta({title: 'Process keeper', description: 'What starts the app at boot and again when it dies.', detail: true}),
	mail: z
		.enum(['direct', 'relay', 'none'])
		.default('direct')
		.meta({title: 'Outgoing mail', description: 'Sent by the box itself, through a relay (587), or not at all.'}),
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
