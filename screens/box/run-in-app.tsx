import {Box} from 'ink';
import {useState} from 'react';
import type {Field} from '../../source/contract/ui/field.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import {Form} from '../form/form.tsx';
import type {Navigation} from '../navigation/navigation.ts';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {useTheme} from '../parts/theme.ts';
import {useRunInApp} from '../parts/use-run-in-app.ts';

type Props = {readonly wizard: Wizard; readonly navigation: Navigation; readonly app: string};

/** Asks for a command, and runs it in an app on the person's own terminal. */
export function RunInAppRoute({wizard, navigation, app}: Props) {
	const runInApp = useRunInApp(wizard);
	const {marks} = useTheme();
	const [command, setCommand] = useState('');
	useKeys((_, key) => {
		if (key.escape) navigation.toBox();
	});
	const run = async () => {
		navigation.say(await runInApp(app, ['bash', '-c', command], command));
		navigation.toBox();
	};
	const field: Field = {
		name: 'command',
		kind: 'text',
		title: 'Command',
		placeholder: 'python manage.py shell',
		description: 'bash reads it, in the folder of the release that is live.',
		value: command,
		detail: false,
		optional: false,
		generated: false,
		problem: () => undefined,
	};
	const hints = [
		[marks.enter, 'run it'],
		['^G', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	] as const;
	return (
		<Page title={`Run a command in ${app}`} hints={hints} wide>
			{room => (
				<Box flexDirection="column">
					<Box marginBottom={1}>
						<Paragraph>
							As the app would run it: its user, its release, its environment. It has this terminal until it ends.
						</Paragraph>
					</Box>
					<Form
						fields={[field]}
						room={room}
						onChange={(_, text) => setCommand(typeof text === 'string' ? text : '')}
						onSubmit={() => void run()}
					/>
				</Box>
			)}
		</Page>
	);
}
