import {useState} from 'react';
import type {Summary} from '../../source/contract/ui/events.ts';
import type {StepForm} from '../../source/contract/ui/setup.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import type {Progress} from '../../source/render/progress.ts';
import {visitWords} from '../../source/render/wording.ts';
import type {Navigation} from '../navigation/navigation.ts';
import type {Route} from '../navigation/route.ts';
import {RunScreen} from '../run/run.tsx';
import {shortId} from './rows.ts';

type Props = {readonly wizard: Wizard; readonly navigation: Navigation};

type Notice = {readonly text: string; readonly bad?: true};

type AppRun = Extract<Route, {at: 'app-run'}>;

/** What is done, before the name that it is done to. */
function titleOf(run: AppRun): string {
	switch (run.does) {
		case 'deploy':
			return 'Deploying';
		case 'rollback':
			return 'Rolling back';
		case 'remove':
			return 'Taking off';
		case 'undo':
			return 'Taking back';
		case 'settings':
			return 'New settings for';
		case 'control':
			return {restart: 'Restarting', stop: 'Stopping', start: 'Starting'}[run.action];
	}
}

/** A run that is about one app of a box that is set up; back at the box's page it is told how it ended. */
export function AppRunRoute({
	wizard,
	navigation,
	run,
	onLeave,
}: Props & {readonly run: AppRun; readonly onLeave: () => void}) {
	const {does, app} = run;
	const takesAway = does === 'remove' || does === 'undo';
	const [troubled, setTroubled] = useState(false);
	// What is taken off has no forms any more once it is gone.
	const [forms] = useState(() => (takesAway ? wizard.removal(app) : navigation.forms));
	const source = () => {
		switch (run.does) {
			case 'deploy':
				return wizard.deploy(navigation.current(), run.to);
			case 'rollback':
				return wizard.rollback(navigation.current(), run.release);
			case 'remove':
				return wizard.remove(app, run.confirmed);
			case 'undo': {
				const ids = forms.map(({summary: {id}}) => id);
				return wizard.undo(wizard.setupFor(app), ids, run.confirmed);
			}

			case 'settings':
				return wizard.saveSettings(app, run.variables);
			case 'control':
				return wizard.control(run.foreign ?? app, run.action);
		}
	};
	const title = `${titleOf(run)} ${app}`;
	const end = (summary: Summary) => {
		if (troubled) return navigation.go({at: 'troubleshoot', app});
		navigation.say(noticeOf(run, summary, forms, navigation.progressNow()));
		if (does === 'remove' && summary.failed.length === 0) navigation.forgetApp(app);
		navigation.toBox();
	};
	return (
		<RunScreen
			title={title}
			prefix={`${title}: `}
			source={source}
			forms={forms}
			previews={[]}
			onChange={navigation.answer}
			answers={() => navigation.current().answers}
			onEnd={end}
			onProgress={navigation.setProgress}
			{...(!takesAway && {onTroubleshoot: () => setTroubled(true)})}
			onLeave={onLeave}
			onStopJob={() => wizard.stopJob()}
			onBroken={navigation.toBox}
		/>
	);
}

type Ended = Pick<Progress, 'live' | 'visits'>;

/** How a run ended, in one line. Pure. */
export function noticeOf(run: AppRun, summary: Summary, forms: readonly StepForm[], ended: Ended): Notice {
	const [failed] = summary.failed;
	if (failed === undefined) return {text: whatEnded(run, ended)};
	const step = forms.find(({summary: {id}}) => id === failed)?.summary.title ?? failed;
	return {text: whatFailed(run, step, ended), bad: true};
}

const met = ({visits}: Ended, end: string) => (visits ? `${end} ${visitWords(visits)}` : '');

function whatFailed(run: AppRun, step: string, ended: Ended): string {
	const {app} = run;
	switch (run.does) {
		case 'deploy':
			return `The deploy of ${app} stopped at “${step}”; what was live still runs.${met(ended, '')}`;
		case 'rollback':
			return `The rollback of ${app} stopped at “${step}”; what was live still runs.${met(ended, '')}`;
		case 'remove':
			return `${app} is not off whole: it stopped at “${step}”.`;
		case 'undo':
			return `${app} is not taken back whole: it stopped at “${step}”.`;
		case 'settings':
			return `The new settings of ${app} stopped at “${step}”.`;
		case 'control':
			if (run.action === 'stop') return `${app} still runs.`;
			return run.isService
				? `${app} did not come back. x looks what is wrong.`
				: `${app} did not come back. t says what is wrong with it.`;
	}
}

function whatEnded(run: AppRun, ended: Ended): string {
	const {app} = run;
	const {live} = ended;
	switch (run.does) {
		case 'deploy': {
			const version = live === undefined ? '' : `: ${shortId(live.id)} ${live.title}`;
			return live?.isNew
				? `${app} is live${version}${met(ended, ';')}`
				: `${app} is live as before${version}; nothing newer`;
		}

		case 'rollback':
			return `${app} is live as it was${live === undefined ? '' : `: ${shortId(live.id)} ${live.title}`}${met(ended, ';')}`;
		case 'remove':
			return `${app} is off the box; what it kept is in /var/backups/boxwizard`;
		case 'undo':
			return `${app} is taken back, its data saved in /var/backups/boxwizard; p brings it back`;
		case 'settings':
			return `${app} runs with its new settings`;
		case 'control':
			return {
				restart: `${app} was started anew, and runs`,
				stop: `${app} is stopped, until it is started again (: start)`,
				start: `${app} runs`,
			}[run.action];
	}
}
