import {useCallback, useRef, useState} from 'react';
import type {TroubleshootSummary} from '../../source/contract/ui/troubleshooting.ts';
import type {Opened, Start, Wizard} from '../../source/contract/ui/wizard.ts';
import {noProgress, type Progress} from '../../source/render/progress.ts';
import {routeAfter, routeOfBox, startRoute} from './opened-route.ts';
import type {Route} from './route.ts';
import {useComingApp} from './use-coming-app.ts';
import {useOpenedBox} from './use-opened-box.ts';
import {noSetup, useSetup} from './use-setup.ts';

/** Where a person is, what is known of the box, and what they answered so far. */
export function useNavigation(wizard: Wizard, start: Start) {
	const [route, go] = useState<Route>(() => startRoute(start));
	const {progress, setProgress, progressNow} = useProgress();
	const [palette, setPalette] = useState(false);
	const [troubleshootEnd, setTroubleshootEnd] = useState<TroubleshootSummary>();
	const inHand = useSetup(wizard);
	const box = useOpenedBox(wizard);
	const startsNew = route.at === 'connect' && route.next === 'add';
	const coming = useComingApp({wizard, inHand, opened: box.opened, startsNew, go});
	return {
		route,
		go,
		...box,
		...inHand,
		...coming,
		progress,
		setProgress,
		progressNow,
		/** How troubleshooting ended. */
		troubleshootEnd,
		setTroubleshootEnd,
		/** Whether all commands lie over the screen. */
		palette,
		setPalette,
		toBox() {
			coming.dropNew();
			go(box.opened ? routeOfBox(box.opened) : {at: 'home'});
		},
		/** Takes an app of the box in hand. */
		take(name: string) {
			inHand.change(wizard.setupFor(name));
			inHand.forgetPreviews();
		},
		/** Begins a run of its own, with nothing left of the one before. */
		startRun(next: Route) {
			setProgress(noProgress);
			go(next);
		},
		/** To the questions about one more app. */
		addApp() {
			inHand.forgetPreviews();
			setProgress(noProgress);
			coming.expect(true);
			go({at: 'repository'});
		},
		/** The set-up in hand is under way from now on: one more app is one of the box's. */
		startSetup() {
			const {isNew: _begun, ...begun} = inHand.current();
			inHand.change(begun);
			go({at: 'run', kind: 'run'});
		},
		/** All of the set-up in hand is done. */
		arrived: () => box.carries(inHand.current()),
		/** It is off the box. */
		forgetApp(name: string) {
			const [next] = box.dropApp(name);
			if (next) inHand.change(wizard.setupFor(next.name));
		},
		/** A box is open. */
		arrive(next: Opened) {
			box.open(next);
			coming.expect(startsNew && next.apps.length > 0);
			inHand.forgetPreviews();
			setProgress(noProgress);
			const {resumable} = next;
			inHand.change(resumable ? {...resumable, answers: {...resumable.answers, ...next.answers}} : {...noSetup});
			setTroubleshootEnd(undefined);
			go(routeAfter(route, next));
		},
		leaveBox() {
			box.close();
			inHand.change(noSetup);
			go({at: 'home'});
			void wizard.leave().catch(() => undefined);
		},
	};
}

/** How the run stands. */
function useProgress() {
	const [progress, show] = useState(noProgress);
	// Whoever leaves at the end of a run speaks of its last event, shown or not.
	const now = useRef(progress);
	const setProgress = useCallback((next: Progress) => {
		now.current = next;
		show(next);
	}, []);
	return {progress, setProgress, progressNow: () => now.current};
}

export type Navigation = ReturnType<typeof useNavigation>;
