import type {Wizard} from '../../source/contract/ui/wizard.ts';
import {AppRunRoute} from '../box/app-run.tsx';
import {
	BoxRoute,
	ConfirmControlRoute,
	ConfirmDeployRoute,
	ConfirmRemoveRoute,
	ConfirmUndoAppRoute,
	LogsRoute,
	ReleasesRoute,
	SettingsRoute,
} from '../box/box-routes.tsx';
import {RunInAppRoute} from '../box/run-in-app.tsx';
import {Opening} from '../connect/opening.tsx';
import {SurveyRoute} from '../connect/survey-route.tsx';
import {Target} from '../connect/target.tsx';
import {CureRoute, Doctor} from '../doctor/doctor.tsx';
import {FoundRoute, ReadingRoute, RepositoryRoute, VariablesRoute} from '../found/found-routes.tsx';
import {ForgetRoute} from '../home/forget-route.tsx';
import {HomeRoute} from '../home/home-route.tsx';
import type {Navigation} from '../navigation/navigation.ts';
import {KindScreen} from '../plan/kind.tsx';
import {ReviewAllRoute, ReviewRoute, StepRoute} from '../plan/plan-routes.tsx';
import {RenewalsRoute, RenewRoute} from '../renewals/renewal-routes.tsx';
import {Done} from '../run/done.tsx';
import {RunLog} from '../run/run-log.tsx';
import {RunRoute} from '../run/run-route.tsx';
import {Verdict} from '../run/verdict.tsx';
import {TroubleshootRoute} from '../troubleshoot/troubleshoot-route.tsx';
import {ConfirmUndoRoute} from '../undo/undo-route.tsx';

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
					onForget={route.known ? () => go({at: 'forget', target: route.target}) : undefined}
				/>
			);
		case 'forget':
			return <ForgetRoute {...{wizard, navigation}} target={route.target} />;
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
			return <ConfirmDeployRoute {...{wizard, navigation}} app={route.app} />;
		case 'releases':
			return <ReleasesRoute {...{wizard, navigation}} app={route.app} />;
		case 'confirm-control':
			return <ConfirmControlRoute {...{wizard, navigation, route}} />;
		case 'confirm-remove':
			return <ConfirmRemoveRoute {...{wizard, navigation}} app={route.app} />;
		case 'confirm-undo-app':
			return <ConfirmUndoAppRoute {...{wizard, navigation}} app={route.app} />;
		case 'logs':
			return <LogsRoute {...{wizard, navigation}} app={route.app} foreign={route.foreign} />;
		case 'settings':
			return <SettingsRoute {...{wizard, navigation}} app={route.app} />;
		case 'run-in-app':
			return <RunInAppRoute {...{wizard, navigation}} app={route.app} />;
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
			return <ConfirmUndoRoute {...{wizard, navigation}} id={route.id} />;
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
					onLog={() => go({at: 'run-log', back: route})}
					onBack={navigation.toBox}
				/>
			);
		case 'run-log':
			return <RunLog progress={navigation.progress} onBack={() => go(route.back)} />;
		case 'doctor':
			return <Doctor wizard={wizard} onFix={finding => go({at: 'fix', finding})} onBack={navigation.toBox} />;
		case 'fix':
			return <CureRoute {...{wizard, navigation, onLeave}} finding={route.finding} />;
		case 'done':
			return (
				<Done
					wizard={wizard}
					outcome={route.outcome}
					summary={route.summary}
					onBox={navigation.toBox}
					onLog={() => go({at: 'run-log', back: route})}
					onHome={navigation.leaveBox}
					onQuit={onQuit}
				/>
			);
	}
}
