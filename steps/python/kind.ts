import type {Kind} from '../../source/contract/kind.ts';
import {database} from '../app/database.ts';
import {deployKey} from '../app/deployKey.ts';
import {wantsRedis} from '../app/fillings.ts';
import {layout} from '../app/layout.ts';
import {online} from '../app/online.ts';
import {release} from '../app/release.ts';
import {switchRelease} from '../app/switchRelease.ts';
import {records} from '../dns/records.ts';
import {processes} from '../process/processes.ts';
import {schedules} from '../process/schedules.ts';
import {watch} from '../process/watch.ts';
import {certificate} from '../tls/certificate.ts';
import {preflight} from '../tls/preflight.ts';
import {nginx} from '../web/nginx.ts';
import {answersOf} from './answers.ts';
import {build} from './build.ts';
import {environment} from './environment.ts';
import {firstLoad} from './firstLoad.ts';
import {inside} from './inside.ts';
import {loadCheck} from './loadCheck.ts';
import {migrations} from './migrations.ts';
import {appOnBox} from './onBox.ts';
import {dependencies} from './packages/dependencies.ts';
import {web} from './server.ts';
import {translations} from './translations.ts';
import {worker} from './worker.ts';

/** A Python app behind nginx, from its repository to HTTPS. */
export const python: Kind = {
	name: 'python',
	formerNames: ['flask'],
	title: 'Python app',
	description:
		'Flask, Django, FastAPI and their like: gunicorn, MariaDB, PostgreSQL or SQLite, Redis jobs, nginx and a certificate.',
	steps: [
		// The app, made ready beside what runs, then switched to.
		layout,
		deployKey,
		release,
		dependencies,
		environment,
		database,
		translations,
		build,
		loadCheck,
		migrations,
		firstLoad,
		switchRelease,
		web,
		worker,
		processes,
		schedules,
		watch,
		// The way to it.
		nginx,
		records,
		preflight,
		certificate,
		online,
	],
	obstacles: ({answers: {dependencyFile}}) => [
		...(dependencyFile === 'environment.yml' || dependencyFile === 'environment.yaml'
			? [`its packages stand in ${dependencyFile}, and conda is not what boxwizard installs with`]
			: []),
	],
	answers: answersOf,
	defaults: {},
	firstThings: ({settingsModule}) =>
		typeof settingsModule === 'string' && settingsModule !== ''
			? [
					{title: 'Make the first user of Django’s admin', words: ['python', 'manage.py', 'createsuperuser']},
					{title: 'See what Django says of its settings', words: ['python', 'manage.py', 'check', '--deploy']},
				]
			: [],
	app: appOnBox,
	inside,
	services: ({database: engine, queue, search, supervisor, fillings, pythonPackages}) => [
		...(typeof engine === 'string' ? [engine] : []),
		...(supervisor === 'supervisor' ? ['supervisor'] : []),
		...((typeof queue === 'string' && queue !== '') || wantsRedis(fillings) ? ['redis'] : []),
		...(search === 'elasticsearch' ? ['elasticsearch'] : []),
		...(pythonPackages === 'distribution' ? [] : ['uv']),
	],
	deploy: [
		release,
		dependencies,
		environment,
		translations,
		build,
		loadCheck,
		migrations,
		web,
		worker,
		processes,
		schedules,
		watch,
		nginx,
	].map(step => step.id),
	rollback: [release, web, worker, processes, schedules, watch].map(step => step.id),
	settings: [environment, web, worker, processes, watch].map(step => step.id),
};
