import type {Detection} from '../../source/contract/detection.ts';

/** What a detection answers of the options of a Python app, by their names; what it could not tell is absent. Pure. */
export function answersOf({
	folder,
	answers,
	processes,
	variables,
	packages,
}: Detection): Readonly<Record<string, unknown>> {
	const {database} = answers;
	const known = {
		folder,
		dependencyFile: answers.dependencyFile,
		extraPackages: answers.extraPackages,
		pythonVersion: answers.version,
		entry: answers.entry,
		serverInterface: answers.interface === 'files' ? undefined : answers.interface,
		workingFolder: answers.workingFolder,
		settingsModule: answers.settingsModule,
		flaskApp: answers.flaskApp,
		start: answers.start,
		build: answers.build,
		migrate: answers.migrate ?? answers.release,
		database: database === 'mongodb' ? undefined : (database ?? 'sqlite'),
		databaseScheme: answers.databaseScheme,
		queue: answers.queue,
		search: answers.search ? 'elasticsearch' : undefined,
		statics: answers.statics && Object.fromEntries(answers.statics.map(one => [one.url, one.folder])),
		stateFolders: stateFolders(answers.state),
		stateFiles: answers.databaseFiles,
		processes: Object.fromEntries(
			processes
				.filter(({role}) => role === 'worker' || role === 'scheduler')
				.filter(({command}) => answers.queue === undefined || !/\brq\b/.test(command))
				.map(({name, command}) => [name, command]),
		),
		buildPackages: packages.filter(({when}) => when === 'build').map(({name}) => name),
		runPackages: packages.filter(({when}) => when === 'run').map(({name}) => name),
		fillings: Object.fromEntries(variables.flatMap(({name, filledWith}) => (filledWith ? [[name, filledWith]] : []))),
	};
	return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** Beside those that many apps have. A file among them is a database of SQLite, which boxwizard keeps elsewhere. */
function stateFolders(state: readonly string[] = []): readonly string[] {
	return [...new Set(['logs', 'instance', ...state.filter(path => !/\.(?:db|sqlite3?)$/.test(path))])];
}
