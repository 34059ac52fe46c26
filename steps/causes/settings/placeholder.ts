import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {environment} from '../../app/environment.ts';
import {makeSecret, placeholder} from '../../fixes/variable.ts';

export const placeholderSecret: Cause = {
	id: 'settings/placeholder',
	title: ({name}) => `${name} is a placeholder that everybody knows.`,
	match: [/^(?<name>[A-Z]\w*) is a placeholder in /],
	from: ['box'],
	look: async ($, {environment}) =>
		environment === undefined
			? ''
			: $`sed -nE ${`s/^(export )?([A-Z_]*(SECRET|KEY|SALT)[A-Z_]*)=['"]?${placeholder}['"]?[[:space:]]*$/\\2 is a placeholder in/Ip`} ${environment} | sed ${`s|$| ${environment}|`}`,
	means: ({name}) =>
		`Whoever knows ${name} can sign sessions of your app, and be anyone in it. It came from a tutorial or an example file.`,
	next: ({name}) => `Put a long random value in its place: ${name}=$(openssl rand -hex 24)`,
	fixes: ({name = ''}, app) => [
		...(app.isOwn ? [fixByStep(environment, 'Write the .env file again')] : []),
		...makeSecret(app, name),
	],
};
