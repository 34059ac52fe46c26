import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {environment} from '../../app/environment.ts';
import {makeSecret, setVariable} from '../../fixes/variable.ts';

/** Variables that the set-up itself writes. */
const ownVariables = ['SECRET_KEY', 'DATABASE_URL', 'FLASK_APP', 'MAIL_SERVER', 'MAIL_PORT', 'REDIS_URL'];

export const missingVariable: Cause = {
	id: 'settings/missing-variable',
	title: ({name = 'SECRET_KEY'}) => `The variable ${name} is not set.`,
	match: [
		// A name that the code itself does not know is no setting.
		/^\s*(?:\w+\.)*(?!(?:Name|UnboundLocal|Reference|Undefined)Error\b)\w*(?:Error|Exception|Undefined\w*|ImproperlyConfigured): .*?\b(?<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+)\b['"`]?:? (?:[Ee]nvironment [Vv]ariable )?(?:is |was |must be |has )?(?:[Nn]ot set|NOT SET|[Mm]issing|MISSING|[Rr]equired|[Nn]ot defined|[Uu]ndefined|[Nn]ot found|[Uu]nset|not been set)/,
		/^KeyError: '(?<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/,
		/(?:Set|Missing|No value for|Undefined) (?:the |required )*(?:environment variable:? ?)?['"`]?(?<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+)['"`]?(?: environment variable)?/,
		/[Ee]nvironment variable ['"`]?(?<name>[A-Z][A-Z0-9_]+)['"`]? (?:is )?(?:not set|missing|required|not found|undefined)/,
		/The session is unavailable because no secret key was set/,
		/Either '(?<name>SQLALCHEMY_DATABASE_URI)' or 'SQLALCHEMY_BINDS' must be set/,
	],
	means: (_, {environment}) =>
		`The app reads it at its start${environment === undefined ? '' : `, from ${environment}`}, and there is none.`,
	next: ({name = 'SECRET_KEY'}, {environment = '.env'}) => `Add a line ${name}=… to ${environment}.`,
	fixes: ({name: said = 'SECRET_KEY'}, app) => {
		const name = said === 'SQLALCHEMY_DATABASE_URI' ? 'DATABASE_URL' : said;
		const own = ownVariables.includes(name);
		return [
			...(own && app.isOwn ? [fixByStep(environment, 'Write the .env file again')] : []),
			...(name === 'SECRET_KEY' ? makeSecret(app, name) : []),
			...(own ? [] : setVariable(app, name)),
		];
	},
};
