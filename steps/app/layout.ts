import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {asApp, backups, pathsOf} from '../folders/paths.ts';
import {pack} from '../folders/save.ts';
import {statics} from '../options/detectedOptions.ts';
import {options} from '../options/shared.ts';
import {forgetMigration} from '../services/database/halfMigrated.ts';
import {removeAccount} from '../system/removeAccount.ts';
import {stateFolders} from './stateFolders.ts';

/** The app's folders and the system user that runs it. */
export const layout = defineStep({
	id: 'app/layout',
	title: 'App folders',
	why: 'You deploy, and a user of its own without a shell runs the app: it can write its state folder and nothing else. So a hole in the app does not become a hole in the box.',
	needs: ['account/adminUser'],
	options: z.object({app: options.app, user: options.user, stateFolders, statics}),
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

		for (const {path, mode, owner} of foldersOf(answers).filter(one => !one.isWritten)) $.folder(path, {mode, owner});
		// By the app's user itself: root must follow no link that the app may have put there.
		const {state} = pathsOf(app);
		for (const name of answers.stateFolders) $`${asApp(app, state)} mkdir -p -m 0750 ${name}`;
		for (const name of handedOut(answers)) {
			// New files in it belong to nginx's group, whoever makes them (inode(7), set-group-ID on a folder).
			$`find ${`${state}/${name}`} -maxdepth 0 -type d -exec chgrp ${webGroup} {} + -exec chmod 2750 {} +`;
		}
	},
	undo($, before, {app}) {
		const {root} = pathsOf(app);
		// What outlived its process manager would write into the folder while it goes.
		if (!before.account) $`end_processes ${app}`;
		if (before.found.length === 0) {
			pack($, '/srv', app, app);
			$`rm -rf ${root}`;
		}

		$`bash -c ${forgetMigration(app)}`;
		if (!before.account) removeAccount($, app);
	},
	drops: (before, {app}) =>
		before.found.length > 0
			? undefined
			: {what: `the app’s folder ${pathsOf(String(app)).root}`, name: String(app), savedIn: backups},
	notUndone: `The app’s folder, with its files and SQLite database, is packed into ${backups} before it goes.`,
});

type Folder = {
	readonly path: string;
	readonly mode: string;
	readonly owner: string;
	/** It lies where the app's user can write. */
	readonly isWritten?: true;
};

type Answers = {
	readonly app: string;
	readonly user: string;
	readonly stateFolders: readonly string[];
	readonly statics?: Readonly<Record<string, string>> | undefined;
};

/** The group that nginx's workers run in, on Debian and Ubuntu. */
const webGroup = 'www-data';

/** What the app writes and nginx hands out: uploads. nginx may read these, and go through the folder above; the rest stays the app's own. */
function handedOut({stateFolders, statics = {}}: Answers): string[] {
	const served = Object.values(statics).map(path => path.replace(/\/$/, ''));
	return stateFolders.filter(name => served.some(path => path === name || path.startsWith(`${name}/`)));
}

function foldersOf(answers: Answers): Folder[] {
	const {app, user, stateFolders} = answers;
	const {root, releases, shared, state} = pathsOf(app);
	const open = handedOut(answers);
	const deployed = [root, releases, shared].map(path => ({path, mode: '0755', owner: `${user}:${user}`}));
	return [
		...deployed,
		open.length > 0
			? {path: state, mode: '0710', owner: `${app}:${webGroup}`}
			: {path: state, mode: '0750', owner: `${app}:${app}`},
		...stateFolders.map((name): Folder => {
			const path = `${state}/${name}`;
			return open.includes(name)
				? {path, mode: '02750', owner: `${app}:${webGroup}`, isWritten: true}
				: {path, mode: '0750', owner: `${app}:${app}`, isWritten: true};
		}),
	];
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
