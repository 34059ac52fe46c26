import {Box} from 'ink';
import {useState} from 'react';
import type {DetectedVariable, OpenQuestion} from '../../source/contract/detection.ts';
import type {Field, FieldValue} from '../../source/contract/ui/field.ts';
import type {FoundApp} from '../../source/contract/ui/found-app.ts';
import {fillingWords} from '../../source/render/wording.ts';
import {Form} from '../form/form.tsx';
import {ChoosePage} from '../parts/choose-page.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {broken, Scroll, type ScrollLine} from '../parts/scroll.tsx';
import {useTheme} from '../parts/theme.ts';

type FieldProps = {
	readonly field: Field;
	readonly onChange: (name: string, value: FieldValue) => void;
	readonly onDone: () => void;
};

/** One answer that was found, to be changed. */
export function FieldScreen({field, onChange, onDone}: FieldProps) {
	const {marks} = useTheme();
	const [before] = useState(field.value);
	useKeys((_, key) => {
		if (!key.escape) return;
		onChange(field.name, before);
		onDone();
	});
	const hints = [
		[marks.enter, 'done'],
		['^G', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	] as const;
	return (
		<Page title={field.title} hints={hints} wide>
			{room => (
				<Box marginTop={1}>
					<Form fields={[{...field, detail: false}]} room={room} onChange={onChange} onSubmit={onDone} />
				</Box>
			)}
		</Page>
	);
}

type QuestionProps = {
	readonly question: OpenQuestion;
	readonly onChoose: (choice: string) => void;
	readonly onBack: () => void;
};

/** What an app's files leave open. */
export function QuestionScreen({question, onChoose, onBack}: QuestionProps) {
	return (
		<ChoosePage
			title="Which one?"
			asks={question.question}
			items={question.choices.map(choice => ({value: choice, title: choice}))}
			wide
			onChoose={onChoose}
			onBack={onBack}
		/>
	);
}

/** All variables that an app reads, and who gives each its value. */
export function VariableList({found, onBack}: {found: FoundApp; onBack: () => void}) {
	const {marks} = useTheme();
	useKeys((input, key) => {
		if (key.escape || input === 'q') onBack();
	});
	const hints = [
		[marks.arrows, 'scroll'],
		['?', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	] as const;
	return (
		<Page title="Variables" hints={hints} wide>
			{room => (
				<Box marginTop={1}>
					<Scroll
						lines={broken(variableLines(found.app?.variables ?? []), room.width)}
						room={{...room, height: room.height - 1}}
					/>
				</Box>
			)}
		</Page>
	);
}

function variableLines(variables: readonly DetectedVariable[]): ScrollLine[] {
	const own = variables.filter(({filledWith}) => filledWith === undefined);
	const groups = [
		['Only you know: it fails without', own.filter(one => one.required && one.default === undefined)],
		['It can do without', own.filter(one => !one.required || one.default !== undefined)],
		['boxwizard fills', variables.filter(({filledWith}) => filledWith !== undefined)],
	] as const;
	const longest = Math.max(0, ...variables.map(({name}) => name.length));
	const lineOf = ({name, where, filledWith}: DetectedVariable): ScrollLine => ({
		text: `  ${name.padEnd(longest + 2)}${filledWith ? fillingWords[filledWith] : where}`,
	});
	return groups.flatMap(([title, some]) =>
		some.length === 0 ? [] : [{text: title, tone: 'head'}, ...some.map(lineOf), {text: ''}],
	);
}
