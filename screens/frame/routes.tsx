import {useEffect, useRef, useState} from 'react';
import type {Reached} from '../../source/contract/status.ts';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import type {Summary} from '../../source/contract/ui/events.ts';
import type {KnownHost, StepForm, Wizard} from '../../source/contract/ui/wizard.ts';
import {AppRunRoute} from '../box/app-run.tsx';
import {
	BoxRoute,
	ConfirmControlRoute,
	ConfirmDeployRoute,
	ConfirmRemoveRoute,
	LogsRoute,
	SettingsRoute,
} from '../box/box-routes.tsx';
import {Opening} from '../connect/opening.tsx';
import {SurveyScreen} from '../connect/survey.tsx';
import {Target} from '../connect/target.tsx';
import {CureRoute, Doctor} from '../doctor/doctor.tsx';
import {FoundRoute, ReadingRoute, RepositoryRoute, VariablesRoute} from '../found/found-routes.tsx';
import {Home, type HomeChoice} from '../home/home.tsx';
import type {Navigation} from '../navigation/navigation.ts';
import {KindScreen} from '../plan/kind.tsx';
import {ReviewAllRoute, ReviewRoute, StepRoute} from '../plan/plan-routes.tsx';
import {RenewalsRoute, RenewRoute} from '../renewals/renewal-routes.tsx';
import {Done} from '../run/done.tsx';
import {RunScreen} from '../run/run.tsx';
import {Verdict} from '../run/verdict.tsx';
import {TroubleshootScreen} from '../troubleshoot/troubleshoot.tsx';
import {ConfirmUndo} from '../undo/confirm-undo.tsx';

type Props = {
	readonly wizard: Wizard;
	readonly navigation: Navigation;
	/** Asks whether to leave. */
	readonly onLeave: () => void;
	/** Leaves. */
	readonly onQuit: () => void;
};

/** The screen for the place where the person is. */
export function RouteScreen({wizard, navigation, onLeave, onQuit}: Props) {
	const {route, go} = navigation;
	const opening = {wizard, onOpen: navigation.arrive, onBack: () => go({at: 'home'})};
	switch (route.at) {
		case 'home':
			return <HomeRoute {...{wizard, navigation, onQuit}} />;
		case 'target':
			return (
				<Target value={route.target} onSubmit={target => go({at: 'connect', target})} onBack={() => go({at: 'home'})} />
			);
		case 'connect':
			return (
				<Opening
					{...opening}
					onBack={() => go({at: route.next === 'renew' ? 'renewals' : 'home'})}
					target={route.target}
					onEdit={() => go({at: 'target', target: route.target})}
				/>
			);
		case 'renewals':
			return <RenewalsRoute {...{wizard, navigation}} />;
		case 'renew':
			return <RenewRoute {...{wizard, navigation, onLeave}} confirmed={route.confirmed} />;
		case 'practice':
			return <Opening {...opening} target={undefined} />;
		case 'survey':
			return <SurveyRoute navigation={navigation} />;
		case 'box':
			return <BoxRoute {...{wizard, navigation}} />;
		case 'confirm-deploy':
			return <ConfirmDeployRoute {...{navigation}} app={route.app} />;
		case 'confirm-control':
			return <ConfirmControlRoute {...{wizard, navigation, route}} />;
		case 'confirm-remove':
			return <ConfirmRemoveRoute {...{wizard, navigation}} app={route.app} />;
		case 'logs':
			return <LogsRoute {...{wizard, navigation}} app={route.app} foreign={route.foreign} />;
		case 'settings':
			return <SettingsRoute {...{wizard, navigation}} app={route.app} />;
		case 'app-run':
			return <AppRunRoute {...{wizard, navigation, onLeave}} run={route} />;
		case 'repository':
			return <RepositoryRoute {...{wizard, navigation}} />;
		case 'reading':
			return <ReadingRoute {...{wizard, navigation}} repository={route.repository} branch={route.branch} />;
		case 'found':
			return <FoundRoute {...{wizard, navigation}} />;
		case 'variables':
			return <VariablesRoute {...{wizard, navigation}} />;
		case 'kind':
			return (
				<KindScreen
					kinds={wizard.kinds()}
					onChoose={navigation.choose}
					onBack={() => go({at: navigation.found ? 'found' : 'repository'})}
				/>
			);
		case 'step':
			return <StepRoute key={route.id} navigation={navigation} id={route.id} alone={route.alone} />;
		case 'review':
			return <ReviewRoute {...{wizard, navigation}} id={route.id} />;
		case 'review-all':
			return <ReviewAllRoute {...{wizard, navigation}} />;
		case 'confirm-undo':
			return (
				<ConfirmUndo
					forms={undoable(wizard, navigation, route.id)}
					onUndo={confirmed => go({at: 'run', kind: 'undo', id: route.id, confirmed})}
					onBack={() => (route.id === undefined ? navigation.toBox() : go({at: 'review', id: route.id}))}
				/>
			);
		case 'run':
			return (
				<RunRoute
					{...{wizard, navigation, onLeave, onQuit}}
					kind={route.kind}
					id={route.id}
					confirmed={route.confirmed ?? []}
				/>
			);
		case 'troubleshoot':
			return <TroubleshootRoute {...{wizard, navigation, onLeave}} app={route.app} />;
		case 'verdict':
			return (
				<Verdict
					kind={route.kind}
					summary={route.summary}
					forms={navigation.forms}
					onPlan={id => go({at: 'review', id})}
					onBack={navigation.toBox}
				/>
			);
		case 'doctor':
			return <Doctor wizard={wizard} onFix={finding => go({at: 'fix', finding})} onBack={navigation.toBox} />;
		case 'fix':
			return <CureRoute {...{wizard, navigation, onLeave}} finding={route.finding} />;
		case 'done':
			return (
				<Done
					outcome={route.outcome}
					summary={route.summary}
					onBox={navigation.toBox}
					onHome={navigation.leaveBox}
					onQuit={onQuit}
				/>
			);
	}
}

/** The steps that are to be taken back: one of those in hand, or those of the box and all its apps. */
function undoable(wizard: Wizard, {forms, current}: Navigation, id: string | undefined): readonly StepForm[] {
	const among = id === undefined ? wizard.allSteps(current()) : forms.filter(({summary}) => summary.id === id);
	return among.filter(({wanted}) => wanted);
}

function HomeRoute({wizard, navigation, onQuit}: Pick<Props, 'wizard' | 'navigation' | 'onQuit'>) {
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
		else if (choice.to === 'box') navigation.go({at: 'connect', target: choice.target});
		else if (choice.to === 'resume') navigation.go({at: 'connect', target: choice.target, resume: true});
		else if (choice.to === 'renewals') navigation.go({at: 'renewals'});
		else if (choice.to === 'doctor') navigation.go({at: 'connect', target: choice.target, next: 'doctor'});
		else if (choice.to === 'troubleshoot') navigation.go({at: 'connect', target: choice.target, failing: {}});
		else navigation.go(choice.to === 'new' ? {at: 'target', target: ''} : {at: 'practice'});
	};
	return <Home {...{hosts, reached, trouble}} canPractise={wizard.practice !== undefined} onChoose={choose} />;
}

function SurveyRoute({navigation}: {navigation: Navigation}) {
	const {opened, go} = navigation;
	if (opened === undefined) return null;
	return <SurveyScreen opened={opened} onGoOn={() => go({at: 'repository'})} onBack={navigation.leaveBox} />;
}

const runTitles = {run: 'Setting up', check: 'Checking', undo: 'Taking back'} as const;

type RunProps = Props & {kind: 'run' | 'check' | 'undo'; id: string | undefined; confirmed: readonly string[]};

function RunRoute(props: RunProps) {
	const {wizard, navigation, kind, id, confirmed, onLeave, onQuit} = props;
	const {forms, go} = navigation;
	const troubleshoots = useRef(false);
	const source = () => {
		const setup = navigation.current();
		if (kind === 'check') return wizard.check(setup);
		if (kind === 'run') return wizard.run(setup);
		const ids = undoable(wizard, navigation, id).map(({summary}) => summary.id);
		return wizard.undo(setup, ids, confirmed);
	};
	const end = async (summary: Summary) => {
		if (troubleshoots.current) return go({at: 'troubleshoot'});
		if (kind !== 'run') {
			if (kind === 'undo' && id === undefined && summary.failed.length === 0) navigation.undone();
			return go({at: 'verdict', kind, summary});
		}

		// Stopped at a failure, by choice: the set-up isn't done.
		const unfinished = forms.filter(form => form.wanted).length > touched(summary);
		if (summary.failed.length > 0 && unfinished) return onQuit();
		if (summary.failed.length === 0) navigation.arrived();
		go({at: 'done', summary, outcome: await wizard.outcome(navigation.current(), summary)});
	};
	return (
		<RunScreen
			title={runTitles[kind]}
			prefix={kind === 'undo' ? 'Taking back: ' : ''}
			source={source}
			forms={forms}
			previews={navigation.previews}
			onChange={navigation.answer}
			answers={() => navigation.current().answers}
			onEnd={end}
			onProgress={navigation.setProgress}
			onTroubleshoot={() => {
				troubleshoots.current = true;
			}}
			onStopJob={() => wizard.stopJob()}
			onLeave={onLeave}
			onBroken={() => (kind === 'run' ? go({at: 'review'}) : navigation.toBox())}
		/>
	);
}

type TroubleshootProps = Pick<Props, 'wizard' | 'navigation' | 'onLeave'> & {app: string | undefined};

function TroubleshootRoute({wizard, navigation, app, onLeave}: TroubleshootProps) {
	const {opened, setTroubleshootEnd} = navigation;
	return (
		<TroubleshootScreen
			source={() => wizard.troubleshoot(navigation.current(), app)}
			host={opened?.host ?? ''}
			onEnd={setTroubleshootEnd}
			onStopJob={() => wizard.stopJob()}
			onLeave={onLeave}
			onBack={navigation.toBox}
		/>
	);
}

const touched = ({changed, inPlace, skipped, failed}: Summary): number =>
	new Set([...changed, ...inPlace, ...skipped, ...failed]).size;
