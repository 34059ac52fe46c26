import {useEffect, useRef, useState} from 'react';
import type {Summary} from '../../source/contract/events.ts';
import type {Reached} from '../../source/contract/status.ts';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import type {KnownHost, StepForm, Wizard} from '../../source/contract/wizard.ts';
import {
	AppRunPlace,
	BoxPlace,
	ConfirmDeployPlace,
	ConfirmRemovePlace,
	LogsPlace,
	SettingsPlace,
} from '../box/box-routes.tsx';
import {Opening} from '../connect/opening.tsx';
import {SurveyScreen} from '../connect/survey.tsx';
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
		case 'box':
			return <BoxPlace {...{wizard, journey}} />;
		case 'confirm-deploy':
			return <ConfirmDeployPlace {...{journey}} app={place.app} />;
		case 'confirm-remove':
			return <ConfirmRemovePlace {...{wizard, journey}} app={place.app} />;
		case 'logs':
			return <LogsPlace {...{wizard, journey}} app={place.app} />;
		case 'settings':
			return <SettingsPlace {...{wizard, journey}} app={place.app} />;
		case 'app-run':
			return <AppRunPlace {...{wizard, journey, onLeave}} run={place} />;
		case 'kind':
			return (
				<KindScreen
					kinds={wizard.kinds()}
					onChoose={place.isNew ? journey.chooseNew : journey.choose}
					onBack={journey.toBox}
				/>
			);
		case 'step':
			return <StepPlace key={place.id} journey={journey} id={place.id} alone={place.alone} />;
		case 'review':
			return <ReviewPlace {...{wizard, journey}} id={place.id} />;
		case 'confirm-undo':
			return (
				<ConfirmUndo
					forms={undoable(wizard, journey, place.id)}
					onUndo={confirmed => go({at: 'run', kind: 'undo', id: place.id, confirmed})}
					onBack={() => (place.id === undefined ? journey.toBox() : go({at: 'review', id: place.id}))}
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
					onBack={journey.toBox}
				/>
			);
		case 'doctor':
			return <Doctor wizard={wizard} onCure={finding => go({at: 'cure', finding})} onBack={journey.toBox} />;
		case 'cure':
			return <CurePlace {...{wizard, journey, onLeave}} finding={place.finding} />;
		case 'done':
			return (
				<Done
					outcome={place.outcome}
					summary={place.summary}
					onBox={journey.toBox}
					onHome={journey.leaveBox}
					onQuit={onQuit}
				/>
			);
	}
}

/** The steps that are to be taken back: one of those in hand, or those of the box and all its apps. */
function undoable(wizard: Wizard, {forms, current}: Journey, id: string | undefined): readonly StepForm[] {
	const among = id === undefined ? wizard.allSteps(current()) : forms.filter(({summary}) => summary.id === id);
	return among.filter(({wanted}) => wanted);
}

function HomePlace({wizard, journey, onQuit}: Pick<Props, 'wizard' | 'journey' | 'onQuit'>) {
	const [hosts, setHosts] = useState<readonly KnownHost[]>();
	const [reached, setReached] = useState<readonly Reached[]>([]);
	const [trouble, setTrouble] = useState<TroubleParts>();
	useEffect(() => {
		let gone = false;
		const look = async () => {
			const known = await wizard.hosts();
			if (gone) return;
			setHosts(known);
			// Only once the list is there: whoever is silent keeps nobody from choosing.
			await wizard.probe(one => gone || setReached(before => [...before, one])).catch(() => undefined);
		};
		look().catch((error: unknown) => {
			setHosts([]);
			setTrouble(asTrouble(error));
		});
		return () => {
			gone = true;
		};
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
	return <Home {...{hosts, reached, trouble}} canPractise={wizard.practice !== undefined} onChoose={choose} />;
}

function SurveyPlace({journey}: {journey: Journey}) {
	const {opened, go} = journey;
	if (opened === undefined) return null;
	const goOn = () => (opened.kind ? journey.choose(opened.kind) : go({at: 'kind'}));
	return <SurveyScreen opened={opened} onGoOn={goOn} onBack={journey.leaveBox} />;
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
		if (kind !== 'run') {
			if (kind === 'undo' && id === undefined && summary.failed.length === 0) journey.undone();
			return go({at: 'verdict', kind, summary});
		}

		// Stopped at a failure, by choice: the road isn't done.
		const unfinished = forms.filter(form => form.wanted).length > touched(summary);
		if (summary.failed.length > 0 && unfinished) return onQuit();
		if (summary.failed.length === 0) journey.arrived();
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
			onStopJob={() => wizard.stopJob()}
			onLeave={onLeave}
			onBroken={() => (kind === 'run' ? go({at: 'review'}) : journey.toBox())}
		/>
	);
}

type TroubleshootProps = Pick<Props, 'wizard' | 'journey' | 'onLeave'> & {app: string | undefined};

function TroubleshootPlace({wizard, journey, app, onLeave}: TroubleshootProps) {
	const {opened, setSitting} = journey;
	return (
		<TroubleshootScreen
			source={() => wizard.troubleshoot(journey.current(), app)}
			host={opened?.host ?? ''}
			onEnd={setSitting}
			onLeave={onLeave}
			onBack={journey.toBox}
		/>
	);
}

const touched = ({changed, inPlace, skipped, failed}: Summary): number =>
	new Set([...changed, ...inPlace, ...skipped, ...failed]).size;
