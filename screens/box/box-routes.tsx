import {useApp} from 'ink';
import {useEffect, useState} from 'react';
import type {ForeignProgram} from '../../source/contract/status.ts';
import {asTrouble} from '../../source/contract/trouble.ts';
import type {Summary} from '../../source/contract/ui/events.ts';
import type {StepForm, Wizard} from '../../source/contract/ui/wizard.ts';
import type {Navigation} from '../navigation/navigation.ts';
import type {Route} from '../navigation/route.ts';
import {afterLook} from '../navigation/seen.ts';
import {RunScreen} from '../run/run.tsx';
import {ConfirmUndo} from '../undo/confirm-undo.tsx';
import {BoxPage} from './box.tsx';
import {useStatus} from './box-state.ts';
import type {CommandId} from './commands.ts';
import {ConfirmDeploy} from './confirm-deploy.tsx';
import {ConfirmRestart} from './confirm-restart.tsx';
import {LogsScreen} from './logs.tsx';
import {shortId} from './rows.ts';
import {SettingsScreen} from './settings.tsx';

type Props = {readonly wizard: Wizard; readonly navigation: Navigation};

/** Does what a command of the box's page or of the palette stands for. */
export function useCommands({wizard, navigation}: Props): (id: CommandId, app?: string) => void {
	const {suspendTerminal} = useApp();
	const {go, say} = navigation;
	const open = async (app: string) => {
		const domain = navigation.seen.status?.apps.find(({name}) => name === app)?.domain;
		if (domain === undefined) return say({text: `${app} has no address`, bad: true});
		const address = `https://${domain}`;
		say({text: (await wizard.browse(address)) ? `Opening ${address} in your browser` : `${app} is at ${address}`});
	};
	const shell = async () => {
		try {
			await suspendTerminal(async () => void (await wizard.shell()));
		} catch (error) {
			say({text: asTrouble(error).what, bad: true});
		}
	};
	return (id, named) => {
		const foreign =
			named === undefined ? navigation.foreign : navigation.seen.status?.others.find(({name}) => name === named);
		const app = foreign?.name ?? named ?? navigation.app ?? '';
		say(undefined);
		navigation.dropNew();
		if (named !== undefined) navigation.select(named);
		switch (id) {
			case 'deploy':
				navigation.take(app);
				return go({at: 'confirm-deploy', app});
			case 'logs':
				return go({at: 'logs', app, ...(foreign && {foreign})});
			case 'restart':
				return go({at: 'confirm-restart', app, ...(foreign && {foreign})});
			case 'troubleshoot':
				if (!foreign) navigation.take(app);
				return go({at: 'troubleshoot', app});
			case 'settings':
				return go({at: 'settings', app});
			case 'open':
				navigation.toBox();
				return void open(app);
			case 'remove':
				return go({at: 'confirm-remove', app});
			case 'add':
				return navigation.addApp();
			case 'check':
				return go({at: 'run', kind: 'check'});
			case 'doctor':
				return go({at: 'doctor'});
			case 'undo':
				return go({at: 'confirm-undo'});
			case 'plan':
				if (navigation.app !== undefined) navigation.take(navigation.app);
				return go({at: 'review'});
			case 'plan-all':
				return go({at: 'review-all'});
			case 'shell':
				return void shell();
			case 'start-over':
				return go({at: 'kind'});
			case 'boxes':
				return navigation.leaveBox();
			default:
				return id satisfies never;
		}
	};
}

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

export function ConfirmDeployRoute({navigation, app}: Pick<Props, 'navigation'> & {readonly app: string}) {
	return (
		<ConfirmDeploy
			app={app}
			now={navigation.seen.status?.apps.find(({name}) => name === app)}
			answers={navigation.setup.answers}
			onDeploy={() => navigation.startRun({at: 'app-run', does: 'deploy', app})}
			onBack={navigation.toBox}
		/>
	);
}

type RestartProps = Props & {readonly app: string; readonly foreign: ForeignProgram | undefined};

export function ConfirmRestartRoute({wizard, navigation, app, foreign}: RestartProps) {
	return (
		<ConfirmRestart
			program={app}
			interrupts={wizard.interrupts(foreign ?? app)}
			onRestart={() => navigation.startRun({at: 'app-run', does: 'restart', app, ...(foreign && {foreign})})}
			onBack={navigation.toBox}
		/>
	);
}

export function ConfirmRemoveRoute({wizard, navigation, app}: Props & {readonly app: string}) {
	const [forms] = useState(() => wizard.removal(app).filter(({undoable}) => undoable));
	return (
		<ConfirmUndo
			forms={forms}
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

export function SettingsRoute({wizard, navigation, app}: Props & {readonly app: string}) {
	return (
		<SettingsScreen
			app={app}
			load={() => wizard.settings(app)}
			onSave={variables => navigation.startRun({at: 'app-run', does: 'settings', app, variables})}
			onBack={navigation.toBox}
		/>
	);
}

type AppRun = Extract<Route, {at: 'app-run'}>;

const titles: Readonly<Record<AppRun['does'], string>> = {
	deploy: 'Deploying',
	remove: 'Taking off',
	settings: 'New settings for',
	restart: 'Restarting',
};

/** A run that is about one app of a box that is set up; back at the box's page it is told how it ended. */
export function AppRunRoute({
	wizard,
	navigation,
	run,
	onLeave,
}: Props & {readonly run: AppRun; readonly onLeave: () => void}) {
	const {does, app} = run;
	const [troubled, setTroubled] = useState(false);
	// What is taken off has no forms any more once it is gone.
	const [forms] = useState(() => (does === 'remove' ? wizard.removal(app) : navigation.forms));
	const source = () => {
		if (run.does === 'deploy') return wizard.deploy(navigation.current());
		if (run.does === 'restart') return wizard.restart(run.foreign ?? app);
		if (run.does === 'remove') return wizard.remove(app, run.confirmed);
		return wizard.saveSettings(app, run.variables);
	};
	const end = (summary: Summary) => {
		if (troubled) return navigation.go({at: 'troubleshoot', app});
		navigation.say(noticeOf(run, summary, forms, navigation.progressNow().live));
		if (does === 'remove' && summary.failed.length === 0) navigation.forgetApp(app);
		navigation.toBox();
	};
	return (
		<RunScreen
			title={`${titles[does]} ${app}`}
			prefix={`${titles[does]} ${app}: `}
			source={source}
			forms={forms}
			previews={[]}
			onChange={navigation.answer}
			answers={() => navigation.current().answers}
			onEnd={end}
			onProgress={navigation.setProgress}
			{...(does !== 'remove' && {onTroubleshoot: () => setTroubled(true)})}
			onLeave={onLeave}
			onStopJob={() => wizard.stopJob()}
			onBroken={navigation.toBox}
		/>
	);
}

type Live = ReturnType<Navigation['progressNow']>['live'];

/** How a run ended, in one line. Pure. */
export function noticeOf({does, app}: AppRun, summary: Summary, forms: readonly StepForm[], live: Live) {
	const [failed] = summary.failed;
	if (failed !== undefined) {
		const step = forms.find(({summary: {id}}) => id === failed)?.summary.title ?? failed;
		const what = {
			deploy: `The deploy of ${app} stopped at “${step}”; what was live still runs.`,
			remove: `${app} is not off whole: it stopped at “${step}”.`,
			settings: `The new settings of ${app} stopped at “${step}”.`,
			restart: `${app} did not come back. t says what is wrong with it.`,
		}[does];
		return {text: what, bad: true as const};
	}

	switch (does) {
		case 'deploy': {
			const version = live === undefined ? '' : `: ${shortId(live.id)} ${live.title}`;
			return {text: live?.isNew ? `${app} is live${version}` : `${app} is live as before${version}; nothing newer`};
		}

		case 'remove':
			return {text: `${app} is off the box; what it kept is in /var/backups/boxwizard`};
		case 'settings':
			return {text: `${app} runs with its new settings`};
		case 'restart':
			return {text: `${app} was started anew, and runs`};
	}
}
