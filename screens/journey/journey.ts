import {useCallback, useMemo, useRef, useState} from 'react';
import type {FieldValue} from '../../source/contract/field.ts';
import type {Preview} from '../../source/contract/preview.ts';
import type {TroubleshootSummary} from '../../source/contract/troubleshooting.ts';
import type {Opened, Road, Start, Wizard} from '../../source/contract/wizard.ts';
import {noProgress, type Progress} from '../../source/render/progress.ts';
import {nextAsked} from './asked.ts';
import type {Place} from './route.ts';

const placeOf = (start: Start): Place => {
	if (start.at === 'practice') return {at: 'practice'};
	if (start.at === 'home') return {at: 'home'};
	const {target} = start;
	if (start.at === 'troubleshoot')
		return {at: 'connect', target, failing: start.app === undefined ? {} : {app: start.app}};
	return {at: 'connect', target, ...(start.resume && {resume: true}), ...(start.to && {next: start.to})};
};

const noRoad: Road = {kind: '', answers: {}, leftOut: []};

/** Where the person goes when a box is open. */
function after(place: Place, {resumable, survey}: Opened): Place {
	if (place.at !== 'connect') return {at: 'survey'};
	if (place.failing && resumable) return {at: 'troubleshoot', ...place.failing};
	if (place.next === 'renew') return {at: 'renew', confirmed: false};
	if (place.next === 'doctor') return {at: 'doctor'};
	if (place.next === 'add') return {at: 'kind'};
	return place.resume && resumable && survey.os.supported ? {at: 'run', kind: 'run'} : {at: 'survey'};
}

/** Where a person is, what is known of the box, and what they answered so far. */
export function useJourney(wizard: Wizard, start: Start) {
	const [place, setPlace] = useState<Place>(() => placeOf(start));
	const [opened, setOpened] = useState<Opened>();
	const [road, setRoad] = useState<Road>(noRoad);
	const [previews, setPreviews] = useState<readonly Preview[]>([]);
	const [progress, showProgress] = useState(noProgress);
	// Whoever leaves at the end of a run speaks of its last event, shown or not.
	const walked = useRef(progress);
	const setProgress = useCallback((next: Progress) => {
		walked.current = next;
		showProgress(next);
	}, []);
	const [sitting, setSitting] = useState<TroubleshootSummary>();
	// A run's reply wants the answers of this moment, not those of the last frame.
	const latest = useRef(road);
	const change = useCallback((next: Road) => {
		latest.current = next;
		setRoad(next);
	}, []);
	const forms = useMemo(() => (road.kind === '' ? [] : wizard.steps(road.kind, road.answers)), [wizard, road]);
	const keep = () => void wizard.remember(latest.current).catch(() => undefined);

	const look = useCallback(async (): Promise<readonly Preview[]> => {
		const found = await wizard.preview(latest.current);
		setPreviews(found);
		return found;
	}, [wizard]);

	/** To the question after (before) this one; the plan after the last, the kinds before the first. */
	const ask = (from: string | undefined, by: 1 | -1) => {
		const now = wizard.steps(latest.current.kind, latest.current.answers);
		const id = nextAsked(now, latest.current.leftOut, from, by);
		if (id !== undefined) setPlace({at: 'step', id, alone: false});
		else setPlace(by === 1 ? {at: 'review'} : {at: opened?.kind ? 'survey' : 'kind'});
	};
	const choose = (kind: string) => {
		change({kind, answers: {...opened?.answers, ...latest.current.answers}, leftOut: latest.current.leftOut});
		ask(undefined, 1);
	};

	return {
		place,
		opened,
		road,
		forms,
		previews,
		progress,
		setProgress,
		walked: () => walked.current,
		/** How troubleshooting ended. */
		sitting,
		setSitting,
		go: setPlace,
		look,
		ask,
		choose,
		current: () => latest.current,
		arrive(box: Opened) {
			setOpened(box);
			setPreviews([]);
			setProgress(noProgress);
			const {resumable} = box;
			change(resumable ? {...resumable, answers: {...resumable.answers, ...box.answers}} : {...noRoad});
			setSitting(undefined);
			setPlace(after(place, box));
		},
		leaveBox() {
			setOpened(undefined);
			change(noRoad);
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
		forget() {
			change(noRoad);
		},
	};
}

export type Journey = ReturnType<typeof useJourney>;
