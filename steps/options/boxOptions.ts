import {z} from 'zod';
import type {OptionMeta} from '../../source/contract/option.ts';
import {hostnameSchema} from './hostname.ts';
import {notOfSystem, ofSystem} from './systemNames.ts';

/** Of the box itself: its names, its door, its mail, and what becomes of what was on it before. */
export const boxOptions = {
	hostname: hostnameSchema.optional().meta({
		title: 'Name of the box',
		description: 'What the box calls itself, in its mail too. Left empty, it is the domain of its first app.',
		detail: true,
	}),
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
	sshPort: z.number().int().min(1).max(65_535).default(22).meta({
		title: 'SSH port',
		description: 'Left alone, it stays the one that the box has now.',
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
	mail: z.enum(['direct', 'relay', 'none']).default('direct').meta({
		title: 'Outgoing mail',
		description: 'Sent by the box itself, through a relay (587), or not at all.',
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
	services: z.array(z.string()).default([]).meta({
		title: 'Services',
		description: 'What the apps of the box want of it.',
		derived: true,
	}),
	sites: z
		.array(z.object({app: z.string(), domain: hostnameSchema, aliases: z.array(hostnameSchema)}))
		.default([])
		.meta({title: 'Sites', description: 'The names of all apps of the box.', derived: true}),
};
