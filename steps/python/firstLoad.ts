import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import {inApp} from '../app/inApp.ts';
import {pathsOf} from '../folders/paths.ts';
import {startFolder} from '../folders/startFolder.ts';
import {folder, workingFolder} from '../options/detectedOptions.ts';
import {options} from '../options/shared.ts';
import {flaskAppOption, readFlaskApp} from './flaskApp.ts';
import {entry, serverInterface} from './options.ts';

/** As gunicorn itself loads an app. What hinders it is told by the server, which needs it no less. */
const load = 'python -c "import sys; from gunicorn.util import import_app; import_app(sys.argv[1])" "$0" || true';

/** What says, in a release, that it was loaded once. */
const mark = 'venv/loaded-first';

/** Code that makes tables while it is loaded: SQLAlchemy’s, Peewee’s, Tortoise’s, and alembic called from within. */
const makesTables = '(create_all|create_tables|generate_schemas|command\\.upgrade|flask_migrate import .*upgrade)\\b';

/** An app that makes its tables by itself is loaded by one process first: its workers would all try at once, and die of each other’s. */
export const firstLoad = defineStep({
	id: 'app/firstLoad',
	title: 'First load',
	why: 'An app that makes its own tables does so while it is loaded. One process does it first, since several workers at once would stumble over each other.',
	needs: ['app/migrations'],
	options: z.object({
		app: options.app,
		user: options.user,
		folder,
		workingFolder,
		entry,
		serverInterface,
		flaskApp: flaskAppOption,
	}),
	wanted: ({serverInterface}) => serverInterface !== 'http',
	async check($, answers) {
		const {app, entry, flaskApp} = answers;
		const {current, next} = pathsOf(app);
		const [live, makes, loaded, found] = await Promise.all([
			$`readlink -e ${current}`,
			$`cd ${startFolder(next, answers)} && grep -rqE --include='*.py' --exclude-dir=venv ${makesTables} . && echo yes`,
			$`[ -e ${`${next}/${mark}`} ] && echo yes`,
			entry === '' ? readFlaskApp($, app, flaskApp) : {wsgi: entry},
		]);
		return {live, makes, loaded, target: found.wsgi};
	},
	// Only the first version finds a database without its tables.
	done: ({live, makes, loaded}) => live !== '' || makes === '' || loaded !== '',
	apply($, {target}, answers) {
		const {app, user} = answers;
		const {next} = pathsOf(app);
		$.within(5)`${inApp(app, next, startFolder(next, answers))} /bin/sh -c ${load} ${target}`;
		$`runuser -u ${user} -- touch ${`${next}/${mark}`}`;
	},
});
