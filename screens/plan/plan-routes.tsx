import {useState} from 'react';
import {instanceOf} from '../../source/contract/step-id.ts';
import type {StepForm} from '../../source/contract/ui/setup.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import {ownForm} from '../navigation/asked.ts';
import type {Navigation} from '../navigation/navigation.ts';
import {isSetUp} from '../navigation/opened-route.ts';
import {Review} from './review.tsx';
import {StepScreen} from './step.tsx';

/** One step's questions, in the row of all or alone. */
export function StepRoute({navigation, id, alone}: {navigation: Navigation; id: string; alone: boolean}) {
	const whole = navigation.forms.find(form => form.summary.id === id);
	const own = alone ? whole : (ownForm(navigation.forms, id) ?? whole);
	const form = useKept(own, whole);
	if (form === undefined) return null;
	const concerns = navigation.previews.flatMap(({step, concern}) => (step === id && concern ? [concern] : []));
	const toPlan = () => navigation.go({at: 'review', id});
	const next = () => {
		navigation.keep();
		if (alone) toPlan();
		else navigation.ask(id, 1);
	};
	const leaveOut = () => {
		navigation.toggle(id);
		next();
	};
	return (
		<StepScreen
			form={form}
			submits={alone ? 'done' : 'next'}
			onChange={navigation.answer}
			onSubmit={next}
			onBack={() => (alone ? toPlan() : navigation.ask(id, -1))}
			onLeaveOut={alone ? undefined : leaveOut}
			load={navigation.look}
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

type ReviewProps = {readonly wizard: Wizard; readonly navigation: Navigation; readonly id: string | undefined};

/** The plan as a whole. */
export function ReviewRoute({wizard, navigation, id}: ReviewProps) {
	const {forms, setup, go} = navigation;
	const undoable =
		Boolean(navigation.opened?.resumable?.done) || navigation.progress.steps.some(({state}) => state === 'done');
	const {opened} = navigation;
	const isKnown = opened?.resumable !== undefined && opened.resumable.answers.app === setup.answers.app;
	const stopped = opened && isKnown && !isSetUp(opened) ? opened.resumable : undefined;
	const back = () => {
		if (stopped) navigation.leaveBox();
		else if (opened?.apps.some(({name}) => name === setup.answers.app)) navigation.toBox();
		else navigation.ask(undefined, -1);
	};
	const run = () => {
		navigation.keep();
		navigation.startSetup();
	};
	return (
		<Review
			forms={forms}
			start={id ?? forms.find(({summary}) => summary.title === stopped?.stoppedAt)?.summary.id}
			stopped={stopped}
			leftOut={setup.leftOut}
			problems={wizard.validate(setup)}
			load={navigation.look}
			onToggle={navigation.toggle}
			onEdit={step => go({at: 'step', id: step, alone: true})}
			onUndo={undoable ? step => go({at: 'confirm-undo', id: step}) : undefined}
			onRun={run}
			onBack={back}
		/>
	);
}

/** The plan of the box and of all its apps: what differs is seen, and changed in the plan of its app. */
export function ReviewAllRoute({wizard, navigation}: Omit<ReviewProps, 'id'>) {
	const setup = navigation.current();
	const [forms] = useState(() => wizard.allSteps(setup).map(named));
	return (
		<Review forms={forms} leftOut={[]} problems={[]} load={() => wizard.previewAll(setup)} onBack={navigation.toBox} />
	);
}

/** A step of an app with its name before the title. */
function named(form: StepForm): StepForm {
	const {app} = instanceOf(form.summary.id);
	return app === undefined ? form : {...form, summary: {...form.summary, title: `${app}: ${form.summary.title}`}};
}
