import {optionsOf} from '../../answers/answers.ts';
import type {Warning} from '../../contract/detection.ts';
import {asTrouble, Trouble} from '../../contract/trouble.ts';
import type {FoundApp} from '../../contract/ui/found-app.ts';
import type {Answers} from '../../contract/ui/setup.ts';
import {nameOf} from '../../detection/clone.ts';
import {foundLines} from '../../render/found-app.ts';
import type {JournalState} from '../../state/journal-state.ts';
import type {BoxFlags, FromFlags} from '../given/from-flags.ts';
import {kindNamed} from '../given/kinds.ts';
import {appInHand} from '../plans/setup-plan.ts';
import {note, printJson} from '../terminal/output.ts';
import {freeAppName} from './app-name.ts';
import {findApp} from './find-app.ts';
import {cloneHere, type OwnClone, readApp, standingIn} from './read-app.ts';

/** Flags of commands that look at a repository before they touch a box. */
export type FindingFlags = BoxFlags & {
	/** Goes on with an app that is known to fail. */
	readonly ignoreFindings?: boolean;
};

/**
 * What is known beforehand, with what the app's repository says of it: of an app whose set-up was not begun yet. What is found is told; one
 * that can't be read from here is left to what the steps find on the box.
 * @param state the box as this machine knows it
 * @param isNew one more app is to come
 * @throws Trouble where it can't be set up, or would fail, and nothing says to go on all the same
 */
export async function withFoundApp(
	request: FromFlags,
	state: JournalState | undefined,
	flags: FindingFlags,
	isNew = false,
): Promise<FromFlags> {
	const {answers} = request;
	const inHand = isNew ? undefined : (answers.app ?? appInHand(state ?? {apps: {}}));
	const begun = typeof inHand === 'string' ? state?.apps[inHand] : undefined;
	if (begun && Object.keys(begun.steps).length > 0) return request;
	const remembered = isNew ? {} : (begun ?? state?.draft)?.answers;
	const here = cloneHere();
	const repository = [answers.repository, remembered?.repository, here?.remote].find(addressOf(request));
	if (typeof repository !== 'string') return request;
	if (answers.repository === undefined && remembered?.repository === undefined)
		tell(flags, `The app is ${repository}, the origin of this folder.`);
	const said = {...remembered, ...answers};
	const found = await find(request, repository, said, here, Object.keys(state?.apps ?? {}), flags);
	if (!found) return {...request, found: {answers: unread(request, repository, state)}};
	if (flags.json) printJson({at: new Date().toISOString(), event: 'found', ...found});
	else for (const line of foundLines(found)) note(line);
	if (!flags.ignoreFindings) refuse(found, request.kind !== undefined);
	return {...request, found: {answers: found.answers, ...(found.kind !== undefined && {kind: found.kind})}};
}

/** What an app's address alone says of it. */
export function unread(
	{catalogue, kind}: Pick<FromFlags, 'catalogue' | 'kind'>,
	repository: string,
	state: JournalState | undefined,
): Answers {
	const option = optionsOf(kindNamed(catalogue, kind).steps).find(({name}) => name === 'app');
	const fits = (name: string) => option?.problem(name) === undefined;
	return {repository, app: freeAppName(nameOf(repository), Object.keys(state?.apps ?? {}), fits)};
}

/** Whether a value is an address that the option takes. */
function addressOf({catalogue, kind}: FromFlags): (value: unknown) => boolean {
	const option = optionsOf(kindNamed(catalogue, kind).steps).find(({name}) => name === 'repository');
	return value => typeof value === 'string' && value !== '' && option?.problem(value) === undefined;
}

async function find(
	{catalogue, kind}: FromFlags,
	repository: string,
	{branch, folder, user}: FromFlags['answers'],
	here: OwnClone | undefined,
	apps: readonly string[],
	flags: FindingFlags,
): Promise<FoundApp | undefined> {
	const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
	try {
		const files = await readApp(repository, text(branch), here);
		const taken = [...apps, ...(typeof user === 'string' ? [user] : [])];
		const part = typeof folder === 'string' ? {folder} : {};
		return mended(catalogue, repository, files, {
			taken,
			...part,
			...standingIn(here, repository),
			...(kind !== undefined && {kind}),
		});
	} catch (error) {
		const {what, evidence} = asTrouble(error);
		tell(flags, `${what} Its app is looked at on the box instead.`);
		for (const line of evidence) tell(flags, `  | ${line}`);
		return undefined;
	}
}

/** As it is found; where it would fail and an answer of boxwizard's mends that, with that answer. */
function mended(...[catalogue, repository, files, said]: Parameters<typeof findApp>): FoundApp {
	const found = findApp(catalogue, repository, files, said);
	const answers = failing(found).flatMap(({what, remedy}) =>
		remedy?.type === 'answer' ? [{what, set: remedy.set}] : [],
	);
	if (answers.length === 0) return found;
	const set = Object.assign({}, ...answers.map(one => one.set)) as Readonly<Record<string, string>>;
	const notes = answers.map(({what}) => `${what} boxwizard sees to it.`);
	const whole = findApp(catalogue, repository, files, {...said, set});
	return {...whole, notes: [...whole.notes, ...notes]};
}

const failing = ({app}: FoundApp): readonly Warning[] =>
	(app?.warnings ?? []).filter(({severity}) => severity === 'fails');

function tell({json}: FindingFlags, line: string): void {
	if (!json) note(line);
}

/** @param isNamed a person has said which kind it is */
function refuse(found: FoundApp, isNamed: boolean): void {
	const goOn = 'To go on all the same: --ignore-findings';
	if (!found.app && !isNamed)
		throw new Trouble({
			what: `Nothing in ${found.repository} says what kind of app it is.`,
			means: `Its ${found.files} files${found.branch === undefined ? '' : ` of the branch ${found.branch}`} were looked at. The box was not touched.`,
			next: `Name the folder that holds the app (--set folder=…), or the branch (--set branch=…). ${goOn}`,
			code: 'nothing-recognised',
		});
	if (found.obstacles.length > 0)
		throw new Trouble({
			what: `This app can’t be set up yet: ${found.obstacles.join('; ')}.`,
			means: 'The box was not touched.',
			next: `See all that was found: boxwizard detect ${found.repository}. ${goOn}`,
			code: 'not-yet',
		});
	const fails = failing(found);
	const [first] = fails;
	if (!first) return;
	throw new Trouble({
		what: fails.length === 1 ? first.what : `${fails.length} things in the repository would make it fail.`,
		means: `${fails.length === 1 ? `${first.means} ` : ''}The box was not touched.`,
		next: `${fails.length === 1 ? first.next : 'Change what the lines below name, and push it.'} ${goOn}`,
		evidence:
			fails.length === 1
				? [...(first.evidence ?? []), ...changeOf(first)]
				: fails.flatMap(warning => [`${warning.what} ${warning.next}`, ...changeOf(warning)]),
		code: 'will-fail',
	});
}

/** What to change in the repository, in lines. */
function changeOf({remedy}: Warning): string[] {
	if (!remedy) return [];
	switch (remedy.type) {
		case 'write-file':
			return [`write ${remedy.path}:`, ...remedy.content.trimEnd().split('\n').slice(0, 40)];
		case 'change-line':
			return [`change ${remedy.path}:${remedy.line} to: ${remedy.to}`];
		case 'remove-line':
			return [`take out ${remedy.path}:${remedy.line}`];
		case 'command':
			return [`run: ${remedy.command}`];
		case 'answer':
			return [];
		default:
			return remedy satisfies never;
	}
}
