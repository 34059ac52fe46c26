import {Box} from 'ink';
import {useState} from 'react';
import {Secret} from '../../source/contract/secret.ts';
import type {Field} from '../../source/contract/ui/field.ts';
import {isEmpty} from '../form/draft.ts';
import {Form} from '../form/form.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {Bad} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';

type Props = {
	/** One for each variable that only the person knows. */
	readonly fields: readonly Field[];
	readonly onSubmit: (values: Readonly<Record<string, Secret>>) => void;
	readonly onBack: () => void;
};

/** The variables that no file says, and the app fails without. */
export function VariablesScreen({fields, onSubmit, onBack}: Props) {
	const {marks} = useTheme();
	const [values, setValues] = useState<Readonly<Record<string, Secret | undefined>>>({});
	const [warned, setWarned] = useState(false);
	useKeys((_, key) => {
		if (key.escape) onBack();
	});
	const now = fields.map(field => (field.name in values ? {...field, value: values[field.name]} : field));
	const empty = now.filter(({detail, value}) => !detail && isEmpty(value)).map(({name}) => name);
	const submit = () => {
		if (empty.length > 0 && !warned) return setWarned(true);
		const known = Object.entries(values).filter((pair): pair is [string, Secret] => pair[1] instanceof Secret);
		onSubmit(Object.fromEntries(known));
	};
	const hints = [
		[marks.enter, warned && empty.length > 0 ? 'go on without' : 'next'],
		...(fields.some(({detail}) => detail) ? ([['^D', 'more']] as const) : []),
		['^G', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	] as const;
	return (
		<Page
			title="What only you know"
			hints={hints}
			activity={
				warned && empty.length > 0 ? (
					<Bad>{`! Left empty: ${empty.join(', ')}. ${marks.enter} once more goes on.`}</Bad>
				) : null
			}
		>
			{room => (
				<Box flexDirection="column">
					<Box marginBottom={1}>
						<Paragraph>
							The app reads these from its environment. They are kept in your keychain and in a file on the box that
							only the app can read.
						</Paragraph>
					</Box>
					<Form
						fields={now}
						room={{...room, height: Math.max(4, room.height - 4)}}
						onChange={(name, value) =>
							setValues(known => ({...known, [name]: value instanceof Secret ? value : undefined}))
						}
						onSubmit={submit}
					/>
				</Box>
			)}
		</Page>
	);
}
