import {Box, Text} from 'ink';
import {useState} from 'react';
import {Secret} from '../../source/contract/secret.ts';
import type {Field, FieldValue} from '../../source/contract/ui/field.ts';
import type {Question} from '../../source/contract/ui/question.ts';
import {Form} from '../form/form.tsx';
import {Fact} from '../parts/facts.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {Accent, Bad, Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';

export type QuestionAnswer = boolean | Secret | readonly Secret[];

type Props = {
	readonly question: Question;
	readonly onAnswer: (answer: QuestionAnswer) => void;
	readonly onGiveUp: () => void;
};

/** What has to be asked while a door is opened. */
export function QuestionScreen({question, onAnswer, onGiveUp}: Props) {
	if (question.kind === 'trust-host') return <TrustHost {...{question, onAnswer, onGiveUp}} />;
	return <Asked {...{question, onAnswer, onGiveUp}} />;
}

type TrustProps = Omit<Props, 'question'> & {question: Extract<Question, {kind: 'trust-host'}>};

function TrustHost({question, onAnswer, onGiveUp}: TrustProps) {
	useKeys((input, key) => {
		if (input === 'y') onAnswer(true);
		else if (input === 'n') onAnswer(false);
		else if (key.escape) onGiveUp();
	});
	const hints = [
		['y', 'yes, it is mine'],
		['n', 'no, stop'],
		['?', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	] as const;
	return (
		<Page title="Is this your box?" hints={hints}>
			{({height}) => (
				<Box flexDirection="column">
					<Paragraph>
						This machine meets it for the first time. Whoever stands between could pose as it, so compare its
						fingerprint once; from then on it is remembered.
					</Paragraph>
					<Box marginTop={1} flexDirection="column">
						<Fact title="Host" width={10}>
							{question.port === 22 ? question.host : `${question.host}, port ${question.port}`}
						</Fact>
						<Fact title="Key" width={10}>
							{question.keyType}
						</Fact>
					</Box>
					<Box marginTop={1}>
						<Text wrap="hard">
							<Accent bold>{question.fingerprint}</Accent>
						</Text>
					</Box>
					{height < 13 ? null : (
						<Box marginTop={1}>
							<Quiet>
								In your provider's web console, this prints the same line:{'\n'}
								{`ssh-keygen -lf /etc/ssh/ssh_host_${kindOf(question.keyType)}_key.pub`}
							</Quiet>
						</Box>
					)}
				</Box>
			)}
		</Page>
	);
}

/** 'ssh-ed25519' → 'ed25519', as the file of a host key is named. */
function kindOf(keyType: string): string {
	if (keyType.startsWith('ecdsa')) return 'ecdsa';
	return keyType.includes('rsa') ? 'rsa' : 'ed25519';
}

type AskedQuestion = Exclude<Question, {kind: 'trust-host'}>;

function Asked({question, onAnswer, onGiveUp}: Omit<Props, 'question'> & {question: AskedQuestion}) {
	const {marks} = useTheme();
	const [values, setValues] = useState<Values>({});
	useKeys((_, key) => {
		if (key.escape) onGiveUp();
	});
	const wording = wordingOf(question, values);
	const fields = wording.fields.map(field => ({...field, value: values[field.name]}));
	const submit = () => {
		const secrets = fields.map(field => secretOf(field.value));
		const [first = new Secret('')] = secrets;
		onAnswer(question.kind === 'prompts' ? secrets : first);
	};
	const hints = [
		[marks.enter, fields.length > 1 ? 'next' : 'go on'],
		['^G', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	] as const;
	return (
		<Page title={wording.title} hints={hints}>
			{room => (
				<Box flexDirection="column">
					<Paragraph>{wording.text}</Paragraph>
					<Box height={1}>{wording.fault ? <Bad>{`! ${wording.fault}`}</Bad> : null}</Box>
					<Form
						fields={fields}
						room={{...room, height: Math.max(2, room.height - 5)}}
						onChange={(name, value) => setValues({...values, [name]: value})}
						onSubmit={submit}
					/>
				</Box>
			)}
		</Page>
	);
}

const secretOf = (value: FieldValue): Secret => (value instanceof Secret ? value : new Secret(String(value ?? '')));

type Values = Readonly<Record<string, FieldValue>>;

type Wording = {
	readonly title: string;
	readonly text: string;
	readonly fault?: string;
	readonly fields: readonly Field[];
};

function secretField(name: string, title: string, problem: Field['problem'] = () => undefined): Field {
	return {name, title, kind: 'secret', value: undefined, detail: false, optional: false, generated: false, problem};
}

function wordingOf(question: AskedQuestion, values: Values): Wording {
	switch (question.kind) {
		case 'password':
			return {
				title: 'Password',
				text: `The password of ${question.user} on ${question.host}, as your provider gave it to you. It is only used for this login.`,
				fault: question.wrong ? 'The box refused that password. Try again.' : undefined,
				fields: [secretField('password', 'Password')],
			};
		case 'passphrase':
			return {
				title: 'Passphrase',
				text: `Your key ${question.identity} is locked with a passphrase. It stays on this machine.`,
				fault: question.wrong ? 'That passphrase does not open the key. Try again.' : undefined,
				fields: [secretField('passphrase', 'Passphrase')],
			};
		case 'sudo-password':
			return {
				title: 'Password for sudo',
				text: `${question.user} may act as root only with a password. It reaches the box on its standard input, never in a command line.`,
				fault: question.wrong ? 'sudo refused that password. Try again.' : undefined,
				fields: [secretField('password', 'Password')],
			};
		case 'new-password':
			return newPassword(question.user, question.reason, values);
		case 'prompts':
			return {
				title: question.title || 'The box asks',
				text: question.instructions || 'The box wants to know this before it lets you in.',
				fields: question.prompts.map((prompt, index) => ({
					...secretField(`prompt${index}`, prompt.text.replace(/:\s*$/, '')),
					kind: prompt.echo ? ('text' as const) : ('secret' as const),
					optional: true,
				})),
			};
	}
}

function newPassword(user: string, reason: string, values: Values): Wording {
	const long = (value: FieldValue) => (secretOf(value).reveal().length < 8 ? 'At least 8 characters' : undefined);
	const same = (value: FieldValue) =>
		secretOf(value).reveal() === secretOf(values.password).reveal() ? undefined : 'Not the same as the one above';
	return {
		title: 'A new password',
		text: `${reason.replace(/^warning: */i, '')} Choose a new one for ${user}; you will hardly need it, since your key is to open the door.`,
		fields: [
			{...secretField('password', 'New password', long), description: 'At least 8 characters.'},
			secretField('again', 'Once more', same),
		],
	};
}
