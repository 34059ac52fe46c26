import {detectors} from '../../../steps/detectors.ts';
import {optionsOf} from '../../answers/answers.ts';
import {readStatedAnswers} from '../../answers/answers-file.ts';
import type {Detection, OpenQuestion, Tree, Warning} from '../../contract/detection.ts';
import type {Catalogue, Kind} from '../../contract/kind.ts';
import type {FoundApp, SaidOfApp} from '../../contract/ui/found-app.ts';
import type {Answers} from '../../contract/ui/setup.ts';
import {type Choice, chooseApp, placeOf} from '../../detection/choose.ts';
import {cleanValue} from '../../remote/clean-value.ts';
import {boxOptions} from '../plans/derived.ts';
import {projectFile} from '../target/project-file.ts';
import {freeAppName} from './app-name.ts';
import type {AppFiles} from './read-app.ts';

/** What a person has said of an app by now, beside its address. */
export type Said = SaidOfApp & {
	/** Which part of the repository it is: a folder, '' for its top. */
	readonly folder?: string;
	/** Where in their clone of it the person stands: the app that lies there is meant, where nothing else is said. */
	readonly standing?: string;
	/** Names that other apps and accounts of the box have. */
	readonly taken?: readonly string[];
};

/** What is found in an app's files, and what of the options of its kind that answers. Pure. */
export function findApp(catalogue: Catalogue, repository: string, {tree, ...files}: AppFiles, said: Said): FoundApp {
	const {app: part, ...set} = said.set ?? {};
	const choice = withFolder(tree, said, part);
	const app = choice.app && settled(choice.app, set);
	const stated = statedIn(catalogue, tree, app?.folder ?? '');
	const named = said.kind ?? stated.kind ?? app?.kind;
	const kind = catalogue.kinds.find(({name}) => name === named);
	const found = cleanValue({
		repository,
		name: tree.name,
		files: tree.paths.length,
		...files,
		...choice,
		questions: choice.questions.filter(({about}) => set[about] === undefined),
		...(app && {app}),
		obstacles: obstaclesOf(catalogue, app),
		notes: [
			...(files.repository === undefined
				? []
				: [`Anybody may read it at ${files.repository}: the box does, and needs no key of its own.`]),
			...(stated.fault === undefined ? [] : [`Nothing of its ${projectFile} was taken: ${stated.fault}.`]),
		],
	});
	if (!kind) return {...found, answers: {}};
	return {...found, kind: kind.name, answers: answersOf(kind, found, {...said, set, stated: stated.answers})};
}

/** Why what was found can't be set up yet, each as the rest of “it can’t be set up yet: ”. */
export function obstaclesOf(catalogue: Catalogue, app: Detection | undefined): readonly string[] {
	if (!app) return [];
	const kind = catalogue.kinds.find(({name}) => name === app.kind);
	return kind ? (kind.obstacles?.(app) ?? []) : [`boxwizard only recognises such apps (${app.kind}) so far`];
}

/** The likeliest app of the tree; that of the folder that was named, or of the part that was chosen, where one was. */
function withFolder(tree: Tree, {kind, folder: named, standing}: Said, part: string | undefined): Choice {
	const choice = chooseApp(tree, detectors, kind);
	const {app: likeliest, others} = choice;
	const candidates = [likeliest, ...others].flatMap(one => one ?? []);
	const here = part === undefined ? candidates.find(one => one.folder === standing) : undefined;
	const folder = named ?? (here ?? candidates.find(one => placeOf(one) === part))?.folder;
	if (folder === undefined) return choice;
	const rest = candidates.filter(one => one.folder !== folder);
	const inside = likeliest?.folder === folder ? choice : chooseApp(tree.under(folder), detectors, kind);
	const below = likeliest?.folder === folder ? '' : folder;
	const path = [below, inside.app?.folder].filter(Boolean).join('/');
	return {
		app: inside.app && {...inside.app, folder: path},
		others: rest,
		questions: [
			...choice.questions.flatMap(one => (one.about === 'app' && here ? [startingWith(one, placeOf(here))] : [])),
			...inside.questions.filter(({about}) => about !== 'app'),
		],
	};
}

/** The question with the answer first that is taken where nobody gives one. */
function startingWith(question: OpenQuestion, choice: string): OpenQuestion {
	return {...question, choices: [choice, ...question.choices.filter(other => other !== choice)]};
}

/** With what was said in place of what was found; what that mends is no warning any more. */
function settled(app: Detection, set: Readonly<Record<string, string>>): Detection {
	const isMended = ({remedy}: Warning) =>
		remedy?.type === 'answer' && Object.entries(remedy.set).every(([name, value]) => set[name] === value);
	return {
		...app,
		answers: {...app.answers, ...set},
		warnings: app.warnings.filter(warning => !isMended(warning)),
	};
}

/** What its own answers file says, of the app's folder or of the top: what is about the app alone. */
function statedIn(catalogue: Catalogue, tree: Tree, folder: string) {
	const ofBox = boxOptions(catalogue);
	const options = optionsOf(catalogue.kinds.flatMap(({steps}) => steps));
	const taken = (name: string) =>
		options.some(
			({name: own, meta}) => own === name && !ofBox.has(own) && !meta.personal && !meta.alike && !meta.decides,
		);
	const inFolder = folder === '' ? undefined : tree.under(folder).text(projectFile);
	const text = inFolder ?? tree.text(projectFile);
	return text === undefined ? {answers: {}} : readStatedAnswers(text, projectFile, catalogue, taken);
}

/** Those that fit their options: what is written in a repository may be anything. */
function answersOf(
	kind: Kind,
	found: Pick<FoundApp, 'app' | 'name' | 'branch' | 'repository'>,
	{set = {}, stated, taken = []}: Said & {readonly stated: Answers},
): Answers {
	const options = optionsOf(kind.steps);
	const own = new Map(options.map(option => [option.name, option]));
	const {app, branch, name, repository} = found;
	const said = Object.entries(set).map(([option, text]) => [option, own.get(option)?.fromText(text)] as const);
	const answers: Answers = {
		app: freeAppName(name, taken, text => own.get('app')?.problem(text) === undefined),
		repository,
		...(branch !== undefined && {branch}),
		...(app && app.kind === kind.name && kind.answers?.(app)),
		...Object.fromEntries(said),
		...stated,
	};
	const fits = (option: string, value: unknown) => own.get(option)?.problem(value) === undefined && own.has(option);
	return Object.fromEntries(
		Object.entries(answers).filter(([option, value]) => value !== undefined && fits(option, value)),
	);
}
