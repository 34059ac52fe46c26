import {useCallback, useMemo, useRef, useState} from 'react';
import type {FoundApp, SaidOfApp} from '../../source/contract/ui/found-app.ts';
import type {Answers, Setup} from '../../source/contract/ui/setup.ts';
import type {Opened, Wizard} from '../../source/contract/ui/wizard.ts';
import {foundForms, nextAsked} from './asked.ts';
import type {Route} from './route.ts';
import {noSetup, type SetupInHand} from './use-setup.ts';

type Place = {
	readonly wizard: Wizard;
	readonly inHand: SetupInHand;
	readonly opened: Opened | undefined;
	/** Whether the person came for one more app. */
	readonly startsNew: boolean;
	readonly go: (route: Route) => void;
};

/** The app that is to come: what its repository says of it, what the person says over that, and what is still to be asked. */
export function useComingApp({wizard, inHand, opened, startsNew, go}: Place) {
	const {setup, current, change, keep} = inHand;
	const [found, setFound] = useState<FoundApp>();
	const foundNow = useRef(found);
	/** What the person said over that. */
	const said = useRef<SaidOfApp>({});
	/** The address that could not be read. */
	const [address, keepAddress] = useState<string>();
	const unreadAddress = useRef('');
	/** It is one more app of a box that carries some. */
	const [isNewApp, setNewApp] = useState(startsNew);
	const formsOf = useCallback(
		({kind, answers, isNew}: Setup) => {
			const all = kind === '' ? [] : wizard.steps(kind, answers, isNew);
			return foundNow.current ? foundForms(all) : all;
		},
		[wizard],
	);
	// biome-ignore lint/correctness/useExhaustiveDependencies: what was found says what is asked
	const forms = useMemo(() => formsOf(setup), [formsOf, setup, found]);

	/** Whether there are variables that only the person knows, and the app fails without. */
	const wantsVariables = () =>
		foundNow.current !== undefined && wizard.variableFields(current().answers).some(({detail}) => !detail);
	/** To the question after (before) this one; the plan after the last, the kinds before the first. */
	const ask = (from: string | undefined, by: 1 | -1) => {
		const id = nextAsked(formsOf(current()), current().leftOut, from, by);
		if (id !== undefined) go({at: 'step', id, alone: false});
		else if (by === 1) go({at: 'review'});
		else if (wantsVariables()) go({at: 'variables'});
		else go({at: foundNow.current ? 'found' : 'repository'});
	};
	const forget = () => {
		foundNow.current = undefined;
		setFound(undefined);
		said.current = {};
		keepAddress(undefined);
	};
	/** Takes an app of this kind in hand: what its repository answers, and over that all that was given, remembered or typed. */
	const begin = (kind: string, answers: Answers, known: Answers) => {
		const now = current();
		const isFresh = now.kind === '' || (isNewApp && !now.isNew);
		const before = isNewApp ? wizard.newApp(kind) : {answers: opened?.answers ?? {}, leftOut: []};
		// What is remembered of another repository says nothing of this one.
		const isOther = ![undefined, answers.repository].includes(before.answers.repository);
		change({
			kind,
			answers: {
				...(isOther ? {...before.answers, ...answers} : {...answers, ...before.answers}),
				...(isFresh ? {} : without(now.answers, known)),
				repository: answers.repository,
			},
			leftOut: isFresh ? before.leftOut : now.leftOut,
			...(isNewApp && {isNew: true as const}),
		});
	};
	const takeFound = (next: FoundApp) => {
		const known = foundNow.current?.answers ?? {};
		foundNow.current = next;
		setFound(next);
		if (next.kind !== undefined) begin(next.kind, next.answers, known);
	};
	const sayOfApp = (more: SaidOfApp) => {
		said.current = {...said.current, ...more, set: {...said.current.set, ...more.set}};
		takeFound(wizard.settleApp(said.current));
	};
	const choose = (kind: string) => {
		if (foundNow.current) {
			sayOfApp({kind});
			return go({at: 'found'});
		}

		begin(kind, wizard.unreadApp(unreadAddress.current), {});
		ask(undefined, 1);
	};
	/** To the kinds, where there is anything to choose from. */
	const toKind = () => {
		const [first, ...others] = wizard.kinds();
		if (first && others.length === 0) choose(first.name);
		else go({at: 'kind'});
	};
	return {
		forms,
		ask,
		choose,
		found,
		said: () => said.current,
		address,
		keepAddress,
		isNewApp,
		/** Nothing is known yet of an app that is to come; whether it is one more. */
		expect(isOneMore: boolean) {
			forget();
			setNewApp(isOneMore);
		},
		/** One more app that is not gone on with is no app in hand any more. */
		dropNew() {
			const [first] = opened?.apps ?? [];
			forget();
			setNewApp(false);
			if (current().isNew) change(first ? wizard.setupFor(first.name) : noSetup);
		},
		takeFound,
		sayOfApp,
		goOnWithFound() {
			if (foundNow.current?.kind === undefined) return toKind();
			keep();
			if (wantsVariables()) go({at: 'variables'});
			else ask(undefined, 1);
		},
		/** Whether it is asked for variables. */
		asksVariables: wantsVariables(),
		/** On with an app whose files can't be read from here: its kind, then all that there is to ask. */
		goOnUnread(repository: string) {
			forget();
			keepAddress(repository);
			unreadAddress.current = repository;
			toKind();
		},
	};
}

/** The answers but for those that still stand as they were found. */
function without(answers: Answers, found: Answers): Answers {
	return Object.fromEntries(Object.entries(answers).filter(([name, value]) => !sameValue(found[name], value)));
}

const sameValue = (one: unknown, other: unknown): boolean =>
	one !== undefined && JSON.stringify(one) === JSON.stringify(other);
