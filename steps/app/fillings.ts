import {createHmac} from 'node:crypto';
import type {Filling} from '../../source/contract/detection.ts';
import {Secret, secretly} from '../../source/contract/secret.ts';
import {pathsOf} from '../folders/paths.ts';
import {type DatabaseAnswers, databaseUrl} from './databaseUrl.ts';

/** What the variables of an app are filled from. */
export type FillingAnswers = DatabaseAnswers & {
	readonly domain: string;
	readonly aliases: readonly string[];
	readonly appPort: number;
	readonly secretKey: Secret;
	readonly redisDatabase: number;
	readonly redisPassword?: Secret | undefined;
	readonly mail: string;
	readonly search: string;
	/** Names of database engines as the app's framework knows them: Django has its own. */
	readonly engines: Readonly<Record<string, string>>;
};

/** What a variable gets; undefined where an app with these answers gets nothing there, and goes by its own default. */
export function fill(name: string, filling: Filling, answers: FillingAnswers): string | Secret | undefined {
	const {domain, aliases, database} = answers;
	const names = [domain, ...aliases];
	switch (filling) {
		case 'random':
			return derivedSecret(answers.secretKey, name);
		case 'database-url':
			return databaseUrl(answers);
		case 'database-engine':
			return answers.engines[database] ?? database;
		case 'database-word':
			// A word of the app's own: it has its drivers' names elsewhere.
			return database === 'postgresql' ? 'postgres' : database;
		case 'database-name':
			return database === 'sqlite' ? `${pathsOf(answers.app).state}/${answers.app}.db` : answers.app;
		case 'database-host':
			return database === 'sqlite' ? undefined : 'localhost';
		case 'database-port':
			return database === 'sqlite' ? undefined : database === 'postgresql' ? '5432' : '3306';
		case 'database-user':
			return database === 'sqlite' ? undefined : answers.app;
		case 'database-password':
			return database === 'sqlite' ? undefined : answers.databasePassword;
		case 'redis-url':
			return redisUrl(answers);
		case 'redis-host':
			return 'localhost';
		case 'redis-port':
			return '6379';
		case 'redis-database':
			return String(answers.redisDatabase);
		case 'mail-server':
			return answers.mail === 'none' ? '' : 'localhost';
		case 'mail-port':
			return '25';
		case 'mail-user':
		case 'mail-password':
			// The box's own mail server takes all mail of the box.
			return '';
		case 'mail-tls':
			// Flask-Mail has no TLS by itself, and apps after its tutorial take any value for a yes.
			return /^(?:FLASK_)?MAIL_/.test(name) ? undefined : '0';
		case 'mail-from':
			return `noreply@${domain}`;
		case 'search-url':
			return answers.search === 'elasticsearch' ? 'http://localhost:9200' : undefined;
		case 'port':
			return String(answers.appPort);
		case 'host':
			return '127.0.0.1';
		case 'domain':
			return /HOSTS$/.test(name) ? names.join(',') : domain;
		case 'site-url':
			return (/ORIGINS$/.test(name) ? names : [domain]).map(host => `https://${host}`).join(',');
		case 'mode':
			return modes[name] ?? 'production';
		case 'entry':
			// Its kind writes these by itself, where they are of its framework.
			return undefined;
		default:
			return filling satisfies never;
	}
}

/** Variables that say by a switch what others say by a word. Off is what most readings take for it: `int`, `== "True"`, `strtobool`. */
const modes: Readonly<Record<string, string>> = {
	DEBUG: '0',
	FLASK_DEBUG: '0',
	// After Mozilla's Django tutorial: anything but “False” is on.
	DJANGO_DEBUG: 'False',
	PYTHONUNBUFFERED: '1',
	MIX_ENV: 'prod',
	PHX_SERVER: 'true',
};

/**
 * A value of its own for each name, from the app's one secret: nothing new is to be kept. 32 bytes, as a Fernet key has them; 48 for
 * what signs sessions (Django's check security.W009 wants 50 letters).
 */
function derivedSecret(secretKey: Secret, name: string): Secret {
	const hash = name.includes('SECRET_KEY') ? 'sha384' : 'sha256';
	const bytes = createHmac(hash, secretKey.reveal()).update(name).digest('base64');
	return new Secret(bytes.replaceAll('+', '-').replaceAll('/', '_'));
}

/** The app's own database of the box's Redis. */
export function redisUrl({
	redisDatabase,
	redisPassword,
}: Pick<FillingAnswers, 'redisDatabase' | 'redisPassword'>): string | Secret {
	const server = `localhost:6379/${redisDatabase}`;
	if (redisPassword === undefined) return `redis://${server}`;
	return secretly`redis://:${new Secret(encodeURIComponent(redisPassword.reveal()))}@${server}`;
}

/** Whether an app with these fillings talks to Redis. */
export function wantsRedis(fillings: unknown): boolean {
	return Object.values(Object(fillings)).some(filling => String(filling).startsWith('redis-'));
}
