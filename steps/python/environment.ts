import {z} from 'zod';
import {quote} from '../../source/contract/command.ts';
import {fileIs} from '../../source/contract/file-fact.ts';
import {plainText} from '../../source/contract/secret.ts';
import {defineStep} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {environment as environmentOption, secretKey} from '../app/secretOptions.ts';
import {backups, pathsOf} from '../folders/paths.ts';
import {ifAny, save} from '../folders/save.ts';
import {fillings} from '../options/detectedOptions.ts';
import {options} from '../options/shared.ts';
import {appPort} from '../process/appPort.ts';
import {parseDotenv} from '../reading/dotenv.ts';
import {flaskAppOption, readFlaskApp} from './flaskApp.ts';
import {databaseScheme, entry, serverInterface, settingsModule} from './options.ts';
import {dotenvOf, isFlask, processEnvironmentOf, type VariableAnswers} from './variables.ts';

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
		domain: options.domain,
		aliases: options.aliases,
		appPort,
		databaseScheme,
		entry,
		serverInterface,
		settingsModule,
		fillings,
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
		(!setsProfile(answers) || facts.profile === profileLine(facts.flaskApp)),
	apply($, {flaskApp}, answers) {
		const paths = pathsOf(answers.app);
		$.file(paths.environment, dotenvOf(answers, flaskApp), fileOptions(answers.app));
		$.file(paths.processEnvironment, processEnvironmentOf(answers, flaskApp), fileOptions(answers.app));
		// A shell knows one FLASK_APP: that of the first app.
		if (setsProfile(answers)) $.line(profileOf(answers.user), profileLine(flaskApp), '^export FLASK_APP=');
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

const setsProfile = (answers: VariableAnswers & {readonly isFirst: boolean}) => answers.isFirst && isFlask(answers);
const profileOf = (user: string) => `/home/${user}/.profile`;
const profileLine = (flaskApp: string) => `export FLASK_APP=${quote(flaskApp)}`;
const fileOptions = (app: string) => ({mode: '0600', owner: `${app}:${app}`});

/** @throws Trouble for a variable of the person's own that another answer writes too */
function refuseTwice({mail, queue, environment}: Pick<VariableAnswers, 'mail' | 'queue' | 'environment'>): void {
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
