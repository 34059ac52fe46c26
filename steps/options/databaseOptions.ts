import {z} from 'zod';
import type {OptionMeta} from '../../source/contract/option.ts';
import {Secret} from '../../source/contract/secret.ts';
import {readRedisPassword} from './redisPassword.ts';
import {secret} from './secret.ts';

/** Of the databases and the Redis that apps keep their data in. */
export const databaseOptions = {
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
};
