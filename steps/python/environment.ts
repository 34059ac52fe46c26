import {z} from 'zod';
import {quote} from '../../source/contract/command.ts';
import {fileIs} from '../../source/contract/file-fact.ts';
import {joinLines, plainText, Secret, secretly} from '../../source/contract/secret.ts';
import {defineStep} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {dotenvLine, parseDotenv, type Variable} from '../app/dotenv.ts';
import {processLine} from '../app/processEnvironment.ts';
import {environment as environmentOption, furtherMark, secretKey} from '../app/secretOptions.ts';
import {backups, pathsOf} from '../folders/paths.ts';
import {ifAny, save} from '../folders/save.ts';
import {options} from '../options/shared.ts';
import {flaskAppOption, readFlaskApp} from './flaskApp.ts';

/** The app's settings and secrets, and FLASK_APP for the person's own shell. */
export const environment = defineStep({
	id: 'app/environment',
	title: 'Settings (.env)',
	why: 'Keys, passwords and addresses lie in one file outside the code that only the app’s user can read. They are never in git, and a new version does not touch them.',
	needs: ['app/release'],
	options: z.object({
		app: options.app,
		user: options.user,
		database: options.database,
		databasePassword: options.databasePassword.optional(),
		queue: options.queue,
		search: options.search,
		mail: options.mail,
		flaskApp: flaskAppOption,
		secretKey,
		environment: environmentOption,
		redisDatabase: options.redisDatabase,
		redisPassword: options.redisPassword,
		isFirst: options.isFirst,
	}),
	async check($, {app, user, flaskApp, isFirst, ...answers}) {
		refuseTwice(answers);
		const [found, file, started, profile] = await Promise.all([
			readFlaskApp($, app, flaskApp),
			$.file(pathsOf(app).environment),
			$.file(pathsOf(app).processEnvironment),
			$`grep -m 1 '^export FLASK_APP=' ${profileOf(user)}`,
		]);
		return {flaskApp: found.flaskApp, file, started, profile};
	},
	done: (facts, answers) =>
		fileIs(facts.file, dotenvOf(answers, facts.flaskApp), fileOptions(answers.app)) &&
		fileIs(facts.started, processEnvironmentOf(answers, facts.flaskApp), fileOptions(answers.app)) &&
		(!answers.isFirst || facts.profile === profileLine(facts.flaskApp)),
	apply($, {flaskApp}, answers) {
		const paths = pathsOf(answers.app);
		$.file(paths.environment, dotenvOf(answers, flaskApp), fileOptions(answers.app));
		$.file(paths.processEnvironment, processEnvironmentOf(answers, flaskApp), fileOptions(answers.app));
		// A shell knows one FLASK_APP: that of the first app.
		if (answers.isFirst) $.line(profileOf(answers.user), profileLine(flaskApp), '^export FLASK_APP=');
	},
	undo($, _before, {app, user}) {
		const {environment: file, processEnvironment} = pathsOf(app);
		save($, {name: app, ending: 'env', there: ifAny(file), command: `cat ${file}`, proof: 'grep -c . > /dev/null'});
		$.restore(file);
		$.restore(processEnvironment);
		$.restore(profileOf(user));
	},
	notUndone: `The app’s .env, with its secrets, is copied into ${backups} before it goes: what they have locked stays locked without them.`,
});

type Answers = {
	app: string;
	database: string;
	databasePassword?: Secret | undefined;
	queue: string;
	search: string;
	mail: string;
	secretKey: Secret;
	redisDatabase: number;
	redisPassword?: Secret | undefined;
	environment?: Secret | undefined;
};

const profileOf = (user: string) => `/home/${user}/.profile`;
const profileLine = (flaskApp: string) => `export FLASK_APP=${quote(flaskApp)}`;
const fileOptions = (app: string) => ({mode: '0600', owner: `${app}:${app}`});

/** A variable of the app, and what it holds. */
type Line = {readonly name: string; readonly value: string | Secret};

/** The whole .env file: as python-dotenv reads it, and everybody who looks. */
export function dotenvOf(answers: Answers, flaskApp: string): string | Secret {
	const {written, own} = variablesOf(answers, flaskApp);
	const lineOf = ({name, value}: Line) => dotenvLine(name, value);
	return joinLines([
		'# The settings of the app, written by boxwizard.',
		...written.map(lineOf),
		furtherMark,
		...own.map(lineOf),
	]);
}

/** The same for what starts the app's programs: systemd and a shell. */
function processEnvironmentOf(answers: Answers, flaskApp: string): string | Secret {
	const {written, own} = variablesOf(answers, flaskApp);
	return joinLines([
		'# The variables of .env beside it, as systemd and a shell read them. Written by boxwizard.',
		...[...written, ...own].map(({name, value}) => processLine(name, value)),
	]);
}

/** What boxwizard writes by itself, and the person's own. */
function variablesOf(
	answers: Answers,
	flaskApp: string,
): {readonly written: readonly Line[]; readonly own: readonly Line[]} {
	const {variables} = parseDotenv(plainText(answers.environment ?? ''));
	return {
		written: [
			{name: 'FLASK_APP', value: flaskApp},
			{name: 'SECRET_KEY', value: answers.secretKey},
			{name: 'DATABASE_URL', value: databaseUrl(answers)},
			// Mail always goes to the box's own postfix, which sends it on, directly or through the relay.
			...(answers.mail === 'none'
				? []
				: [
						{name: 'MAIL_SERVER', value: 'localhost'},
						{name: 'MAIL_PORT', value: '25'},
					]),
			...(answers.queue === '' ? [] : [{name: 'REDIS_URL', value: redisUrl(answers)}]),
			...(searchesHere(answers.search, variables) ? [{name: 'ELASTICSEARCH_URL', value: 'http://localhost:9200'}] : []),
		],
		own: variables.map(({name, value}) => ({name, value: new Secret(value)})),
	};
}

function redisUrl({redisDatabase, redisPassword}: Pick<Answers, 'redisDatabase' | 'redisPassword'>): string | Secret {
	const server = `localhost:6379/${redisDatabase}`;
	if (redisPassword === undefined) return `redis://${server}`;
	return secretly`redis://:${new Secret(encodeURIComponent(redisPassword.reveal()))}@${server}`;
}

/** @throws Trouble for a variable of the person's own that another answer writes too */
function refuseTwice({mail, queue, environment}: Pick<Answers, 'mail' | 'queue' | 'environment'>): void {
	const {variables} = parseDotenv(plainText(environment ?? ''));
	const twice = (...written: string[]) => variables.find(({name}) => written.includes(name))?.name;
	const byMail = mail === 'none' ? undefined : twice('MAIL_SERVER', 'MAIL_PORT');
	if (byMail) throw writtenTwice(byMail, 'Outgoing mail', 'answer “Outgoing mail” with none');
	const byQueue = queue === '' ? undefined : twice('REDIS_URL');
	if (byQueue) throw writtenTwice(byQueue, 'Job queue', 'leave “Job queue” empty');
}

function writtenTwice(name: string, field: string, otherwise: string): Trouble {
	return new Trouble({
		what: `${name} stands under “More variables”, and “${field}” writes it too.`,
		means: 'The app would read only one of the two, so the file is left as it is.',
		next: `Take it out of “More variables”, or ${otherwise}.`,
		code: 'variable-twice',
	});
}

/** One elsewhere, which the person's own variables name, is the one that is meant. */
function searchesHere(search: string, variables: readonly Variable[]): boolean {
	return search === 'elasticsearch' && variables.every(({name}) => name !== 'ELASTICSEARCH_URL');
}

/** For SQLAlchemy. MySQL by its socket: faster than TCP, and its default login (caching_sha2_password) needs no further library there. */
function databaseUrl({app, database, databasePassword}: Answers): string | Secret {
	if (database === 'sqlite' || !databasePassword) return `sqlite:///${pathsOf(app).state}/${app}.db`;
	if (database === 'postgresql') return secretly`postgresql+psycopg2://${app}:${databasePassword}@localhost/${app}`;
	return secretly`mysql+pymysql://${app}:${databasePassword}@localhost/${app}?unix_socket=/run/mysqld/mysqld.sock&charset=utf8mb4`;
}
