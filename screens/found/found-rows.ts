import type {OpenQuestion, Warning} from '../../source/contract/detection.ts';
import {Secret} from '../../source/contract/secret.ts';
import type {Field} from '../../source/contract/ui/field.ts';
import type {FoundApp} from '../../source/contract/ui/found-app.ts';
import type {StepForm} from '../../source/contract/ui/setup.ts';
import {isEmpty, textOf} from '../form/draft.ts';

/** A line of what was found, and what Enter does with it. */
export type FoundRow =
	| {readonly kind: 'go'; readonly title: string; readonly text: string}
	| {readonly kind: 'warning'; readonly title: string; readonly text: string; readonly warning: Warning}
	| {readonly kind: 'question'; readonly title: string; readonly text: string; readonly question: OpenQuestion}
	| {readonly kind: 'answer'; readonly title: string; readonly text: string; readonly field: Field}
	| {readonly kind: 'kind' | 'variables' | 'fact'; readonly title: string; readonly text: string};

/** What stands in the list: going on, what is wrong, what is open, then all that it answers. Pure. */
export function foundRows(
	found: FoundApp,
	forms: readonly StepForm[],
	kinds: readonly {readonly name: string; readonly title: string}[],
): readonly FoundRow[] {
	const {app, questions, obstacles, kind} = found;
	const warnings = app?.warnings ?? [];
	const fails = !app || obstacles.length > 0 || warnings.some(({severity}) => severity === 'fails');
	const isChangeable = kinds.length > 1;
	return [
		{kind: 'go', title: fails ? 'Go on all the same' : 'Go on', text: fails ? '' : 'with what stands here'},
		...warnings.map(warning => ({kind: 'warning' as const, title: signOf(warning), text: warning.what, warning})),
		...questions.map(question => ({
			kind: 'question' as const,
			title: '?',
			text: `${question.question} Now: ${question.choices[0] ?? ''}`,
			question,
		})),
		...(isChangeable
			? [{kind: 'kind' as const, title: 'Kind', text: kinds.find(({name}) => name === kind)?.title ?? 'not known'}]
			: []),
		...answerRows(found, forms),
		...factRows(found, forms),
		...(app && app.variables.length > 0
			? [{kind: 'variables' as const, title: 'Variables', text: variablesInShort(found)}]
			: []),
	];
}

function signOf({severity}: Warning): string {
	return severity === 'fails' ? 'Fails' : 'Careful';
}

/** The fields of the app's steps whose answers were found, as they stand now. */
function answerRows({answers}: FoundApp, forms: readonly StepForm[]): readonly FoundRow[] {
	const fields = new Map<string, Field>();
	for (const field of forms.filter(({ofApp}) => ofApp).flatMap(form => form.fields))
		if (!fields.has(field.name)) fields.set(field.name, field);
	return [...fields.values()]
		.filter(({name, value}) => answers[name] !== undefined && name !== 'repository' && !isEmpty(value))
		.map(field => ({kind: 'answer', title: field.title, text: shownValue(field), field}));
}

/** What is found beside the answers, or is the answer of no field here: its title, and what it says. */
function factRows({app}: FoundApp, forms: readonly StepForm[]): readonly FoundRow[] {
	if (!app) return [];
	const {manager, dependencyFile, entry, build, start, migrate} = app.answers;
	const names = (when: 'build' | 'run') =>
		app.packages.flatMap(one => (one.when === when ? [one.name] : [])).join(', ') || undefined;
	const facts: readonly (readonly [option: string, title: string, text: string | undefined])[] = [
		['dependencyFile', 'Packages from', dependencyFile],
		['', 'Installed by', manager],
		['entry', 'App to load', entry],
		['build', 'Build', build],
		['start', 'Start', start],
		['migrate', 'Migrations', migrate],
		['buildPackages', 'To compile', names('build')],
		['runPackages', 'To run', names('run')],
	];
	const isAnswer = (option: string) => forms.some(form => form.fields.some(({name}) => name === option));
	return facts.flatMap(([option, title, text]) =>
		text === undefined || isAnswer(option) ? [] : [{kind: 'fact' as const, title, text}],
	);
}

/** A field's value on one line. */
export function shownValue({kind, value, choices}: Field): string {
	if (value instanceof Secret) return value.toString();
	if (kind === 'yes-no') return value === true ? 'yes' : 'no';
	if (kind === 'choice') return choices?.find(choice => choice.value === value)?.title ?? '';
	return Array.isArray(value) ? value.join(', ') : textOf(value, kind);
}

/** '6 filled by boxwizard, 1 only you know, 3 it can do without'. */
function variablesInShort({app}: FoundApp): string {
	const variables = app?.variables ?? [];
	const filled = variables.filter(({filledWith}) => filledWith !== undefined);
	const own = variables.filter(({filledWith}) => filledWith === undefined);
	const needed = own.filter(one => one.required && one.default === undefined);
	const parts = [
		[filled.length, 'filled by boxwizard'],
		[needed.length, 'only you know'],
		[own.length - needed.length, 'it can do without'],
	] as const;
	return parts.flatMap(([count, words]) => (count > 0 ? [`${count} ${words}`] : [])).join(', ');
}

/** What the app is and why, as a colleague would say it. */
export function noteOf({app, files, obstacles, notes, isRead, folder, branch}: FoundApp): string {
	if (!app)
		return `None of its ${files} files${branch === undefined ? '' : ` (branch ${branch})`} says what kind of app it is. Another branch, or another part of the repository, may.`;
	return [
		...obstacles.map(obstacle => `It can’t be set up yet: ${obstacle}.`),
		...whereRead(isRead, folder),
		app.because.map(reason => `${reason}.`).join(' '),
		...notes,
	].join('\n');
}

function whereRead(isRead: FoundApp['isRead'], folder = ''): readonly string[] {
	switch (isRead) {
		case 'at the address':
			return [];
		case 'in the folder':
			return [`Read in ${folder}: its address can’t be read from here.`];
		case 'changed in the folder':
			return [`Changed in ${folder}: commit and push it before you go on, since the box clones the address.`];
		default:
			return isRead satisfies never;
	}
}

/** 'blog: a Flask app in backend/' */
export function titleOf({name, app}: FoundApp): string {
	if (!app) return `${name}: nothing is recognised`;
	const article = /^[aeio]/i.test(app.title) ? 'an' : 'a';
	return `${name}: ${article} ${app.title}${app.folder === '' ? '' : ` in ${app.folder}/`}`;
}
