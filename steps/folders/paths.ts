import type {Probe} from '../../source/contract/step.ts';

/** Where an app lives: its code in releases, what outlives them in `shared`, what the app itself may write in `state`. */
export function pathsOf(app: string) {
	const root = `/srv/${app}`;
	return {
		root,
		releases: `${root}/releases`,
		shared: `${root}/shared`,
		/** The only folder that the app's own user can write. */
		state: `${root}/shared/state`,
		environment: `${root}/shared/.env`,
		/** The same variables, as systemd's EnvironmentFile= and a POSIX shell read them: what starts the app's programs. */
		processEnvironment: `${root}/shared/environment`,
		/** The release that is served: by way of the slot that is live. */
		current: `${root}/current`,
		/** The slot that is live: a link to one of the two in `slots`, moved in one go. nginx, systemd and `current` all go by it. */
		live: `${root}/live`,
		/** Two folders, each with a link `release`: a new version starts in the one while the other is live. */
		slots: `${root}/slots`,
		/** The release that is being made ready; gone once it is the current one. */
		next: `${root}/next`,
	} as const;
}

/**
 * The app's folder in a release (or in the link to one): what its options name is found from there. Only its virtual environment lies
 * at the top of the release, whatever the folder.
 */
export function appFolder(release: string, folder: string): string {
	return folder === '' ? release : `${release}/${folder.replace(/\/$/, '')}`;
}

/** Where dumps and archives go before something is dropped. Root only. */
export const backups = '/var/backups/boxwizard';

/** Where programs are looked for: what a release brings comes before what the system has (`flask translate` calls `pybabel`). */
export function searchPath(release: string): string {
	return `${release}/venv/bin:/usr/local/bin:/usr/bin:/bin`;
}

/** Words before a command that the deploying user runs in `folder`. Its own HOME: runuser keeps root's (runuser(1)). */
export function as(user: string, folder: string): string[] {
	return ['runuser', '-u', user, '--', 'env', '-C', folder, `HOME=/home/${user}`];
}

/** Words before a command that the app's own user runs in `folder`: what it writes goes to its state folder. */
export function asApp(app: string, folder: string): string[] {
	return ['runuser', '-u', app, '--', 'env', '-C', folder, `HOME=${pathsOf(app).state}`];
}

/** The link to the release that is worked on: the next one while there is one, else the current one. */
export function readRelease($: Probe, app: string): Promise<string> {
	const {current, next} = pathsOf(app);
	return $`if [ -e ${current} ] && [ ! -e ${next} ]; then echo ${current}; else echo ${next}; fi`;
}
