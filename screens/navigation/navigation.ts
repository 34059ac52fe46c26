import {useCallback, useMemo, useRef, useState} from 'react';
import type {FieldValue} from '../../source/contract/ui/field.ts';
import type {Preview} from '../../source/contract/ui/preview.ts';
import type {TroubleshootSummary} from '../../source/contract/ui/troubleshooting.ts';
import type {Opened, Setup, Start, Wizard} from '../../source/contract/ui/wizard.ts';
import {noProgress, type Progress} from '../../source/render/progress.ts';
import {nextAsked} from './asked.ts';
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
	if (route.next === 'add' && opened.apps.length > 0) return {at: 'kind', isNew: true};
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
	const forms = useMemo(
		() => (setup.kind === '' ? [] : wizard.steps(setup.kind, setup.answers, setup.isNew)),
		[wizard, setup],
	);
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
		const {kind, answers, isNew} = latest.current;
		const now = wizard.steps(kind, answers, isNew);
		const id = nextAsked(now, latest.current.leftOut, from, by);
		if (id !== undefined) setPlace({at: 'step', id, alone: false});
		else if (by === 1) setPlace({at: 'review'});
		else if (isNew && wizard.kinds().length > 1) setPlace({at: 'kind', isNew});
		else if (isNew) toBox();
		else setPlace({at: opened?.kind ? 'survey' : 'kind'});
	};
	const choose = (kind: string) => {
		change({kind, answers: {...opened?.answers, ...latest.current.answers}, leftOut: latest.current.leftOut});
		ask(undefined, 1);
	};
	const chooseNew = (kind: string) => {
		change({...wizard.newApp(kind), isNew: true});
		ask(undefined, 1);
	};
	const appNames = () => (seen.status?.apps ?? opened?.apps ?? []).map(({name}) => name);
	const foreign = seen.status?.others.find(({name}) => name === selected);
	/** One more app that is not gone on with is no app in hand any more. */
	const dropNew = () => {
		const [first] = opened?.apps ?? [];
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
		chooseNew,
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
			const kinds = wizard.kinds();
			if (kinds.length > 1) setPlace({at: 'kind', isNew: true});
			else chooseNew(kinds[0]?.name ?? '');
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

export type Navigation = ReturnType<typeof useNavigation>;
