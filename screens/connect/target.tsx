import {Box} from 'ink';
import {useState} from 'react';
import type {Field} from '../../source/contract/ui/field.ts';
import {Form} from '../form/form.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {useTheme} from '../parts/theme.ts';

const address = /^(?:[a-z_][\w.-]*@)?(?:\[[\da-f:.]+\]|[\da-f]*:[\da-f:.]+|[\w-]+(?:\.[\w-]+)*\.?)(?::\d{1,5})?$/i;

/** What is wrong with an address of a box, in words. */
export function targetProblem(text: string): string | undefined {
	if (/\s/.test(text)) return 'An address has no blanks: root@203.0.113.7';
	if (/^\w+:\/\//.test(text)) return 'Only the address, without what stands before it: 203.0.113.7';
	return address.test(text) ? undefined : 'An IP address or a name, such as 203.0.113.7 or root@box.example.com';
}

type Props = {
	readonly value: string;
	readonly onSubmit: (target: string) => void;
	readonly onBack: () => void;
};

/** Which box? */
export function Target({value, onSubmit, onBack}: Props) {
	const {marks} = useTheme();
	const [target, setTarget] = useState(value);
	useKeys((_, key) => {
		if (key.escape) onBack();
	});
	const field: Field = {
		name: 'target',
		kind: 'text',
		title: 'Address',
		placeholder: 'root@203.0.113.7',
		description: 'As your provider shows it. A name of your ~/.ssh/config does too; root@ may be left out.',
		value: target,
		detail: false,
		optional: false,
		generated: false,
		problem: text => (typeof text === 'string' ? targetProblem(text) : undefined),
	};
	const hints = [
		[marks.enter, 'connect'],
		['^G', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	] as const;
	return (
		<Page title="Which box?" hints={hints}>
			{room => (
				<Box flexDirection="column">
					<Box marginBottom={1}>
						<Paragraph>
							A fresh server with Debian 12 or 13, or Ubuntu 22.04, 24.04 or 26.04. First it is only looked at: nothing
							is touched before you have seen the plan.
						</Paragraph>
					</Box>
					<Form
						fields={[field]}
						room={room}
						onChange={(_, text) => setTarget(typeof text === 'string' ? text : '')}
						onSubmit={() => onSubmit(target)}
					/>
				</Box>
			)}
		</Page>
	);
}
