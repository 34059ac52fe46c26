import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {makeSecret, placeholder, setVariable} from '../../fixes/variable.ts';
import {environment} from '../../python/environment.ts';

/** Variables that the set-up itself writes. */
const ownVariables = ['SECRET_KEY', 'DATABASE_URL', 'FLASK_APP', 'MAIL_SERVER', 'MAIL_PORT', 'REDIS_URL'];

/** Variables that the system itself has, and constants of code: a KeyError of these is a fault of the code. */
const notSettings =
	/^(?:PATH|HOME|USER|LANG|HTTP_|REMOTE_|SERVER_(?:NAME|PORT)$|QUERY_|CONTENT_|REQUEST_|WSGI_|PATH_INFO)/;

/** What an app is told by its variables. */
export const appSettings: readonly Cause[] = [
	{
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
		next: ({name}) => `Put a long random value in the place of ${name}.`,
		fixes: ({name = ''}, app) => [
			...(app.isOwn ? [fixByStep(environment, 'Write the .env file again')] : []),
			...makeSecret(app, name),
		],
	},
	{
		id: 'settings/missing-variable',
		title: ({name = 'SECRET_KEY'}) => `The variable ${name} is not set.`,
		match: [
			/Either '(?<name>SQLALCHEMY_DATABASE_URI)' or 'SQLALCHEMY_BINDS' must be set/,
			/Neither (?<name>SQLALCHEMY_DATABASE_URI) nor SQLALCHEMY_BINDS is set/,
			// A name that the code itself does not know is no setting.
			/^\s*(?:\w{1,60}\.){0,8}(?!(?:Name|UnboundLocal|Reference|Undefined)Error\b)\w{0,60}(?:Error|Exception|Undefined\w{0,20}|ImproperlyConfigured): .{0,200}?\b(?<name>[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{1,60})\b['"`]?:? (?:[Ee]nvironment [Vv]ariable )?(?:is |was |must be |has )?(?:[Nn]ot set|NOT SET|[Mm]issing|MISSING|[Rr]equired|[Nn]ot defined|[Uu]ndefined|[Nn]ot found|[Uu]nset|not been set|set to a|must be set)/,
			/^KeyError: '(?<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/,
			/^(?!.*(?:warn|WARN|INFO|info|[Dd]efault|using|[Oo]ptional)).*(?:Set the|Missing|No value for|Undefined) (?:required )?(?:env(?:ironment)? var(?:iable)?s?:? ?)?['"`]?(?<name>[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{1,60})['"`]?(?: environment variable)?(?:[.!:,]|$)/,
			/[Ee]nvironment variable ['"`]?(?<name>[A-Z][A-Z0-9_]+)['"`]? (?:is )?(?:not set|missing|required|not found|undefined|must be set)/,
			/environ\.(?:compat\.)?ImproperlyConfigured: Set the (?<name>[A-Z][A-Z0-9_]+) environment variable/,
			/System\.EnvError.*(?:could not fetch environment variable|") ?"?(?<name>[A-Z][A-Z0-9_]+)"? (?:because it is not set|is not set)/,
			/could not fetch environment variable "(?<name>[A-Z][A-Z0-9_]+)" because it is not set/,
			/environment variable (?<name>[A-Z][A-Z0-9_]+) is missing/,
			/The session is unavailable because no secret key was set/,
			/The (?<name>SECRET_KEY) setting must not be empty/,
			/A secret key is required to use CSRF/,
			/Expected string or URL object, got None/,
			/Environment variable not found: (?<name>[A-Z][A-Z0-9_]+)\./,
			/secretOrPrivateKey must have a value/,
			/Neither apiKey nor config\.authenticator provided/,
		],
		when: ({name = 'SECRET_KEY'}) => !notSettings.test(name),
		over: ['elixir/config'],
		means: (_, {environment}) =>
			`The app reads it at its start${environment === undefined ? '' : `, from ${environment}`}, and there is none. It may also be set only in code that a server does not run (under if __name__ == "__main__").`,
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
	},
	{
		id: 'settings/pydantic',
		title: 'Variables that the app asks for are missing or of the wrong kind.',
		match: [
			/pydantic(?:_core\._pydantic_core|_settings)?\.?\w*\.?ValidationError: \d+ validation errors? for (?<name>\w*[Ss]ettings\w*|\w*[Cc]onfig\w*)/,
			/^(?:pydantic\S*)?ValidationError: \d+ validation errors? for (?<name>\w*[Ss]ettings)/,
		],
		means: 'The lines below it name each of them: the name of a variable, in small letters, and what is wrong with it.',
		next: 'Add them to the app’s variables.',
	},
	{
		id: 'settings/dotenv-line',
		title: 'A line of the .env file can’t be read.',
		match: [
			/[Pp]ython-dotenv could not parse statement starting at line (?<line>\d+)/,
			/Ignoring invalid environment assignment '(?<name>\w+)=?/,
			/\.env: line (?<line>\d+): /,
		],
		means: 'A quote without its second one, a blank around the =, or a value over several lines.',
		next: 'Put the value into single quotes, on one line.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(environment, 'Write the .env file again')] : []),
	},
];
