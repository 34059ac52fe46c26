import {z} from 'zod';
import type {OptionMeta} from '../../source/contract/option.ts';
import {Secret} from '../../source/contract/secret.ts';
import {pathsOf} from '../folders/paths.ts';
import {dotenvRefuses, parseDotenv} from '../reading/dotenv.ts';

/** Variables that are written whatever the answers are, and the field each comes from. */
const own = new Map([
	['FLASK_APP', 'FLASK_APP'],
	['SECRET_KEY', 'SECRET_KEY'],
	['DATABASE_URL', 'Database'],
]);

/** The line of the .env file above the person's own variables: what stands below it is recalled. */
export const furtherMark = '# Further variables';

/** The line above variables that are filled since the app reads them: one of the person's own counts instead. */
export const filledMark = '# Filled in for the app';

/** What tutorials put where a secret belongs. */
const placeholders =
	/^(you-?will-?never-?guess|(change|replace)-?me.*|(my-?|your-?|a-?|the-?|top-?|super-?)*secret(-?key)?(-?goes)?(-?here)?|dev(elopment)?|test|password|hard-to-guess-string|x+|[<[{].*)$/i;

/** Flask's SECRET_KEY: it signs sessions, so that whoever knows it is anyone. */
export const secretKey = z
	.instanceof(Secret)
	.refine(
		secret => !placeholders.test(secret.reveal().replaceAll(/[\s_]+/g, '-')),
		'That is a placeholder which everybody knows. Leave it empty, and a good one is made',
	)
	.refine(secret => secret.reveal().length >= 16, 'At least 16 characters. Leave it empty, and a good one is made')
	.superRefine((secret, context) => {
		const message = secret.reveal().includes('\n') ? 'One line only' : dotenvRefuses(secret.reveal());
		if (message) context.addIssue({code: 'custom', message});
	})
	.meta(
		meta({
			title: 'SECRET_KEY',
			description: 'Signs the sessions of your users. Left empty, one is made.',
			secret: true,
			generate: 64,
			detail: true,
			recall: ({app}) =>
				`sed -n "s/^SECRET_KEY='\\(.*\\)'$/\\1/p" ${pathsOf(String(app)).environment} | sed 's/\\\\\\(.\\)/\\1/g'`,
		}),
	);

/** Further variables of the app, as lines of a .env file. */
export const environment = z
	.instanceof(Secret)
	.superRefine((secret, context) => {
		const {variables, wrong} = parseDotenv(secret.reveal());
		const names = variables.map(variable => variable.name);
		const taken = names.find(name => own.has(name));
		const twice = names.find((name, index) => names.indexOf(name) !== index);
		const say = (message: string) => context.addIssue({code: 'custom', message});
		if (wrong.length > 0) say(`Lines of NAME=value; line ${wrong[0]} is none`);
		if (taken) say(`${taken} comes from the field “${own.get(taken)}”: leave it out here`);
		if (twice) say(`${twice} stands there twice`);
		const refused = variables.map(({value}) => dotenvRefuses(value)).find(Boolean);
		if (refused) say(refused);
	})
	.optional()
	.meta(
		meta({
			title: 'More variables',
			description: 'As your .env file has them, NAME=value: keys of other services, settings of the app.',
			secret: true,
			lines: true,
			detail: true,
			recall: ({app}) => `sed '1,/^${furtherMark}$/d' ${pathsOf(String(app)).environment}`,
		}),
	);

function meta(content: OptionMeta): Record<string, unknown> {
	return content as Record<string, unknown>;
}
