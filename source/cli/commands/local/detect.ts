import {statSync} from 'node:fs';
import {detectors} from '../../../../steps/detectors.ts';
import {catalogue} from '../../../../steps/index.ts';
import type {Tree} from '../../../contract/detection.ts';
import {Trouble} from '../../../contract/trouble.ts';
import {type Choice, chooseApp} from '../../../detection/choose.ts';
import {readRepository} from '../../../detection/clone.ts';
import {readFolder} from '../../../detection/folder.ts';
import {cleanValue} from '../../../remote/clean-value.ts';
import {detectionLines} from '../../../render/detection.ts';
import {obstaclesOf} from '../../detection/find-app.ts';
import {exitCodes, print, printJson} from '../../terminal/output.ts';

export type DetectOptions = {readonly kind?: string; readonly branch?: string; readonly json?: boolean};

/** Prints what an app is made of, by its files alone. Exit codes: 2 where something will fail, 3 where nothing is recognised. */
export async function detect(word: string | undefined, options: DetectOptions): Promise<void> {
	if (options.kind !== undefined && !detectors.some(({kind}) => kind === options.kind)) throw unknownKind(options.kind);
	const tree = await readTree(word ?? '.', options.branch);
	const choice = cleanValue(chooseApp(tree, detectors, options.kind));
	const obstacles = obstaclesOf(catalogue, choice.app);
	const canBeSetUp = choice.app !== undefined && obstacles.length === 0;
	if (options.json)
		printJson({of: word ?? '.', files: tree.paths.length, ...choice, app: choice.app ?? null, canBeSetUp, obstacles});
	else for (const line of detectionLines(tree.name, tree.paths.length, choice, obstacles)) print(line);
	process.exitCode = exitCodeOf(choice);
}

async function readTree(word: string, branch: string | undefined): Promise<Tree> {
	const isFolder = statSync(word, {throwIfNoEntry: false})?.isDirectory() ?? false;
	if (isFolder && branch === undefined && !isBare(word)) return readFolder(word);
	if (!isFolder && !/[:@]/.test(word)) return readFolder(word);
	return (await readRepository({address: word, branch})).tree;
}

/** A repository without a work tree has only what git can tell of it. */
function isBare(folder: string): boolean {
	return (
		statSync(`${folder}/HEAD`, {throwIfNoEntry: false})?.isFile() === true &&
		statSync(`${folder}/objects`, {throwIfNoEntry: false})?.isDirectory() === true
	);
}

function exitCodeOf({app}: Choice): number {
	if (!app) return exitCodes.bad;
	return app.warnings.some(({severity}) => severity === 'fails') ? exitCodes.differs : exitCodes.fine;
}

function unknownKind(kind: string): Trouble {
	const names = detectors.map(one => one.kind).join(', ');
	return new Trouble({
		what: `There is no kind ${kind}.`,
		means: 'Nothing was looked at.',
		next: `Take one of ${names}; or leave --kind out, and it is found.`,
		code: 'unknown-kind',
	});
}
