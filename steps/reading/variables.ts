import type {DetectedVariable, Filling} from '../../source/contract/detection.ts';

/** One place where code reads a variable, or a file names one. */
export type Reading = {
	readonly name: string;
	/** The code fails where it is not set. */
	readonly required: boolean;
	readonly default?: string;
	/** What the app itself calls it, where that tells more: 'SECRET_KEY', of a variable SHOP_SECRET. */
	readonly as?: string;
	/** The app makes what it has where nothing is set from other variables, or takes no plain text: it is left alone unless it is required. */
	readonly keepsDefault?: true;
	/** 'config.py:12' */
	readonly where: string;
};

/** What boxwizard fills, by name. The first that matches counts. */
const fillings: readonly (readonly [pattern: RegExp, filling: Filling])[] = [
	[
		/^(?:DJANGO_|FLASK_|APP_|QUART_|LITESTAR_)?SECRET_KEY(?:_BASE)?$|^(?:SECURITY_PASSWORD_SALT|APP_KEYS?|(?:API_TOKEN|ADMIN_JWT|TRANSFER_TOKEN|JWT|SESSION|COOKIE|AUTH|NEXTAUTH|BETTER_AUTH|APP|CSRF|WTF_CSRF)_(?:SECRET|SALT)(?:_KEY)?|SECRET|WTF_CSRF_SECRET_KEY|JWT_SECRET_KEY|SIGNING_SALT|LIVE_VIEW_SALT|RELEASE_COOKIE|TOTP_VAULT_KEY|ENCRYPTION_KEY)$/,
		'random',
	],
	[
		/^(?:\w+_)?(?:DATABASE|POSTGRES|POSTGRESQL|MYSQL|MARIADB|DB|PG|SQLALCHEMY_DATABASE|SQLALCHEMY|ECTO|SQL|PRISMA_DATABASE)_(?:URL|URI|DSN|CONNECTION_STRING)$|^(?:DB_URL|DSN|POSTGRES_PRISMA_URL|POSTGRES_URL_NON_POOLING|DIRECT_URL)$/,
		'database-url',
	],
	[
		/^(?:[A-Z0-9]+_)*?(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|SQL|RDS)_?(?:HOST|HOSTNAME|SERVER|ADDRESS|ADDR)$/,
		'database-host',
	],
	[/^(?:[A-Z0-9]+_)*?(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|SQL|RDS)_?PORT$/, 'database-port'],
	[
		/^(?:[A-Z0-9]+_)*?(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|SQL|RDS)_?(?:NAME|DB|DATABASE|DBNAME|DB_NAME)$/,
		'database-name',
	],
	[
		/^(?:[A-Z0-9]+_)*?(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|SQL|RDS)_?(?:USER|USERNAME)$/,
		'database-user',
	],
	[
		/^(?:[A-Z0-9]+_)*?(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|SQL|RDS)_?(?:PASSWORD|PASS|PASSWD|PWD)$/,
		'database-password',
	],
	[/^(?:[A-Z0-9]+_)*?(?:DATABASE|DB|SQL)_?(?:ENGINE|TYPE|DIALECT|CLIENT|CONNECTION|DRIVER)$|^DB$/, 'database-engine'],
	[
		/^(?:\w+_)?(?:REDIS|VALKEY)(?:_TLS|_CACHE|_QUEUE)?_(?:URL|URI|DSN|CONNECTION_?STRING)$|^(?:(?:CELERY|DRAMATIQ|HUEY|TASK|TASKS|QUEUE|RQ)_)?(?:BROKER|RESULT_BACKEND)_(?:URL|URI|DSN)$|^(?:RQ|RATELIMIT_STORAGE)_(?:URL|URI)$|^(?:CELERY_RESULT_BACKEND|RESULT_BACKEND|REDISTOGO_URL|REDISCLOUD_URL)$/,
		'redis-url',
	],
	[/^(?:CACHE_)?REDIS_(?:HOST|HOSTNAME|SERVER)$/, 'redis-host'],
	[/^(?:CACHE_)?REDIS_PORT$/, 'redis-port'],
	[/^(?:CACHE_)?REDIS_(?:DB|DATABASE)$/, 'redis-database'],
	[/^(?:(?:FLASK_)?MAIL|EMAIL|SMTP|DJANGO_EMAIL)_(?:SERVER|HOST|HOSTNAME|RELAY)$/, 'mail-server'],
	[/^(?:(?:FLASK_)?MAIL|EMAIL|SMTP|DJANGO_EMAIL)_PORT$/, 'mail-port'],
	[/^(?:(?:FLASK_)?MAIL|EMAIL|SMTP|DJANGO_EMAIL)_(?:HOST_)?(?:USER|USERNAME|LOGIN)$/, 'mail-user'],
	[/^(?:(?:FLASK_)?MAIL|EMAIL|SMTP|DJANGO_EMAIL)_(?:HOST_)?(?:PASSWORD|PASS)$/, 'mail-password'],
	[/^(?:(?:FLASK_)?MAIL|EMAIL|SMTP|DJANGO_EMAIL)_(?:USE_)?(?:TLS|SSL|SECURE|STARTTLS)$/, 'mail-tls'],
	[
		/^(?:(?:MAIL|EMAIL|SMTP)_(?:DEFAULT_SENDER|SENDER|FROM|FROM_ADDRESS|FROM_EMAIL)|EMAILS_FROM_EMAIL|(?:DJANGO_)?DEFAULT_FROM_EMAIL|(?:DJANGO_)?SERVER_EMAIL|FLASKY_MAIL_SENDER)$/,
		'mail-from',
	],
	[/^(?:ELASTICSEARCH|OPENSEARCH|ELASTIC|ES)_(?:URL|HOSTS?|URI)$/, 'search-url'],
	[/^(?:(?:WEB|HTTP|APP|SERVER|NODE|API|BACKEND|UVICORN|FLASK|FLASK_RUN|NITRO|LISTEN|UPTIME_KUMA)_)?PORT$/, 'port'],
	[
		/^(?:(?:WEB|HTTP|APP|NODE|API|UVICORN|FLASK_RUN|NITRO|LISTEN|BIND|UPTIME_KUMA)_)?(?:HOST|ADDRESS|BIND|LISTEN|IP)$|^(?:HOSTNAME|BIND_ADDRESS|LISTEN_ADDR)$/,
		'host',
	],
	[
		/^(?:\w+_)?(?:ALLOWED_HOSTS?|SERVER_NAME|PHX_HOST|TRUSTED_HOSTS)$|^(?:(?:APP|SITE|WEB|SERVER|BASE|PUBLIC|MAIN|ROOT|PRIMARY|DJANGO|FLASK|PHX|HOST)_)?(?:DOMAIN|DOMAIN_NAME)$|^(?:APP|SITE|PRIMARY|PUBLIC|VIRTUAL)_HOST$|^(?:FQDN|RENDER_EXTERNAL_HOSTNAME|RAILWAY_PUBLIC_DOMAIN|WEBSITE_HOSTNAME)$/,
		'domain',
	],
	[
		/^(?:(?:DJANGO_)?CSRF_TRUSTED_ORIGINS|(?:\w+_)?(?:CORS_ORIGINS?|CORS_ALLOWED_ORIGINS|ALLOWED_ORIGINS)|(?:NEXT_PUBLIC_|VITE_|PUBLIC_|REACT_APP_|NUXT_PUBLIC_)?(?:BASE|SITE|APP|ROOT|PUBLIC|WEB|SERVER|FRONTEND|EXTERNAL|CANONICAL|NEXTAUTH|AUTH|BETTER_AUTH|NUXT_SITE|WAGTAILADMIN_BASE|SITE_ROOT|URL)_(?:URL|URI|ORIGIN|ROOT)|ORIGIN|NEXTAUTH_URL|FRONTEND_HOST|BACKEND_CORS_ORIGINS|RENDER_EXTERNAL_URL)$/,
		'site-url',
	],
	[
		/^(?:NODE_ENV|APP_ENV|FLASK_ENV|FLASK_CONFIG|FLASK_DEBUG|APP_SETTINGS|CONFIG_NAME|DJANGO_ENV|DJANGO_DEBUG|DEBUG|ENV|ENVIRONMENT|APP_MODE|MIX_ENV|PHX_SERVER|RAILS_ENV|RACK_ENV|PYTHONUNBUFFERED|PYTHON_ENV)$/,
		'mode',
	],
	[/^(?:FLASK_APP|DJANGO_SETTINGS_MODULE)$/, 'entry'],
];

/** What boxwizard puts into a variable of this name; undefined where only the person knows. */
export function fillingOf(name: string): Filling | undefined {
	return isOfOtherMode(name) ? undefined : fillings.find(([pattern]) => pattern.test(name))?.[1];
}

/** Whether a variable is for other modes than the one that runs on a box. */
function isOfOtherMode(name: string): boolean {
	return /^(?:TEST|TESTING|PYTEST|DEV|DEVELOPMENT|LOCAL|CI)_|_(?:TEST|DEV)$/.test(name);
}

const publicNames =
	/(?:^|_)(?:PUBLIC|PUBLISHABLE|SITEKEY|SITE_KEY)(?:_|$)|_KEY_ID$|^(?:VITE|NEXT_PUBLIC|REACT_APP|PUBLIC|NUXT_PUBLIC|GATSBY|EXPO_PUBLIC)_|_(?:EXPIRE|EXPIRES|EXPIRY|EXPIRATION|TTL|LIFETIME|LENGTH|ALGORITHM|AGE|MINUTES|SECONDS|HOURS|DAYS|URL_PATH|ENABLED|HEADER|NAME|PATH|FILE|TIMEOUT|IN)$/;
const secretNames =
	/(?:^|_)(?:SECRET|SECRETS|PASSWORD|PASSWD|PASS|PWD|TOKEN|APIKEY|CREDENTIALS?|SALT|PEPPER|DSN|PASSPHRASE|COOKIE|SIGNATURE)(?:_|$|\d)|(?:_|^)KEYS?$|^(?:PRIVATE|ENCRYPTION)_|(?:_|^)(?:API|PRIVATE|ACCESS|ENCRYPTION|SIGNING|AUTH|MASTER|LICENSE|SERVICE)_?KEY(?:_|$)|WEBHOOK|CONNECTION_STRING|^(?:EMAIL|MAILER|SMTP|MAIL|AMQP|RABBITMQ|CLOUDAMQP|BROKER)_(?:URL|DSN|URI)$/;

/** Whether the value of a variable of this name is for nobody to see. */
export function isSecretName(name: string): boolean {
	const filling = fillingOf(name);
	if (
		filling === 'random' ||
		filling === 'database-url' ||
		filling === 'database-password' ||
		filling === 'mail-password'
	)
		return true;
	return secretNames.test(name) && !publicNames.test(name);
}

/** Set by the system, by what runs the app, or by a service that the app is not on: nobody is asked for them. */
const ofSystem =
	/^(?:PATH|HOME|USER|USERNAME|LOGNAME|SHELL|PWD|LANG|LANGUAGE|LC_\w+|TZ|TERM|TMP|TEMP|TMPDIR|EDITOR|DISPLAY|CI|GITHUB_\w+|GITLAB_\w+|CIRCLE\w*|TRAVIS\w*|APPDATA|LOCALAPPDATA|PROGRAMFILES|VIRTUAL_ENV|PYTHONPATH|PYTEST_\w+|PYTHON[A-Z]+|DYNO|HEROKU_\w+|VERCEL\w*|RENDER(?!_EXTERNAL)\w*|RAILWAY_(?!PUBLIC_DOMAIN$)\w+|FLY_\w+|NETLIFY\w*|KUBERNETES_\w+|GAE_\w+|K_SERVICE|WERKZEUG_\w+|RUN_MAIN|npm_\w+|INIT_CWD|JEST_\w+|VITEST\w*|NO_COLOR|FORCE_COLOR|XDG_\w+|SSH_\w+|GIT_\w+|INVOCATION_ID|NOTIFY_SOCKET|WEB_CONCURRENCY|PROD|DEV|SSR|MODE|ANALYZE|NEXT_RUNTIME|NEXT_PHASE|PLAYWRIGHT_\w+|READTHEDOCS\w*|BUILD_\w+|SERVER_SOFTWARE|HTTP_\w+|HTTPS?_PROXY|NO_PROXY|http_proxy|https_proxy|MIX_TEST_PARTITION|ELIXIR_\w+|RELEASE_\w+|REMOTE_ADDR|wsgi\S*|ProgramFiles\S*)$/;

/** What builds an image or an environment reads these: they say nothing to the app that runs. Asked for only where its code fails without one. */
const ofBuild =
	/^(?:(?:PYTHON|NODE|NODEJS|NPM|PNPM|YARN|BUN|DENO|POETRY|PDM|UV|PIP|PIPENV|RUBY|GO|GOLANG|RUST|JAVA|PHP|ERLANG|OTP|ELIXIR|DEBIAN|UBUNTU|ALPINE|NGINX|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|REDIS|VALKEY|MONGO|ELASTICSEARCH|TRAEFIK|CADDY|DOCKER|IMAGE|BASE_IMAGE)_(?:IMAGE_|BASE_|DOCKER_)?(?:VERSION|TAG|IMAGE|DIGEST)|COMPOSE_\w+|DOCKER_\w+|BUILDKIT_\w+|PIP_\w+|UV_\w+|POETRY_\w+|PDM_\w+|PIPENV_\w+|NPM_CONFIG_\w+|TARGET(?:PLATFORM|ARCH|OS)|DEBIAN_FRONTEND|UID|GID|PUID|PGID|USER_ID|GROUP_ID|USER_UID|USER_GID|TAG|IMAGE|IMAGE_NAME|REGISTRY|TRAEFIK_\w+|NIXPACKS_\w+|DISABLE_COLLECTSTATIC)$/;

/** Readings of all places as one variable each, in the order in which they are met; what code reads comes before what examples name. */
export function variablesOf(readings: readonly Reading[]): DetectedVariable[] {
	const byName = new Map<string, Reading[]>();
	for (const reading of readings) {
		if (!/^[A-Za-z_]\w*$/.test(reading.name) || ofSystem.test(reading.name)) continue;
		byName.set(reading.name, [...(byName.get(reading.name) ?? []), reading]);
	}

	return [...byName].flatMap(([name, all]) =>
		ofBuild.test(name) && !all.some(({required}) => required) ? [] : [variableOf(name, all)],
	);
}

function variableOf(name: string, all: readonly Reading[]): DetectedVariable {
	const called = all.find(one => one.as !== undefined)?.as;
	const withDefault = all.find(one => one.default !== undefined);
	const isRequired = all.some(one => one.required);
	const isKept = !isRequired && all.some(one => one.keepsDefault);
	const filledWith = isKept || isOfOtherMode(name) ? undefined : (fillingOf(name) ?? (called && fillingOf(called)));
	// `DB=sqlite` is no engine's name of Django's: the app tells them apart by words.
	const isWord =
		filledWith === 'database-engine' && /^(?:sqlite|postgres|mysql|mariadb)$/.test(withDefault?.default ?? '');
	const secret = isSecretName(name) || filledWith === 'random';
	const required = isRequired && !/^TEST_/.test(name);
	return {
		name,
		required,
		secret,
		...(!secret &&
			withDefault?.default !== undefined &&
			!holdsSecret(withDefault.default) && {default: withDefault.default}),
		...(filledWith && {filledWith: isWord ? 'database-word' : filledWith}),
		where: (all.find(one => one.required) ?? all[0])?.where ?? '',
	};
}

/** An address with a password in it: 'postgres://user:password@host/name'. */
function holdsSecret(value: string): boolean {
	return /:\/\/[^\s/:@]*:[^\s/@]+@/.test(value);
}
