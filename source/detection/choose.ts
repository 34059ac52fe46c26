import type {Detection, Detector, OpenQuestion, Tree} from '../contract/detection.ts';

/** The app of a repository, and what else in it might be one. */
export type Choice = {
	/** The likeliest; undefined where no kind knows anything in the tree. */
	readonly app: Detection | undefined;
	readonly others: readonly Detection[];
	/** What is open about it: first of all which one is meant, where that is not plain. */
	readonly questions: readonly OpenQuestion[];
};

/** Folders in which no app that is to be set up lies. */
const aside =
	/(?:^|\/)(?:tests?|spec|docs?|documentation|examples?|samples?|demos?|node_modules|vendor|third_party|scripts?|tools?|benchmarks?|e2e|cypress|fixtures|\.[^/]+|infra|terraform|ansible|charts?|helm|mobile|ios|android|dist|build|priv|assets|static|public|templates|migrations|\{\{[^/]*)(?:\/|$)/i;
const deepest = 3;
const mostFolders = 12;
/** From this on a detection is an app by itself. */
const sure = 60;
/** From this on nothing in its folder is another one of its kind. */
const plain = 85;
/** From this on a part of an app's folder is worth a word. */
const inner = 75;
/** Nearer than this to each other, two of them are for the person to choose from. */
const close = 25;

/** Looks for the app in the tree and in folders that look like one; `kind` leaves only that. Pure. */
export function chooseApp(tree: Tree, detectors: readonly Detector[], kind?: string): Choice {
	const asked = detectors.filter(one => kind === undefined || one.kind === kind);
	const found: Detection[] = [];
	for (const folder of foldersOf(tree, asked)) {
		for (const {kind: name, detect} of asked) {
			// What lies below an app that is plain belongs to it.
			if (found.some(one => one.kind === name && one.confidence >= plain && isInside(folder, one.folder))) continue;
			const detection = detect(tree.under(folder));
			if (detection) found.push({...detection, folder});
		}
	}

	found.sort((one, other) => weigh(other) - weigh(one));
	const [app, ...rest] = found;
	const others = rest.filter(
		other =>
			app &&
			other.folder !== app.folder &&
			other.confidence >= (isInside(other.folder, app.folder) ? inner : sure) &&
			!(other.kind === app.kind && isInside(app.folder, other.folder)),
	);
	if (!app) return {app, others, questions: []};
	const rivals = others.filter(
		other => !isInside(other.folder, app.folder) && app.confidence - other.confidence < close,
	);
	const which: OpenQuestion[] =
		rivals.length > 0
			? [
					{
						about: 'app',
						question: 'There are several apps in it. Which one is it about?',
						choices: [app, ...rivals].map(placeOf),
					},
				]
			: [];
	return {app, others, questions: [...which, ...app.questions]};
}

/** What an app of several is called where it is asked which one is meant: 'backend (FastAPI app)'. */
export function placeOf({folder, title}: Detection): string {
	return `${folder === '' ? 'the top folder' : folder} (${title})`;
}

function weigh({confidence, folder}: Detection): number {
	return confidence - (folder === '' ? 0 : 3 * folder.split('/').length);
}

function isInside(folder: string, outer: string): boolean {
	return outer === '' || folder.startsWith(`${outer}/`);
}

/** The top, and folders that hold a file by which some kind is known. */
function foldersOf(tree: Tree, detectors: readonly Detector[]): string[] {
	const folders = tree.paths.flatMap(path => {
		const [folder, name] = [path.slice(0, Math.max(0, path.lastIndexOf('/'))), path.slice(path.lastIndexOf('/') + 1)];
		const isMarked = folder !== '' && folder.split('/').length <= deepest && !aside.test(folder);
		return isMarked && detectors.some(({marks}) => marks.test(name)) ? [folder] : [];
	});
	const depth = (folder: string) => folder.split('/').length;
	return ['', ...[...new Set(folders)].sort((one, other) => depth(one) - depth(other)).slice(0, mostFolders)];
}
