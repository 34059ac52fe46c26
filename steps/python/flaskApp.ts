import {z} from 'zod';
import type {Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {pathsOf} from '../folders/paths.ts';
import {type Place, startFolder} from '../folders/startFolder.ts';
import {parseDotenv} from '../reading/dotenv.ts';

/** What `flask` and gunicorn load: FLASK_APP ('microblog.py') and the WSGI target ('microblog:app'). */
export type FlaskApp = {readonly flaskApp: string; readonly wsgi: string};

export const flaskAppOption = z
	.string()
	.regex(/^((?!-)[\w./-]+(:[\w.]+(\(\))?)?)?$/, 'A file such as microblog.py, or a module')
	.regex(
		/^(?!\/)(?!.*(\.\.|\/\/))/,
		'A file inside the repository, such as microblog.py: without a / in front, and without ..',
	)
	.default('')
	.meta({
		title: 'FLASK_APP',
		description: 'The file that holds the app. Left empty, it is looked for.',
		placeholder: 'microblog.py',
		detail: true,
	});

/** One line of what is found: 'microblog.py:app =' or 'app/__init__.py:def create_app('. */
type Entry = {readonly file: string; readonly object: string};

/**
 * Finds the app as `flask` would: .flaskenv, else a top-level file that makes an app, else a package with a factory.
 * @param place where it is started, in a release
 */
export async function readFlaskApp(
	$: Probe,
	app: string,
	chosen: string,
	place: Place = {folder: '', workingFolder: ''},
): Promise<FlaskApp> {
	const paths = pathsOf(app);
	const [current, next] = [startFolder(paths.current, place), startFolder(paths.next, place)];
	const [said, found] = await Promise.all([
		$`cd ${next} || cd ${current} || exit; sed -nE '/^[[:space:]]*(export[[:space:]]+)?FLASK_APP[[:space:]]*=/p' .flaskenv`,
		$`cd ${next} || cd ${current} || exit; grep -oHE '^(app|application) *=|^def (create_app|make_app)[(]' *.py */__init__.py`,
	]);
	return chooseFlaskApp(app, chosen || flaskenvSays(said), entries(found));
}

/**
 * FLASK_APP as python-dotenv reads it from these lines of .flaskenv: the last one counts.
 * @throws Trouble for what the option would refuse too
 */
function flaskenvSays(lines: string): string {
	const value = parseDotenv(lines).variables.at(-1)?.value ?? '';
	if (flaskAppOption.safeParse(value).success) return value;
	throw new Trouble({
		what: 'The FLASK_APP in .flaskenv is neither a file nor a module that can be served.',
		means: 'It has to be a file such as microblog.py, a module, or a factory that takes no arguments.',
		next: 'Answer FLASK_APP with a file that makes the app, such as a wsgi.py with the line `app = create_app(…)`. Or mend .flaskenv, commit and push. Then try again.',
		evidence: [value],
		code: 'flask-app-refused',
	});
}

/** Pure: which of the found ones it is. */
export function chooseFlaskApp(app: string, chosen: string, found: readonly Entry[]): FlaskApp {
	const usual = [`${app}.py`, 'wsgi.py', 'app.py', 'main.py', 'run.py'];
	const rank = ({file, object}: Entry) => {
		const place = usual.indexOf(file);
		return (object.endsWith('()') ? 20 : 0) + (file.includes('/') ? 10 : 0) + (place === -1 ? usual.length : place);
	};
	const [best] = found.toSorted((one, other) => rank(one) - rank(other));
	const flaskApp = chosen || packageOf(best?.file ?? `${app}.py`);
	const module = moduleOf(flaskApp);
	// `flask` calls a factory that is named without parentheses; gunicorn would serve the factory itself.
	if (module.includes(':')) return {flaskApp, wsgi: module.replace(/:(create_app|make_app)$/, '$&()')};
	const same = found
		.filter(entry => moduleOf(packageOf(entry.file)) === module)
		.toSorted((one, other) => rank(one) - rank(other));
	return {flaskApp, wsgi: `${module}:${same[0]?.object ?? 'app'}`};
}

export function entries(lines: string): Entry[] {
	return lines.split('\n').flatMap(line => {
		const [, file, name, factory] = /^([^:]+):(?:(app|application) *=|def (create_app|make_app)\()$/.exec(line) ?? [];
		return file ? [{file, object: name ?? `${factory}()`}] : [];
	});
}

function packageOf(file: string): string {
	return file.replace(/\/__init__\.py$/, '');
}

/** A file or module as Python imports it; what stands after a colon stays. */
function moduleOf(flaskApp: string): string {
	const [path = '', ...object] = flaskApp.replace(/^\.\//, '').split(':');
	return [path.replace(/\.py$/, '').replaceAll('/', '.'), ...object].join(':');
}
