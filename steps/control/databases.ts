import type {Service} from '../../source/contract/service.ts';
import {ask} from '../services/database/query.ts';
import type {ServiceAnswers} from './services.ts';
import {notRunning, unit} from './units.ts';

/** The servers that the apps want, each proven by every app's own database. */
export function databaseServices(apps: readonly ServiceAnswers[]): Service[] {
	const engines = [...new Set(apps.map(({database}) => database))].filter(name => name !== 'sqlite');
	return engines.map(engine => {
		const users = apps.filter(({database}) => database === engine).map(({app}) => app);
		return databaseService(engine, users, engines.length === 1);
	});
}

/** @param isOnly there is no other: then “database” says which is meant */
function databaseService(database: string, apps: readonly string[], isOnly: boolean): Service {
	const service = database === 'mysql' ? 'mysql' : 'postgresql';
	const effects = {
		interrupts: 'The app answers with errors until it is back, two to ten seconds.',
		stops: 'The app answers with errors.',
	};
	const own = database === 'mysql' ? ['mariadb'] : [];
	return {
		// The name `mysql` leads to mariadb.service on Debian.
		...(isOnly
			? unit('database', ['mysql', 'mariadb', 'postgresql'], service, effects)
			: unit(database, own, service, effects)),
		runs: async $ => {
			const answers = await Promise.all(apps.map(app => ask($, database, app, 'select 1')));
			if (answers.some(answer => answer !== '1'))
				throw notRunning('The database', await $`journalctl --unit=${service} --lines=8 --no-pager --output=cat`);
		},
	};
}
