import {useEffect, useRef, useState} from 'react';
import type {Summary} from '../../source/contract/events.ts';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import type {KnownHost, StepForm, Wizard} from '../../source/contract/wizard.ts';
import {Opening} from '../connect/opening.tsx';
import {type SurveyChoice, SurveyScreen} from '../connect/survey.tsx';
import {Target} from '../connect/target.tsx';
import {CurePlace, Doctor} from '../doctor/doctor.tsx';
import {Home, type HomeChoice} from '../home/home.tsx';
import type {Journey} from '../journey/journey.ts';
import {KindScreen} from '../plan/kind.tsx';
import {ReviewPlace, StepPlace} from '../plan/plan-routes.tsx';
import {RenewalsPlace, RenewPlace} from '../renewals/renewal-routes.tsx';
import {Done} from '../run/done.tsx';
import {RunScreen} from '../run/run.tsx';
import {Verdict} from '../run/verdict.tsx';
import {TroubleshootScreen} from '../troubleshoot/troubleshoot.tsx';
import {ConfirmUndo} from '../undo/confirm-undo.tsx';

type Props = {
	readonly wizard: Wizard;
	readonly journey: Journey;
	/** Asks whether to leave. */
	readonly onLeave: () => void;
	/** Leaves. */
	readonly onQuit: () => void;
};

/** The screen for the place where the person is. */
export function PlaceScreen({wizard, journey, onLeave, onQuit}: Props) {
	const {place, go} = journey;
	const opening = {wizard, onOpen: journey.arrive, onBack: () => go({at: 'home'})};
	switch (place.at) {
		case 'home':
			return <HomePlace {...{wizard, journey, onQuit}} />;
		case 'target':
			return (
				<Target value={place.target} onSubmit={target => go({at: 'connect', target})} onBack={() => go({at: 'home'})} />
			);
		case 'connect':
			return (
				<Opening
					{...opening}
					onBack={() => go({at: place.next === 'renew' ? 'renewals' : 'home'})}
					target={place.target}
					onEdit={() => go({at: 'target', target: place.target})}
				/>
			);
		case 'renewals':
			return <RenewalsPlace {...{wizard, journey}} />;
		case 'renew':
			return <RenewPlace {...{wizard, journey, onLeave}} confirmed={place.confirmed} />;
		case 'practice':
			return <Opening {...opening} target={undefined} />;
		case 'survey':
			return <SurveyPlace journey={journey} />;
		case 'kind':
			return <KindScreen kinds={wizard.kinds()} onChoose={journey.choose} onBack={() => go({at: 'survey'})} />;
		case 'step':
			return <StepPlace key={place.id} journey={journey} id={place.id} alone={place.alone} />;
		case 'review':
			return <ReviewPlace {...{wizard, journey}} id={place.id} />;
		case 'confirm-undo':
			return (
				<ConfirmUndo
					forms={undoable(wizard, journey, place.id)}
					onUndo={confirmed => go({at: 'run', kind: 'undo', id: place.id, confirmed})}
					onBack={() => go(place.id === undefined ? {at: 'survey'} : {at: 'review', id: place.id})}
				/>
			);
		case 'run':
			return (
				<RunPlace
					{...{wizard, journey, onLeave, onQuit}}
					kind={place.kind}
					id={place.id}
					confirmed={place.confirmed ?? []}
				/>
			);
		case 'troubleshoot':
			return <TroubleshootPlace {...{wizard, journey, onLeave}} app={place.app} />;
		case 'verdict':
			return (
				<Verdict
					kind={place.kind}
					summary={place.summary}
					forms={journey.forms}
					onPlan={id => go({at: 'review', id})}
					onBack={() => go({at: 'survey'})}
				/>
			);
		case 'doctor':
			return <Doctor wizard={wizard} onCure={finding => go({at: 'cure', finding})} onBack={() => go({at: 'survey'})} />;
		case 'cure':
			return <CurePlace {...{wizard, journey, onLeave}} finding={place.finding} />;
		case 'done':
			return <Done outcome={place.outcome} summary={place.summary} onHome={journey.leaveBox} onQuit={onQuit} />;
	}
}

/** The steps that are to be taken back: one of those in hand, or those of the box and all its apps. */
function undoable(wizard: Wizard, {forms, current}: Journey, id: string | undefined): readonly StepForm[] {
	const among = id === undefined ? wizard.allSteps(current()) : forms.filter(({summary}) => summary.id === id);
	return among.filter(({wanted}) => wanted);
}

function HomePlace({wizard, journey, onQuit}: Pick<Props, 'wizard' | 'journey' | 'onQuit'>) {
	const [hosts, setHosts] = useState<readonly KnownHost[]>();
	const [trouble, setTrouble] = useState<TroubleParts>();
	useEffect(() => {
		wizard.hosts().then(setHosts, (error: unknown) => {
			setHosts([]);
			setTrouble(asTrouble(error));
		});
	}, [wizard]);
	const choose = (choice: HomeChoice) => {
		if (choice.to === 'quit') onQuit();
		else if (choice.to === 'box') journey.go({at: 'connect', target: choice.target});
		else if (choice.to === 'resume') journey.go({at: 'connect', target: choice.target, resume: true});
		else if (choice.to === 'renewals') journey.go({at: 'renewals'});
		else if (choice.to === 'doctor') journey.go({at: 'connect', target: choice.target, next: 'doctor'});
		else if (choice.to === 'troubleshoot') journey.go({at: 'connect', target: choice.target, failing: {}});
		else journey.go(choice.to === 'new' ? {at: 'target', target: ''} : {at: 'practice'});
	};
	return <Home hosts={hosts} trouble={trouble} canPractise={wizard.practice !== undefined} onChoose={choose} />;
}

function SurveyPlace({journey}: {journey: Journey}) {
	const {opened, go} = journey;
	if (opened === undefined) return null;
	const choose = (choice: SurveyChoice) => {
		if (choice === 'resume') go({at: 'run', kind: 'run'});
		else if (choice === 'check') go({at: 'run', kind: 'check'});
		else if (choice === 'undo') go({at: 'confirm-undo'});
		else if (choice === 'troubleshoot') go({at: 'troubleshoot'});
		else if (choice === 'review') go({at: 'review'});
		else if (choice === 'doctor') go({at: 'doctor'});
		else if (opened.kind && !opened.resumable) journey.choose(opened.kind);
		else go({at: 'kind'});
	};
	return <SurveyScreen opened={opened} onChoose={choose} onBack={journey.leaveBox} />;
}

const runTitles = {run: 'Setting up', check: 'Checking', undo: 'Taking back'} as const;

type RunProps = Props & {kind: 'run' | 'check' | 'undo'; id: string | undefined; confirmed: readonly string[]};

function RunPlace(props: RunProps) {
	const {wizard, journey, kind, id, confirmed, onLeave, onQuit} = props;
	const {forms, go} = journey;
	const troubleshoots = useRef(false);
	const source = () => {
		const road = journey.current();
		if (kind === 'check') return wizard.check(road);
		if (kind === 'run') return wizard.run(road);
		const ids = undoable(wizard, journey, id).map(({summary}) => summary.id);
		return wizard.undo(road, ids, confirmed);
	};
	const end = async (summary: Summary) => {
		if (troubleshoots.current) return go({at: 'troubleshoot'});
		if (kind !== 'run') return go({at: 'verdict', kind, summary});
		// Stopped at a failure, by choice: the road isn't done.
		const unfinished = forms.filter(form => form.wanted).length > touched(summary);
		if (summary.failed.length > 0 && unfinished) return onQuit();
		go({at: 'done', summary, outcome: await wizard.outcome(journey.current(), summary)});
	};
	return (
		<RunScreen
			title={runTitles[kind]}
			prefix={kind === 'undo' ? 'Taking back: ' : ''}
			source={source}
			forms={forms}
			previews={journey.previews}
			onChange={journey.answer}
			answers={() => journey.current().answers}
			onEnd={end}
			onProgress={journey.setProgress}
			onTroubleshoot={() => {
				troubleshoots.current = true;
			}}
			onLeave={onLeave}
			onBroken={() => go(kind === 'run' ? {at: 'review'} : {at: 'survey'})}
		/>
	);
}

type TroubleshootProps = Pick<Props, 'wizard' | 'journey' | 'onLeave'> & {app: string | undefined};

function TroubleshootPlace({wizard, journey, app, onLeave}: TroubleshootProps) {
	const {opened, go, setSitting} = journey;
	return (
		<TroubleshootScreen
			source={() => wizard.troubleshoot(journey.current(), app)}
			host={opened?.host ?? ''}
			onEnd={setSitting}
			onLeave={onLeave}
			onBack={() => go({at: 'survey'})}
		/>
	);
}

const touched = ({changed, inPlace, skipped, failed}: Summary): number =>
	new Set([...changed, ...inPlace, ...skipped, ...failed]).size;
