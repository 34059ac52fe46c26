import type {Filling} from '../../source/contract/detection.ts';
import {joinLines, plainText, Secret} from '../../source/contract/secret.ts';
import {databaseUrl} from '../app/databaseUrl.ts';
import {type FillingAnswers, fill, redisUrl} from '../app/fillings.ts';
import {processLine} from '../app/processEnvironment.ts';
import {filledMark, furtherMark} from '../app/secretOptions.ts';
import {dotenvLine, parseDotenv, type Variable} from '../reading/dotenv.ts';

/** The answers that the variables of a Python app come from. */
export type VariableAnswers = Omit<FillingAnswers, 'engines'> & {
	readonly queue: string;
	readonly flaskApp: string;
	readonly entry: string;
	readonly serverInterface: string;
	readonly settingsModule: string;
	readonly fillings: Readonly<Record<string, Filling>>;
	readonly environment?: Secret | undefined;
};

/** A variable of the app, and what it holds. */
type Line = {readonly name: string; readonly value: string | Secret};

/** The whole .env file: as python-dotenv reads it, and everybody who looks. */
export function dotenvOf(answers: VariableAnswers, flaskApp: string): string | Secret {
	const {written, filled, own} = variablesOf(answers, flaskApp);
	const lineOf = ({name, value}: Line) => dotenvLine(name, value);
	return joinLines([
		'# The settings of the app, written by boxwizard.',
		...written.map(lineOf),
		...(filled.length === 0 ? [] : [filledMark]),
		...filled.map(lineOf),
		furtherMark,
		...own.map(lineOf),
	]);
}

/** The same for what starts the app's programs: systemd and a shell. */
export function processEnvironmentOf(answers: VariableAnswers, flaskApp: string): string | Secret {
	const {written, filled, own} = variablesOf(answers, flaskApp);
	return joinLines([
		'# The variables of .env beside it, as systemd and a shell read them. Written by boxwizard.',
		...[...written, ...filled, ...own].map(({name, value}) => processLine(name, value)),
	]);
}

type Variables = {
	/** By boxwizard, whatever the app reads. */
	readonly written: readonly Line[];
	/** By boxwizard, where the person has none of that name. */
	readonly filled: readonly Line[];
	readonly own: readonly Line[];
};

function variablesOf(answers: VariableAnswers, flaskApp: string): Variables {
	const {variables} = parseDotenv(plainText(answers.environment ?? ''));
	const names = new Set(variables.map(({name}) => name));
	const written = [...entriesOf(answers, flaskApp), ...usualVariables(answers, variables)];
	const taken = new Set([...written.map(({name}) => name), ...names]);
	const filled = Object.entries(answers.fillings).flatMap(([name, filling]): Line[] => {
		const value = taken.has(name) ? undefined : fill(name, filling, {...answers, engines: enginesOf(answers)});
		return value === undefined ? [] : [{name, value}];
	});
	return {
		written: written.filter(({name}) => !names.has(name)),
		filled,
		own: variables.map(({name, value}) => ({name, value: new Secret(value)})),
	};
}

/** What says which app is meant, to commands of its framework. */
function entriesOf(answers: VariableAnswers, flaskApp: string): Line[] {
	const {settingsModule} = answers;
	return [
		...(isFlask(answers) ? [{name: 'FLASK_APP', value: flaskApp}] : []),
		...(settingsModule === '' ? [] : [{name: 'DJANGO_SETTINGS_MODULE', value: settingsModule}]),
	];
}

/** An app that nothing is known about may be one of Flask: there are those that were set up before anything else was recognised. */
export function isFlask({flaskApp, entry, serverInterface, settingsModule}: VariableAnswers): boolean {
	return flaskApp !== '' || (settingsModule === '' && entry === '' && serverInterface === 'wsgi');
}

function usualVariables(answers: VariableAnswers, own: readonly Variable[]): Line[] {
	return [
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
		...(searchesHere(answers.search, own) ? [{name: 'ELASTICSEARCH_URL', value: 'http://localhost:9200'}] : []),
	];
}

/** Engines as the app's framework calls them (Django: “ENGINE” of DATABASES). */
function enginesOf({settingsModule}: VariableAnswers): FillingAnswers['engines'] {
	if (settingsModule === '') return {};
	return {
		mysql: 'django.db.backends.mysql',
		postgresql: 'django.db.backends.postgresql',
		sqlite: 'django.db.backends.sqlite3',
	};
}

/** One elsewhere, which the person's own variables name, is the one that is meant. */
function searchesHere(search: string, variables: readonly Variable[]): boolean {
	return search === 'elasticsearch' && variables.every(({name}) => name !== 'ELASTICSEARCH_URL');
}
