import {useEffect, useState} from 'react';
import {asTrouble, Trouble, type TroubleParts} from '../../source/contract/trouble.ts';
import type {Ask} from '../../source/contract/ui/question.ts';
import type {Opened, Wizard} from '../../source/contract/ui/wizard.ts';
import type {QuestionAnswer} from './question.tsx';

/** A question that waits for the person. */
export type Asked = {
	readonly question: Parameters<Ask>[0];
	/** Counted, so that the same question asked again begins empty. */
	readonly number: number;
	answer(answer: QuestionAnswer): void;
	giveUp(): void;
};

type Ends = {
	readonly onOpen: (opened: Opened) => void;
	/** The person gave up at a question. */
	readonly onBack: () => void;
};

/** Opens a box (the practice box, which is made first, without a target): what it tells, asks, and what goes wrong. */
export function useOpening(wizard: Wizard, target: string | undefined, {onOpen, onBack}: Ends) {
	const [attempt, setAttempt] = useState(0);
	const [lines, setLines] = useState<readonly string[]>([]);
	const [trouble, setTrouble] = useState<TroubleParts>();
	const [asked, setAsked] = useState<Asked>();
	// biome-ignore lint/correctness/useExhaustiveDependencies: once for every attempt
	useEffect(() => {
		let gone = false;
		const tell = (line: string) => gone || setLines(known => [...known, line]);
		const fail = (error: unknown) => {
			const found = asTrouble(error);
			if (gone) return;
			if (found.code === gaveUp.code) onBack();
			else setTrouble(found);
		};
		setLines([]);
		setTrouble(undefined);
		reach(wizard, target, asker(setAsked), tell).then(opened => (gone ? void wizard.leave() : onOpen(opened)), fail);
		return () => {
			gone = true;
		};
	}, [attempt]);
	return {attempt, lines, trouble, asked, again: () => setAttempt(attempt + 1)};
}

/** Hands each question to the screen, and its answer back. */
function asker(show: (asked: Asked | undefined) => void): Ask {
	let number = 0;
	return question =>
		new Promise((resolve, reject) => {
			number += 1;
			const give = resolve as (answer: QuestionAnswer) => void;
			show({
				question,
				number,
				answer(answer) {
					show(undefined);
					give(answer);
				},
				giveUp() {
					show(undefined);
					reject(gaveUp);
				},
			});
		});
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
