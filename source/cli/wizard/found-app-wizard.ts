import {join} from 'node:path';
import {optionsOf} from '../../answers/answers.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {FoundApp, SaidOfApp} from '../../contract/ui/found-app.ts';
import {findApp} from '../detection/find-app.ts';
import {type AppFiles, cloneHere, readApp, readClone, standingIn} from '../detection/read-app.ts';
import {variableFields, withVariables} from '../detection/variables.ts';
import {unread} from '../detection/with-found-app.ts';
import {previewEdit, writeEdit} from '../detection/write-edit.ts';
import {kindNamed} from '../given/kinds.ts';
import type {CurrentBox} from './current-box.ts';
import type {JoinedWizard} from './joined-wizard.ts';

type FoundAppPart = Pick<
	JoinedWizard,
	| 'likelyRepository'
	| 'repositoryProblem'
	| 'findApp'
	| 'settleApp'
	| 'unreadApp'
	| 'variableFields'
	| 'withVariables'
	| 'previewEdit'
	| 'writeEdit'
>;

/** What a wizard finds in the repository of an app that is to come. */
export function foundAppOf(box: CurrentBox): FoundAppPart {
	let read: {readonly repository: string; readonly files: AppFiles; readonly found: FoundApp} | undefined;
	const said = (more: SaidOfApp) => {
		const {kind, answers} = box.known;
		const {user} = {...box.remembered?.box.answers, ...answers};
		const taken = [...Object.keys(box.remembered?.apps ?? {}), ...(typeof user === 'string' ? [user] : [])];
		return {...(kind !== undefined && {kind}), taken, ...more};
	};
	const find = (repository: string, files: AppFiles, more: SaidOfApp): FoundApp => {
		const found = findApp(box.catalogue, repository, files, {...said(more), ...standingIn(cloneHere(), repository)});
		read = {repository, files, found};
		return found;
	};
	const last = () => {
		if (!read) throw new TypeError('No app was read');
		return read;
	};
	/** The app's own folder in the person's clone. @throws Trouble where there is none */
	const folderOf = ({folder, app}: FoundApp): string => {
		if (folder !== undefined) return join(folder, app?.folder ?? '');
		throw new Trouble({
			what: 'There is no folder of yours with these files.',
			means: 'Nothing was written.',
			next: 'Change it in your own clone, and push it.',
			code: 'no-clone',
		});
	};
	const problem = (address: string) => {
		const options = optionsOf(kindNamed(box.catalogue, box.known.kind).steps);
		return options.find(({name}) => name === 'repository')?.problem(address);
	};
	return {
		likelyRepository(isNew) {
			const draft = isNew ? undefined : box.remembered?.draft?.answers.repository;
			const likely = [box.known.answers.repository, draft, cloneHere()?.remote];
			return String(likely.find(one => typeof one === 'string' && problem(one) === undefined) ?? '');
		},
		repositoryProblem: problem,
		async findApp(repository, named, signal) {
			const branch = named ?? box.known.answers.branch;
			const files = await readApp(repository, typeof branch === 'string' ? branch : undefined, cloneHere(), signal);
			return find(repository, files, {});
		},
		settleApp: more => find(last().repository, last().files, more),
		unreadApp: repository =>
			unread(
				{catalogue: box.catalogue, ...(box.known.kind !== undefined && {kind: box.known.kind})},
				repository,
				box.remembered,
			),
		variableFields: answers => (read ? variableFields(read.found, answers) : []),
		withVariables,
		previewEdit: edit => previewEdit(folderOf(last().found), edit),
		writeEdit(edit, more) {
			const {repository, files, found} = last();
			writeEdit(folderOf(found), edit);
			const changed = readClone({folder: found.folder ?? '', branch: found.branch});
			return find(repository, {...files, ...changed, isRead: 'changed in the folder'}, more);
		},
	};
}
