import {z} from 'zod';
import {hostnameSchema} from './hostname.ts';
import {notOfSystem, ofSystem} from './systemNames.ts';

/** Of an app: its name, its code, its site and its programs. */
export const appOptions = {
	domain: hostnameSchema.meta({
		title: 'Domain',
		description: 'The name people will type. You need to own it; the records are made later on.',
		placeholder: 'microblog.example.com',
		askedAt: 'web',
		ofApp: true,
		distinct: 'site',
	}),
	aliases: z.array(hostnameSchema).default([]).meta({
		title: 'More names',
		description: 'Other names for the same site, such as www.example.com.',
		detail: true,
		distinct: 'site',
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
	supervisor: z.enum(['systemd', 'supervisor']).default('systemd').meta({
		title: 'Process manager',
		description: 'What starts the app at boot and again when it dies. systemd is there already, and shuts it in.',
		detail: true,
		alike: true,
	}),
	isFirst: z.boolean().default(true).meta({
		title: 'First app',
		description: 'Whether it is the first app of its box.',
		derived: true,
	}),
};
