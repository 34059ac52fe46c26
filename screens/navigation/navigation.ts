import {useCallback, useMemo, useRef, useState} from 'react';
import type {FieldValue} from '../../source/contract/ui/field.ts';
import type {FoundApp, SaidOfApp} from '../../source/contract/ui/found-app.ts';
import type {Preview} from '../../source/contract/ui/preview.ts';
import type {TroubleshootSummary} from '../../source/contract/ui/troubleshooting.ts';
import type {Answers, Opened, Setup, Start, Wizard} from '../../source/contract/ui/wizard.ts';
import {noProgress, type Progress} from '../../source/render/progress.ts';
import {foundForms, nextAsked} from './asked.ts';
import type {Route} from './route.ts';
import {type Notice, notSeen, type Seen} from './seen.ts';

const routeOf = (start: Start): Route => {
	if (start.at === 'practice') return {at: 'practice'};
	if (start.at === 'home') return {at: 'home'};
	const {target} = start;
	if (start.at === 'troubleshoot')
		return {at: 'connect', target, failing: start.app === undefined ? {} : {app: start.app}};
	return {at: 'connect', target, ...(start.resume && {resume: true}), ...(start.to && {next: start.to})};
};

const noSetup: Setup = {kind: '', answers: {}, leftOut: []};

/** Whether a set-up that was begun is over: what was taken back since, such as an app, is no set-up that stopped. */
export function isSetUp({resumable}: Pick<Opened, 'resumable'>): boolean {
	return resumable !== undefined && resumable.stoppedAt === undefined && !resumable.running;
}

/** The place of an opened box: its own page once it is set up, the plan of a set-up that stopped, else what was found. */
export function routeOfBox(opened: Pick<Opened, 'resumable' | 'survey'>): Route {
	if (!opened.resumable || !opened.survey.os.supported) return {at: 'survey'};
	return isSetUp(opened) ? {at: 'box'} : {at: 'review'};
}

/** Where the person goes when a box is open. */
function after(route: Route, opened: Opened): Route {
	const {resumable, survey} = opened;
	if (route.at !== 'connect') return routeOfBox(opened);
	if (route.failing && resumable) return {at: 'troubleshoot', ...route.failing};
	if (route.next === 'renew') return {at: 'renew', confirmed: false};
	if (route.next === 'doctor') return {at: 'doctor'};
	if (route.next === 'add' && opened.apps.length > 0) return {at: 'repository'};
	const goesOn = route.resume && resumable && !isSetUp(opened) && survey.os.supported;
	return goesOn ? {at: 'run', kind: 'run'} : routeOfBox(opened);
}

/** Where a person is, what is known of the box, and what they answered so far. */
export function useNavigation(wizard: Wizard, start: Start) {
	const [route, setPlace] = useState<Route>(() => routeOf(start));
	const [opened, setOpened] = useState<Opened>();
	const [setup, setSetup] = useState<Setup>(noSetup);
	const [previews, setPreviews] = useState<readonly Preview[]>([]);
	const [progress, showProgress] = useState(noProgress);
	// Whoever leaves at the end of a run speaks of its last event, shown or not.
	const progressNow = useRef(progress);
	const setProgress = useCallback((next: Progress) => {
		progressNow.current = next;
		showProgress(next);
	}, []);
	const [seen, setSeen] = useState<Seen>(notSeen);
	const [selected, select] = useState<string>();
	const [notice, say] = useState<Notice>();
	const [palette, setPalette] = useState(false);
	const [troubleshootEnd, setTroubleshootEnd] = useState<TroubleshootSummary>();
	// A run's reply wants the answers of this moment, not those of the last frame.
	const latest = useRef(setup);
	const change = useCallback((next: Setup) => {
		latest.current = next;
		setSetup(next);
	}, []);
	/** The app that is to come, as its repository says it. */
	const [found, setFound] = useState<FoundApp>();
	const foundNow = useRef(found);
	/** What the person said over that. */
	const said = useRef<SaidOfApp>({});
	/** The address that could not be read. */
	const [address, keepAddress] = useState<string>();
	const unreadAddress = useRef('');
	/** It is one more app of a box that carries some. */
	const [isNewApp, setNewApp] = useState(route.at === 'connect' && route.next === 'add');
	const formsOf = useCallback(
		({kind, answers, isNew}: Setup) => {
			const all = kind === '' ? [] : wizard.steps(kind, answers, isNew);
			return foundNow.current ? foundForms(all) : all;
		},
		[wizard],
	);
	// biome-ignore lint/correctness/useExhaustiveDependencies: what was found says what is asked
	const forms = useMemo(() => formsOf(setup), [formsOf, setup, found]);
	// Of one more app nothing is kept before it is begun: the box would seem to carry it.
	const keep = () => {
		if (!latest.current.isNew) void wizard.remember(latest.current).catch(() => undefined);
	};

	const look = useCallback(async (): Promise<readonly Preview[]> => {
		const found = await wizard.preview(latest.current);
		setPreviews(found);
		return found;
	}, [wizard]);

	/** To the question after (before) this one; the plan after the last, the kinds before the first. */
	const ask = (from: string | undefined, by: 1 | -1) => {
		const id = nextAsked(formsOf(latest.current), latest.current.leftOut, from, by);
		if (id !== undefined) setPlace({at: 'step', id, alone: false});
		else if (by === 1) setPlace({at: 'review'});
		else if (wantsVariables()) setPlace({at: 'variables'});
		else setPlace({at: foundNow.current ? 'found' : 'repository'});
	};
	/** Whether there are variables that only the person knows, and the app fails without. */
	const wantsVariables = () =>
		foundNow.current !== undefined && wizard.variableFields(latest.current.answers).some(({detail}) => !detail);
	const forgetFound = () => {
		foundNow.current = undefined;
		setFound(undefined);
		said.current = {};
		keepAddress(undefined);
	};
	/** Takes an app of this kind in hand: what its repository answers, and over that all that was given, remembered or typed. */
	const begin = (kind: string, answers: Answers, known: Answers) => {
		const {current} = latest;
		const isFresh = current.kind === '' || (isNewApp && !current.isNew);
		const before = isNewApp ? wizard.newApp(kind) : {answers: opened?.answers ?? {}, leftOut: []};
		// What is remembered of another repository says nothing of this one.
		const isOther = ![undefined, answers.repository].includes(before.answers.repository);
		change({
			kind,
			answers: {
				...(isOther ? {...before.answers, ...answers} : {...answers, ...before.answers}),
				...(isFresh ? {} : without(current.answers, known)),
				repository: answers.repository,
			},
			leftOut: isFresh ? before.leftOut : current.leftOut,
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
	const goOnWithFound = () => {
		if (foundNow.current?.kind === undefined) return toKind();
		keep();
		if (wantsVariables()) setPlace({at: 'variables'});
		else ask(undefined, 1);
	};
	/** To the kinds, where there is anything to choose from. */
	const toKind = () => {
		const [first, ...others] = wizard.kinds();
		if (first && others.length === 0) choose(first.name);
		else setPlace({at: 'kind'});
	};
	const choose = (kind: string) => {
		if (foundNow.current) {
			sayOfApp({kind});
			return setPlace({at: 'found'});
		}

		begin(kind, wizard.unreadApp(unreadAddress.current), {});
		ask(undefined, 1);
	};
	const appNames = () => (seen.status?.apps ?? opened?.apps ?? []).map(({name}) => name);
	const foreign = seen.status?.others.find(({name}) => name === selected);
	/** One more app that is not gone on with is no app in hand any more. */
	const dropNew = () => {
		const [first] = opened?.apps ?? [];
		forgetFound();
		setNewApp(false);
		if (latest.current.isNew) change(first ? wizard.setupFor(first.name) : noSetup);
	};
	const toBox = () => {
		dropNew();
		setPlace(opened ? routeOfBox(opened) : {at: 'home'});
	};

	return {
		route,
		opened,
		setup,
		forms,
		previews,
		progress,
		setProgress,
		progressNow: () => progressNow.current,
		/** How troubleshooting ended. */
		troubleshootEnd,
		setTroubleshootEnd,
		go: setPlace,
		look,
		ask,
		choose,
		found,
		said: () => said.current,
		address,
		keepAddress,
		isNewApp,
		takeFound,
		sayOfApp,
		goOnWithFound,
		/** Whether it is asked for variables. */
		asksVariables: wantsVariables(),
		/** On with an app whose files can't be read from here: its kind, then all that there is to ask. */
		goOnUnread(repository: string) {
			forgetFound();
			keepAddress(repository);
			unreadAddress.current = repository;
			toKind();
		},
		changeAnswers(answers: Answers) {
			change({...latest.current, answers});
		},
		/** The box as it was seen last. */
		seen,
		setSeen,
		/** The name of the app under the hand, or of the first where a program is that is not boxwizard's. */
		app: foreign ? appNames()[0] : (selected ?? appNames()[0]),
		/** The program under the hand that is not boxwizard's. */
		foreign,
		select,
		appNames,
		notice,
		say,
		/** Whether all commands lie over the screen. */
		palette,
		setPalette,
		toBox,
		dropNew,
		/** Takes an app of the box in hand. */
		take(name: string) {
			change(wizard.setupFor(name));
			setPreviews([]);
		},
		/** Begins a run of its own, with nothing left of the one before. */
		startRun(next: Route) {
			setProgress(noProgress);
			setPlace(next);
		},
		/** To the questions about one more app. */
		addApp() {
			setPreviews([]);
			setProgress(noProgress);
			forgetFound();
			setNewApp(true);
			setPlace({at: 'repository'});
		},
		/** All of the set-up in hand is done: the box has its page from now on, and the app in hand its row. */
		arrived() {
			const {kind, answers, leftOut} = latest.current;
			const name = typeof answers.app === 'string' ? answers.app : undefined;
			const domain = typeof answers.domain === 'string' ? {domain: answers.domain} : {};
			select(name);
			setOpened(known => {
				if (!known) return known;
				const title = wizard.kinds().find(one => one.name === kind)?.title ?? kind;
				const isThere = name === undefined || known.apps.some(one => one.name === name);
				return {
					...known,
					apps: isThere ? known.apps : [...known.apps, {name, kind: title, ...domain}],
					resumable: {kind, answers, leftOut, title, done: 1, total: 1, running: false},
				};
			});
		},
		/** It is off the box. */
		forgetApp(name: string) {
			const left = (opened?.apps ?? []).filter(one => one.name !== name);
			select(left[0]?.name);
			setSeen(({status, ...rest}) =>
				status ? {...rest, status: {...status, apps: status.apps.filter(one => one.name !== name)}} : rest,
			);
			setOpened(known => (known ? {...known, apps: left} : known));
			if (left[0]) change(wizard.setupFor(left[0].name));
		},
		/** All was taken back. */
		undone() {
			setSeen(notSeen);
			select(undefined);
			setOpened(known => {
				if (!known) return known;
				const {resumable: _gone, ...rest} = known;
				return {...rest, apps: []};
			});
		},
		current: () => latest.current,
		arrive(box: Opened) {
			setOpened(box);
			forgetFound();
			setNewApp(route.at === 'connect' && route.next === 'add' && box.apps.length > 0);
			setPreviews([]);
			setProgress(noProgress);
			const {resumable} = box;
			change(resumable ? {...resumable, answers: {...resumable.answers, ...box.answers}} : {...noSetup});
			setTroubleshootEnd(undefined);
			setSeen(notSeen);
			select(undefined);
			say(undefined);
			setPlace(after(route, box));
		},
		leaveBox() {
			setOpened(undefined);
			change(noSetup);
			setPlace({at: 'home'});
			void wizard.leave().catch(() => undefined);
		},
		answer(name: string, value: FieldValue) {
			change({...latest.current, answers: {...latest.current.answers, [name]: value}});
		},
		toggle(id: string) {
			const {leftOut} = latest.current;
			change({
				...latest.current,
				leftOut: leftOut.includes(id) ? leftOut.filter(other => other !== id) : [...leftOut, id],
			});
			keep();
		},
		keep,
		/** The set-up in hand is under way from now on: one more app is one of the box's. */
		startSetup() {
			const {isNew: _begun, ...begun} = latest.current;
			change(begun);
			setPlace({at: 'run', kind: 'run'});
		},
		forget() {
			change(noSetup);
		},
	};
}

/** The answers but for those that still stand as they were found. */
function without(answers: Answers, found: Answers): Answers {
	return Object.fromEntries(Object.entries(answers).filter(([name, value]) => !sameValue(found[name], value)));
}

const sameValue = (one: unknown, other: unknown): boolean =>
	one !== undefined && JSON.stringify(one) === JSON.stringify(other);

export type Navigation = ReturnType<typeof useNavigation>;
