import {useEffect, useState} from 'react';
import type {Ask} from '../source/question.ts';
import {asTrouble, Trouble, type TroubleParts} from '../source/trouble.ts';
import type {Opened, Wizard} from '../source/wizard.ts';
import {Busy} from './busy.tsx';
import {type QuestionAnswer, QuestionScreen} from './question.tsx';

type Props = {
	readonly wizard: Wizard;
	/** Undefined for the practice box, which is made first. */
	readonly target: string | undefined;
	readonly onOpen: (opened: Opened) => void;
	readonly onEdit?: () => void;
	readonly onBack: () => void;
};

type Asked = {
	readonly question: Parameters<Ask>[0];
	/** Counted, so that the same question asked again begins empty. */
	readonly number: number;
	answer(answer: QuestionAnswer): void;
	giveUp(): void;
};

/** The way to an open box: connecting, its questions, and what goes wrong. */
export function Opening({wizard, target, onOpen, onEdit, onBack}: Props) {
	const [attempt, setAttempt] = useState(0);
	const [lines, setLines] = useState<readonly string[]>([]);
	const [trouble, setTrouble] = useState<TroubleParts>();
	const [asked, setAsked] = useState<Asked>();
	// biome-ignore lint/correctness/useExhaustiveDependencies: once for every attempt
	useEffect(() => {
		let gone = false;
		let number = 0;
		const tell = (line: string) => gone || setLines(known => [...known, line]);
		const ask: Ask = question =>
			new Promise((resolve, reject) => {
				number += 1;
				const end = () => setAsked(undefined);
				if (gone) return reject(gaveUp);
				setAsked({
					question,
					number,
					answer(answer) {
						end();
						(resolve as (answer: QuestionAnswer) => void)(answer);
					},
					giveUp() {
						end();
						reject(gaveUp);
					},
				});
			});
		setLines([]);
		setTrouble(undefined);
		reach(wizard, target, ask, tell).then(
			opened => (gone ? void wizard.leave() : onOpen(opened)),
			(error: unknown) => {
				if (gone) return;
				if (error === gaveUp) onBack();
				else setTrouble(asTrouble(error));
			},
		);
		return () => {
			gone = true;
		};
	}, [attempt]);
	if (asked) {
		return (
			<QuestionScreen key={asked.number} question={asked.question} onAnswer={asked.answer} onGiveUp={asked.giveUp} />
		);
	}

	const practice = target === undefined;
	return (
		<Busy
			title={practice ? 'A practice box' : 'Connecting'}
			why={
				practice
					? 'A throw-away box starts on this machine, with a name server and a certificate authority of its own. It is gone afterwards.'
					: `To ${target}, over ssh, with your own keys and settings. Nothing is touched.`
			}
			lines={lines}
			trouble={trouble}
			onRetry={() => setAttempt(attempt + 1)}
			onEdit={onEdit}
			onBack={onBack}
		/>
	);
}

const gaveUp = new Trouble({
	what: 'You went back before the box was open.',
	means: 'Nothing was touched.',
	next: 'Connect again whenever you like.',
	code: 'gave-up',
});

async function reach(
	wizard: Wizard,
	target: string | undefined,
	ask: Ask,
	tell: (line: string) => void,
): Promise<Opened> {
	if (target !== undefined) return wizard.open(target, ask, tell);
	if (wizard.practice === undefined) {
		throw new Trouble({
			what: 'A practice box can not run on this machine.',
			means: 'It needs Linux and root, or Docker, or Podman.',
			next: 'boxwizard practice --vagrantfile writes one for Vagrant; or take a real server.',
			code: 'no-practice',
		});
	}

	return wizard.open(await wizard.practice(tell), ask, tell);
}
