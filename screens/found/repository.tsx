import {Box} from 'ink';
import {useState} from 'react';
import type {Field} from '../../source/contract/ui/field.ts';
import {Form} from '../form/form.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {useTheme} from '../parts/theme.ts';

type Props = {
	readonly value: string;
	readonly problem: (address: string) => string | undefined;
	readonly onSubmit: (repository: string) => void;
	readonly onBack: () => void;
};

/** Which app? All else about it is looked for in its repository first. */
export function RepositoryScreen({value, problem, onSubmit, onBack}: Props) {
	const {marks} = useTheme();
	const [address, setAddress] = useState(value);
	useKeys((_, key) => {
		if (key.escape) onBack();
	});
	const field: Field = {
		name: 'repository',
		kind: 'text',
		title: 'Git repository',
		placeholder: 'https://github.com/you/blog.git',
		description: 'https://… or git@host:owner/name.git. The box clones it; a private one gets a key of its own.',
		value: address,
		detail: false,
		optional: false,
		generated: false,
		problem: text => (typeof text === 'string' ? problem(text) : undefined),
	};
	const hints = [
		[marks.enter, 'look at it'],
		['^G', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	] as const;
	return (
		<Page title="Your app" hints={hints}>
			{room => (
				<Box flexDirection="column">
					<Box marginBottom={1}>
						<Paragraph>
							Where is its code? It is read first, with your own git, so that you are asked only what its files don’t
							say. Nothing of it runs.
						</Paragraph>
					</Box>
					<Form
						fields={[field]}
						room={room}
						onChange={(_, text) => setAddress(typeof text === 'string' ? text : '')}
						onSubmit={() => onSubmit(address)}
					/>
				</Box>
			)}
		</Page>
	);
}
