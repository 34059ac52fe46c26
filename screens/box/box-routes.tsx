import {useEffect, useState} from 'react';
import type {ForeignProgram} from '../../source/contract/status.ts';
import {asTrouble} from '../../source/contract/trouble.ts';
import type {StepForm} from '../../source/contract/ui/setup.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import type {Navigation} from '../navigation/navigation.ts';
import type {Route} from '../navigation/route.ts';
import {afterLook} from '../navigation/seen.ts';
import {ConfirmUndo} from '../undo/confirm-undo.tsx';
import {BoxPage} from './box.tsx';
import {useStatus} from './box-state.ts';
import {ConfirmControl} from './confirm-control.tsx';
import {ConfirmDeploy} from './confirm-deploy.tsx';
import {LogsScreen} from './logs.tsx';
import {ReleasesScreen} from './releases.tsx';
import {SettingsScreen} from './settings.tsx';
import {useCommands} from './use-commands.ts';

type Props = {readonly wizard: Wizard; readonly navigation: Navigation};

/** The box's own page, looked at again and again. */
export function BoxRoute({wizard, navigation}: Props) {
	const {seen, opened, app, foreign, notice} = navigation;
	const perform = useCommands({wizard, navigation});
	const [now, setNow] = useState(() => Date.now());
	useStatus(wizard, look => {
		const time = Date.now();
		setNow(time);
		navigation.setSeen(before => afterLook(before, look, time));
	});
	const isAway = seen.away !== undefined;
	useEffect(() => {
		// While no answer comes, the minutes are counted on.
		const clock = isAway ? setInterval(() => setNow(Date.now()), 10_000) : undefined;
		return () => clearInterval(clock);
	}, [isAway]);
	return (
		<BoxPage
			seen={seen}
			apps={opened?.apps ?? []}
			selected={app}
			foreign={foreign}
			notice={notice}
			now={now}
			onSelect={name => {
				navigation.say(undefined);
				navigation.select(name);
			}}
			onCommand={perform}
			onPalette={() => navigation.setPalette(true)}
		/>
	);
}

export function ConfirmDeployRoute({wizard, navigation, app}: Props & {readonly app: string}) {
	return (
		<ConfirmDeploy
			app={app}
			now={navigation.seen.status?.apps.find(({name}) => name === app)}
			answers={navigation.setup.answers}
			look={ref => wizard.coming(navigation.current(), ref)}
			onDeploy={to => navigation.startRun({at: 'app-run', does: 'deploy', app, to})}
			onBack={navigation.toBox}
		/>
	);
}

export function ReleasesRoute({wizard, navigation, app}: Props & {readonly app: string}) {
	return (
		<ReleasesScreen
			app={app}
			list={() => wizard.releases(navigation.current())}
			look={release => wizard.fit(navigation.current(), release)}
			onRollback={release => navigation.startRun({at: 'app-run', does: 'rollback', app, release})}
			onBack={navigation.toBox}
		/>
	);
}

type ControlProps = Props & {readonly route: Extract<Route, {at: 'confirm-control'}>};

export function ConfirmControlRoute({wizard, navigation, route}: ControlProps) {
	const {app, action, foreign} = route;
	return (
		<ConfirmControl
			program={app}
			action={action}
			interrupts={wizard.interrupts(foreign ?? app, action)}
			onConfirm={() => navigation.startRun({...route, at: 'app-run', does: 'control'})}
			onBack={navigation.toBox}
		/>
	);
}

/** The steps that go with an app, and can be taken back. */
function useGoing(wizard: Wizard, app: string): readonly StepForm[] {
	const [forms] = useState(() => wizard.removal(app).filter(({undoable}) => undoable));
	return forms;
}

export function ConfirmRemoveRoute({wizard, navigation, app}: Props & {readonly app: string}) {
	return (
		<ConfirmUndo
			forms={useGoing(wizard, app)}
			what={{
				title: `Take ${app} off the box?`,
				about:
					'Its site, its programs and its files go; what it keeps is saved on the box first. The other apps run on.',
				does: 'take it off',
				name: app,
			}}
			onUndo={confirmed => navigation.startRun({at: 'app-run', does: 'remove', app, confirmed})}
			onBack={navigation.toBox}
		/>
	);
}

export function ConfirmUndoAppRoute({wizard, navigation, app}: Props & {readonly app: string}) {
	return (
		<ConfirmUndo
			forms={useGoing(wizard, app)}
			what={{
				title: `Take back all that was done for ${app} alone?`,
				about:
					'Its site, its programs and its files go; its answers are kept, and p brings it back. The other apps run on.',
				does: 'take it back',
			}}
			onUndo={confirmed => navigation.startRun({at: 'app-run', does: 'undo', app, confirmed})}
			onBack={navigation.toBox}
		/>
	);
}

type LogsProps = Props & {readonly app: string | undefined; readonly foreign: ForeignProgram | undefined};

export function LogsRoute({wizard, navigation, app, foreign}: LogsProps) {
	return (
		<LogsScreen
			source={signal => wizard.logs(signal, foreign)}
			apps={foreign ? [] : navigation.appNames()}
			app={app || undefined}
			onBack={navigation.toBox}
		/>
	);
}

const pulled = (file: string) => `Written to ${file} in this folder, readable by you alone: keep it out of git`;

export function SettingsRoute({wizard, navigation, app}: Props & {readonly app: string}) {
	return (
		<SettingsScreen
			app={app}
			load={() => wizard.settings(app)}
			onPull={() => wizard.pullSettings(app).then(pulled, (error: unknown) => asTrouble(error).what)}
			onSave={variables => navigation.startRun({at: 'app-run', does: 'settings', app, variables})}
			onBack={navigation.toBox}
		/>
	);
}
