import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {earlierCode} from '../../fixes/code.ts';
import {setVariable} from '../../fixes/variable.ts';
import {environment} from '../../python/environment.ts';
import {dependencies} from '../../python/packages/dependencies.ts';
import {web} from '../../python/server.ts';

/** What Flask, Django, FastAPI, gunicorn and uvicorn say of themselves. */
export const pythonServer: readonly Cause[] = [
	{
		id: 'python/no-app',
		title: 'flask does not find the app.',
		match: [
			/Error: Could not locate a Flask application\./,
			/Error: Failed to find Flask application or factory in module '(?<module>[\w.]+)'/,
			/Error: Detected (?:factory|multiple Flask applications|multiple factories) .*'?(?<module>[\w.]+)?'?/,
		],
		over: ['python/no-command'],
		means:
			'Without FLASK_APP it looks for app.py or wsgi.py in the working directory, and in it for app, application or create_app().',
		next: 'Set FLASK_APP to the module, such as shop:create_app, and start it in the folder of the repository.',
		fixes: (_, app) => [
			...(app.isOwn
				? [fixByStep(environment, 'Write the .env file again'), fixByStep(web, 'Write the app server’s settings again')]
				: []),
			...earlierCode(app),
		],
	},
	{
		id: 'python/not-callable',
		title: 'What gunicorn is told to load is no app.',
		match: [
			/Application object must be callable/,
			/TypeError: '?(?:module|Flask|NoneType)'? object is not callable/,
			/\b(?:create_app|\w{1,60})\(\) (?:missing \d+ required positional argument|takes \d+ positional arguments? but 2 were given)/,
		],
		unless: /File ".*site-packages\/(?!gunicorn|uvicorn|werkzeug|flask)/,
		depth: 'kind',
		means:
			'It names a module in place of the app in it, or a factory without its brackets: create_app in place of create_app().',
		next: 'Name module:variable, or module:create_app().',
		fixes: (_, app) => (app.isOwn ? [fixByStep(web, 'Write the app server’s settings again')] : []),
	},
	{
		id: 'python/wsgi-for-asgi',
		title: 'The app is of the other kind than its server: ASGI and WSGI.',
		match: [
			/TypeError: (?:FastAPI|Starlette|\w+)\.__call__\(\) missing (?:1|2) required positional arguments?: '(?:send|receive)/,
			/TypeError: (?:Flask|WSGIHandler|\w+)\.__call__\(\) (?:missing 1 required positional argument: 'start_response'|takes 3 positional arguments but 4 were given)/,
			/TypeError: __call__\(\) (?:missing 1 required positional argument: 'send'|takes 3 positional arguments but 4 were given)/,
			/Django can only handle ASGI\/HTTP connections, not/,
		],
		beside: /TypeError|can only handle|Error/,
		over: ['python/wrong-argument', 'python/not-callable'],
		means:
			'FastAPI and Starlette need uvicorn (or gunicorn with its workers); Flask and Django’s wsgi.py need gunicorn’s own.',
		next: 'Start FastAPI with gunicorn -k uvicorn.workers.UvicornWorker, Flask without it.',
		fixes: (_, app) => (app.isOwn ? [fixByStep(web, 'Write the app server’s settings again')] : []),
	},
	{
		id: 'python/worker-class',
		title: ({name}) => `gunicorn has no kind of worker “${name ?? ''}”.`,
		match: [
			/Error: class uri '(?<name>[^']+)' invalid or not found/,
			/RuntimeError: (?<name>gevent|eventlet|gthread) worker requires/,
			/ImportError: Entry point \('gunicorn\.workers', '(?<name>\w+)'\) not found/,
		],
		means: 'The package that brings it (gevent, eventlet, uvicorn) is not installed, or the name is misspelled.',
		next: ({name = 'it'}) => `Add the package that brings ${name} to requirements.txt, push, and deploy again.`,
		fixes: (_, app) => (app.isOwn ? [fixByStep(dependencies, 'Install the packages again')] : []),
	},
	{
		id: 'python/server-option',
		title: ({what}) => `The app server does not know the option ${what}.`,
		match: [
			/(?:gunicorn|__main__\.py): error: (?:unrecognized arguments|argument \S+): ?(?<what>.{1,80})/,
			/^Error: No such option: (?<what>\S+)/,
			/Error: Invalid value for '(?<what>[^']+)'/,
			/RuntimeError: Unknown (?:setting|option) (?<what>\S+)/,
			/Invalid value for (?<what>\w+): /,
		],
		beside: /gunicorn|uvicorn|flask|[Uu]sage/,
		means: 'It is misspelled, of another version, or of another server.',
		next: 'Correct the start command or gunicorn.conf.py.',
		fixes: (_, app) => (app.isOwn ? [fixByStep(web, 'Write the app server’s settings again')] : []),
	},
	{
		id: 'django/allowed-hosts',
		title: ({host}) => `Django does not know the host ${host}.`,
		match: [
			/Invalid HTTP_HOST header: '(?<host>[^']+)'/,
			/CommandError: You must set settings\.ALLOWED_HOSTS if DEBUG is False/,
		],
		means:
			'With DEBUG off it answers only for names in ALLOWED_HOSTS, and visitors get “400 Bad Request”. Guessers send foreign names too: only your own domain counts.',
		next: 'Read ALLOWED_HOSTS from a variable in settings.py, and set it to your domain.',
		fixes: (_, app) => setVariable(app, 'ALLOWED_HOSTS'),
		when: ({host}, {domain}) => host === undefined || domain === undefined || host.replace(/:\d+$/, '') === domain,
	},
	{
		id: 'django/csrf-origin',
		title: 'Django refuses forms: it does not know the site’s origin.',
		match: [
			/Forbidden \(Origin checking failed - (?<host>https?:\/\/\S+) does not match any trusted origins\.\)/,
			/Origin checking failed - (?<host>https?:\/\/\S+) does not match/,
		],
		means: 'Behind nginx it must be told that the site is https: CSRF_TRUSTED_ORIGINS, or SECURE_PROXY_SSL_HEADER.',
		next: ({host = 'https://your domain'}) => `Have CSRF_TRUSTED_ORIGINS in settings.py contain ${host}.`,
		fixes: (_, app) => setVariable(app, 'CSRF_TRUSTED_ORIGINS'),
	},
	{
		id: 'django/settings-module',
		title: 'Django is not told which settings it has.',
		match: [
			/ImproperlyConfigured: Requested setting \w+, but settings are not configured/,
			/You must either define the environment variable (?<name>DJANGO_SETTINGS_MODULE)/,
		],
		over: ['settings/missing-variable'],
		means:
			'DJANGO_SETTINGS_MODULE names the module with the settings, such as shop.settings; wsgi.py and manage.py set it, a worker or a script does not.',
		next: 'Set DJANGO_SETTINGS_MODULE among the app’s variables.',
		fixes: (_, app) => setVariable(app, 'DJANGO_SETTINGS_MODULE'),
	},
	{
		id: 'django/static-root',
		title: 'Django does not know where static files are to be collected.',
		match: [/You're using the staticfiles app without having set the STATIC_ROOT setting/],
		means: 'collectstatic copies them to STATIC_ROOT, from where nginx serves them.',
		next: 'Write STATIC_ROOT = BASE_DIR / "staticfiles" into settings.py, push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'django/static-manifest',
		title: ({path}) => `The static file ${path} was not collected.`,
		match: [
			/ValueError: Missing staticfiles manifest entry for '(?<path>[^']+)'/,
			/MissingFileError: The file '(?<path>[^']+)' could not be found with/,
		],
		means: 'collectstatic did not run in this release, or a template or stylesheet names a file that does not exist.',
		next: ({path}) => `See that ${path} is committed, push, and deploy again.`,
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'django/apps-not-ready',
		title: 'Models of Django are used before Django is set up.',
		match: [
			/AppRegistryNotReady: Apps aren't loaded yet/,
			/RuntimeError: Model class \S+ doesn't declare an explicit app_label/,
		],
		means: 'A module imports models too early (in __init__.py, in a worker), or an app is not among INSTALLED_APPS.',
		next: 'Call django.setup() before such imports, or add the app to INSTALLED_APPS.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'django/check',
		depth: 'kind',
		title: 'Django’s own check of the project fails.',
		match: [/SystemCheckError: System check identified (?:some )?issues/, /^ERRORS:$/],
		beside: /\([\w_]+\.E\d+\)/,
		means: 'The lines below name each fault, with a number such as (fields.E210).',
		next: 'Mend them (manage.py check on your machine), push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'django/site',
		title: 'Django’s sites framework has no site.',
		match: [/django\.contrib\.sites\.models\.Site\.DoesNotExist|Site matching query does not exist/],
		means: 'SITE_ID names a row of the table django_site that is not there: the database is new.',
		next: 'Make the site once in a migration or in the shell, with the id that SITE_ID says.',
	},
	{
		id: 'fastapi/multipart',
		title: 'FastAPI needs python-multipart for forms.',
		match: [/RuntimeError: Form data requires "python-multipart" to be installed/],
		means: 'Forms and uploads are read by a package of its own, which is not in requirements.txt.',
		next: 'Add python-multipart to requirements.txt, push, and deploy again.',
		fixes: (_, app) => (app.isOwn ? [fixByStep(dependencies, 'Install the packages again')] : []),
	},
	{
		id: 'python/event-loop',
		title: 'The app works with an event loop in a way that this server does not allow.',
		match: [
			/RuntimeError: (?:asyncio\.run\(\) cannot be called from a running event loop|There is no current event loop in thread|This event loop is already running|Event loop is closed)/,
			/RuntimeError: Install Flask with the 'async' extra/,
		],
		means: 'A server such as uvicorn has a loop of its own; threads of gunicorn have none.',
		next: 'Await in place of asyncio.run(); for async views of Flask add flask[async] to requirements.txt.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'python/debug-server',
		depth: 'after',
		title: 'The app starts a development server by itself.',
		match: [/WARNING: This is a development server\. Do not use it in a production deployment/],
		beside: /\[INFO\] Starting gunicorn/,
		means: 'app.run() stands in the module without if __name__ == "__main__": it holds up the real server.',
		next: 'Put app.run() below if __name__ == "__main__", push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
];
