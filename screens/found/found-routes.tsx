import {useState} from 'react';
import type {Field} from '../../source/contract/ui/field.ts';
import type {SaidOfApp} from '../../source/contract/ui/found-app.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import type {Navigation} from '../navigation/navigation.ts';
import {FoundScreen} from './found.tsx';
import {type FoundRow, foundRows} from './found-rows.ts';
import {FieldScreen, QuestionScreen, VariableList} from './opened.tsx';
import {ReadingScreen} from './reading.tsx';
import {RepositoryScreen} from './repository.tsx';
import {VariablesScreen} from './variables.tsx';
import {WarningScreen} from './warning.tsx';

type Props = {readonly wizard: Wizard; readonly navigation: Navigation};

/** What was found, and what is opened of it. */
export function FoundRoute({wizard, navigation}: Props) {
	const {found, forms} = navigation;
	const [at, setAt] = useState(0);
	const [opened, setOpened] = useState<FoundRow>();
	if (found === undefined) return null;
	const kinds = wizard.kinds();
	const rows = foundRows(found, forms, kinds);
	const close = () => setOpened(undefined);
	const say = (more: SaidOfApp) => {
		navigation.sayOfApp(more);
		setAt(0);
		close();
	};
	/** Another branch may hold another app. */
	const done = () => {
		const {branch} = navigation.current().answers;
		const isOther = typeof branch === 'string' && found.branch !== undefined && branch !== found.branch;
		if (isOther) navigation.go({at: 'reading', repository: found.repository, branch});
		else close();
	};
	switch (opened?.kind) {
		case 'warning':
			return (
				<WarningScreen
					warning={opened.warning}
					{...(found.folder !== undefined && {preview: wizard.previewEdit})}
					onAnswer={set => say({set})}
					onWrite={edit => {
						navigation.takeFound(wizard.writeEdit(edit, navigation.said()));
						setAt(0);
						close();
					}}
					onBack={close}
				/>
			);
		case 'question':
			return (
				<QuestionScreen
					question={opened.question}
					onChoose={choice => say({set: {[opened.question.about]: choice}})}
					onBack={close}
				/>
			);
		case 'answer':
			return (
				<FieldScreen
					field={fieldNow(
						forms.flatMap(form => form.fields),
						opened.field,
					)}
					onChange={navigation.answer}
					onDone={done}
				/>
			);
		case 'variables':
			return <VariableList found={found} onBack={close} />;
		default:
	}

	const open = (row: FoundRow, index: number) => {
		setAt(index);
		if (row.kind === 'go') navigation.goOnWithFound();
		else if (row.kind === 'kind') navigation.go({at: 'kind'});
		else setOpened(row);
	};
	return (
		<FoundScreen
			key={`${found.questions.length}-${found.app?.warnings.length}`}
			{...{found, rows}}
			start={at}
			onOpen={open}
			onAgain={() =>
				navigation.go({
					at: 'reading',
					repository: found.repository,
					...(found.branch !== undefined && {branch: found.branch}),
				})
			}
			onBack={() => navigation.go({at: 'repository'})}
		/>
	);
}

/** The field as the answers stand now. */
const fieldNow = (fields: readonly Field[], field: Field): Field =>
	fields.find(({name}) => name === field.name) ?? field;

/** The address of an app, before anything else of it is asked. */
export function RepositoryRoute({wizard, navigation}: Props) {
	const {found, opened, isNewApp} = navigation;
	return (
		<RepositoryScreen
			value={found?.repository ?? navigation.address ?? wizard.likelyRepository(isNewApp)}
			problem={wizard.repositoryProblem}
			onSubmit={repository => navigation.go({at: 'reading', repository})}
			onBack={() => (isNewApp || opened === undefined ? navigation.toBox() : navigation.go({at: 'survey'}))}
		/>
	);
}

/** While its files are read. */
export function ReadingRoute({
	wizard,
	navigation,
	repository,
	branch,
}: Props & {repository: string; branch: string | undefined}) {
	return (
		<ReadingScreen
			{...{wizard, repository, branch}}
			onFound={found => {
				navigation.takeFound(found);
				navigation.go({at: 'found'});
			}}
			onWithout={() => navigation.goOnUnread(repository)}
			onBack={() => {
				navigation.keepAddress(repository);
				navigation.go({at: 'repository'});
			}}
		/>
	);
}

/** What only the person knows of it. */
export function VariablesRoute({wizard, navigation}: Props) {
	return (
		<VariablesScreen
			fields={wizard.variableFields(navigation.setup.answers)}
			onSubmit={values => {
				navigation.changeAnswers(wizard.withVariables(navigation.current().answers, values));
				navigation.keep();
				navigation.ask(undefined, 1);
			}}
			onBack={() => navigation.go({at: 'found'})}
		/>
	);
}
