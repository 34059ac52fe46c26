import type {Detection} from '../contract/detection.ts';
import type {FoundApp} from '../contract/ui/found-app.ts';

/** What was found in a repository, in short: before a run, for those who read along. */
export function foundLines({repository, branch, app, files, obstacles, notes, answers}: FoundApp): string[] {
	const place = branch === undefined ? repository : `${repository}, branch ${branch}`;
	if (!app) return [`${place}: none of its ${files} files says what kind of app it is.`];
	return [
		`${place}: ${article(app.title)} ${app.title}${app.folder === '' ? '' : ` in ${app.folder}/`}`,
		...app.because.map(reason => `  ${reason}.`),
		...workLines(app, answers).map(([title, text]) => `  ${title.padEnd(12)}${text}`),
		...notes.map(line => `  ! ${line}`),
		...obstacles.map(obstacle => `  ✗ It can’t be set up yet: ${obstacle}.`),
		...app.warnings.map(({severity, what, next}) => `  ${severity === 'fails' ? '✗' : '!'} ${what} ${next}`),
	];
}

/** 'an' before a vowel. */
export function article(title: string): string {
	return /^[aeio]/i.test(title) ? 'an' : 'a';
}

/** What will be done with it: a word and what about it. */
export function workLines(app: Detection, answers: FoundApp['answers']): (readonly [title: string, text: string])[] {
	const {version, dependencyFile, manager, entry, migrate, build, start} = app.answers;
	const {database, queue} = answers;
	const others = app.processes.filter(({role}) => role === 'worker' || role === 'scheduler');
	const row = (title: string, text: string | false | undefined) => (text ? [[title, text] as const] : []);
	return [
		...row('packages', manager && `${dependencyFile}, by ${manager}`),
		...row('language', version),
		...row('entry', entry),
		...row('build', build),
		...row('start', start),
		...row('database', typeof database === 'string' && database),
		...row('migrations', migrate),
		...row('queue', typeof queue === 'string' && queue),
		...others.flatMap(({name, command}) => row(name, command)),
	];
}
