import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {asApp, backups, pathsOf} from '../folders/paths.ts';
import {pack} from '../folders/save.ts';
import {options} from '../options/shared.ts';
import {removeAccount} from '../system/removeAccount.ts';
import {stateFolders} from './stateFolders.ts';

/** The app's folders and the system user that runs it. */
export const layout = defineStep({
	id: 'app/layout',
	title: 'App folders',
	why: 'You deploy, and a user of its own without a shell runs the app: it can write its state folder and nothing else. So a hole in the app does not become a hole in the box.',
	needs: ['account/adminUser'],
	options: z.object({app: options.app, user: options.user, stateFolders}),
	async check($, answers) {
		const paths = foldersOf(answers).map(folder => folder.path);
		const [account, found] = await Promise.all([
			$`getent passwd ${answers.app} | cut -d: -f6`,
			$`stat -c '%n 0%a %U:%G' -- ${paths}`,
		]);
		if (account !== '' && account !== pathsOf(answers.app).state) throw nameTaken(answers.app, account);
		return {account: account !== '', found: found.split('\n').filter(line => line !== '')};
	},
	done: (facts, answers) =>
		facts.account &&
		foldersOf(answers).every(({path, mode, owner}) => facts.found.includes(`${path} ${mode} ${owner}`)),
	apply($, facts, answers) {
		const {app} = answers;
		if (!facts.account) {
			$`useradd --system --user-group --home-dir ${pathsOf(app).state} --no-create-home --shell /usr/sbin/nologin ${app}`;
		}

		for (const {path, mode, owner} of foldersOf({...answers, stateFolders: []})) $.folder(path, {mode, owner});
		// By the app's user itself: root must follow no link that the app may have put there.
		const {state} = pathsOf(app);
		for (const name of answers.stateFolders) $`${asApp(app, state)} mkdir -p -m 0750 ${name}`;
	},
	undo($, before, {app}) {
		const {root} = pathsOf(app);
		if (before.found.length === 0) {
			pack($, '/srv', app, app);
			$`rm -rf ${root}`;
		}

		if (!before.account) removeAccount($, app);
	},
	drops: (before, {app}) =>
		before.found.length > 0
			? undefined
			: {what: `the app’s folder ${pathsOf(String(app)).root}`, name: String(app), savedIn: backups},
	notUndone: `The app’s folder, with its files and SQLite database, is packed into ${backups} before it goes.`,
});

type Folder = {readonly path: string; readonly mode: string; readonly owner: string};

function foldersOf({app, user, stateFolders}: {app: string; user: string; stateFolders: readonly string[]}): Folder[] {
	const {root, releases, shared, state} = pathsOf(app);
	const deployed = [root, releases, shared].map(path => ({path, mode: '0755', owner: `${user}:${user}`}));
	const written = [state, ...stateFolders.map(name => `${state}/${name}`)];
	return [...deployed, ...written.map(path => ({path, mode: '0750', owner: `${app}:${app}`}))];
}

function nameTaken(app: string, home: string): Trouble {
	return new Trouble({
		what: `The box already has a user called ${app}, whose home is ${home}.`,
		means:
			'The app runs as a user of its own, named after it; it must not be one that someone logs in with or that another service has.',
		next: 'Give the app another name.',
		code: 'app-name-taken',
	});
}
