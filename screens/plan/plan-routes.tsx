import {useState} from 'react';
import type {StepForm, Wizard} from '../../source/contract/wizard.ts';
import {ownForm} from '../journey/asked.ts';
import {isSetUp, type Journey} from '../journey/journey.ts';
import {Review} from './review.tsx';
import {StepScreen} from './step.tsx';

/** One step's questions, in the row of all or alone. */
export function StepPlace({journey, id, alone}: {journey: Journey; id: string; alone: boolean}) {
	const whole = journey.forms.find(form => form.summary.id === id);
	const own = alone ? whole : (ownForm(journey.forms, id) ?? whole);
	const form = useKept(own, whole);
	if (form === undefined) return null;
	const concerns = journey.previews.flatMap(({step, concern}) => (step === id && concern ? [concern] : []));
	const toPlan = () => journey.go({at: 'review', id});
	const next = () => {
		journey.keep();
		if (alone) toPlan();
		else journey.ask(id, 1);
	};
	const leaveOut = () => {
		journey.toggle(id);
		next();
	};
	return (
		<StepScreen
			form={form}
			submits={alone ? 'done' : 'next'}
			onChange={journey.answer}
			onSubmit={next}
			onBack={() => (alone ? toPlan() : journey.ask(id, -1))}
			onLeaveOut={alone ? undefined : leaveOut}
			load={journey.look}
			faults={Object.fromEntries(concerns.map(({option, message}) => [option, message]))}
		/>
	);
}

/**
 * A form whose fields stay while one types in it. An answer may call for an earlier step that asks the same (a git address
 * by ssh for the deploy key): the field must not go from under the hands for that.
 */
function useKept(own: StepForm | undefined, whole: StepForm | undefined): StepForm | undefined {
	const [first] = useState(() => new Set(own?.fields.map(field => field.name)));
	if (own === undefined || whole === undefined) return own;
	const now = new Set(own.fields.map(field => field.name));
	return {...own, fields: whole.fields.filter(field => first.has(field.name) || now.has(field.name))};
}

type ReviewProps = {readonly wizard: Wizard; readonly journey: Journey; readonly id: string | undefined};

/** The plan as a whole. */
export function ReviewPlace({wizard, journey, id}: ReviewProps) {
	const {forms, road, go} = journey;
	const undoable =
		Boolean(journey.opened?.resumable?.done) || journey.progress.steps.some(({state}) => state === 'done');
	const {opened} = journey;
	const isKnown = opened?.resumable !== undefined && opened.resumable.answers.app === road.answers.app;
	const stopped = opened && isKnown && !isSetUp(opened) ? opened.resumable : undefined;
	const back = () => {
		if (stopped) journey.leaveBox();
		else if (opened?.apps.some(({name}) => name === road.answers.app)) journey.toBox();
		else journey.ask(undefined, -1);
	};
	const run = () => {
		journey.keep();
		journey.walk();
	};
	return (
		<Review
			forms={forms}
			start={id ?? forms.find(({summary}) => summary.title === stopped?.stoppedAt)?.summary.id}
			stopped={stopped}
			leftOut={road.leftOut}
			problems={wizard.validate(road)}
			load={journey.look}
			onToggle={journey.toggle}
			onEdit={step => go({at: 'step', id: step, alone: true})}
			onUndo={undoable ? step => go({at: 'confirm-undo', id: step}) : undefined}
			onRun={run}
			onBack={back}
		/>
	);
}
