import {useApp, useInput} from 'ink';
import {useMemo, useState} from 'react';
import type {Start, Wizard} from '../../source/contract/ui/wizard.ts';
import {cleanValue} from '../../source/remote/clean-value.ts';
import {Palette} from '../box/palette.tsx';
import {useCommands} from '../box/use-commands.ts';
import {KeySourceContext} from '../form/key-source.ts';
import {useNavigation} from '../navigation/navigation.ts';
import {isSetUp} from '../navigation/opened-route.ts';
import {aboutRoutes, type Route} from '../navigation/route.ts';
import {Hidden} from '../parts/hidden.tsx';
import {FrontContext, TypingContext} from '../parts/key-focus.ts';
import {ChromeContext} from '../parts/page.tsx';
import {Spoken} from '../parts/spoken.tsx';
import {type Theme, ThemeContext} from '../parts/theme.ts';
import {chromeOf, endOf, resumeCommand} from './chrome.ts';
import {Help} from './help.tsx';
import {Leave} from './leave.tsx';
import {RouteScreen} from './routes.tsx';

/** How the app ended: what stays on the normal screen, and the exit code. */
export type Ended = {readonly lines: readonly string[]; readonly code: 0 | 1 | 2 | 130};

type Props = {
	readonly wizard: Wizard;
	readonly start: Start;
	readonly theme: Theme;
};

/** What would run on if the person left now. */
function runningAt({at}: Route): 'steps' | 'app' | undefined {
	if (at === 'troubleshoot') return 'app';
	return at === 'run' || at === 'renew' || at === 'app-run' ? 'steps' : undefined;
}

/** Places of an opened box where all commands are at hand: nothing runs there that they would cut off, and no answer is half given. */
const commanding: ReadonlySet<Route['at']> = new Set([
	'box',
	'survey',
	'review',
	'review-all',
	'confirm-deploy',
	'releases',
	'confirm-remove',
	'confirm-undo-app',
	'confirm-undo',
	'logs',
	'settings',
	'verdict',
	'doctor',
	'done',
]);

/** The whole app: where the person is, and what lies over it. */
export function App({wizard: given, start, theme}: Props) {
	// Texts of boxes, DNS and files come in through here only: none of them may drive the terminal.
	const wizard = useMemo(() => cleanValue(given), [given]);
	const navigation = useNavigation(wizard, start);
	const [over, setOver] = useState<'help' | 'leave'>();
	const [typing, setTyping] = useState(false);
	const {exit} = useApp();
	const {route} = navigation;
	const quit = async (code: Ended['code']) => {
		await wizard.leave().catch(() => undefined);
		exit(endOf(navigation, code));
	};
	const {opened, palette, setPalette} = navigation;
	const perform = useCommands({wizard, navigation});
	const idle = ['home', 'done', 'doctor', 'box', 'logs'].includes(route.at) || navigation.troubleshootEnd !== undefined;
	useInput(
		(input, key) => {
			if (key.ctrl && input === 'c') {
				if (idle) void quit(0);
				else setOver('leave');
			} else if (over === undefined && !palette && ((key.ctrl && input === 'g') || (input === '?' && !typing))) {
				setOver('help');
			} else if (over === undefined && input === ':' && !typing && opened?.resumable && commanding.has(route.at)) {
				setPalette(true);
			}
		},
		{isActive: over !== 'leave'},
	);
	const close = () => setOver(undefined);
	return (
		<ThemeContext value={theme}>
			<Spoken>
				<TypingContext value={setTyping}>
					<KeySourceContext value={wizard}>
						<ChromeContext value={chromeOf(navigation, theme)}>
							<FrontContext value={over === undefined && !palette}>
								<Hidden when={over !== undefined || palette}>
									<RouteScreen
										wizard={wizard}
										navigation={navigation}
										onLeave={() => setOver('leave')}
										onQuit={() => void quit(route.at === 'run' ? 1 : 0)}
									/>
								</Hidden>
							</FrontContext>
							{palette && opened ? (
								<Palette
									programs={{
										apps: navigation.appNames(),
										foreign: (navigation.seen.status?.others ?? []).map(({name}) => name),
										services: isSetUp(opened) ? wizard.services() : [],
										selected: navigation.foreign?.name ?? navigation.app,
									}}
									finished={isSetUp(opened)}
									onChoose={({command, app}) => {
										setPalette(false);
										perform(command.id, app);
									}}
									onBack={() => setPalette(false)}
								/>
							) : null}
							{over === 'help' ? <Help about={aboutRoutes[route.at]} onBack={close} /> : null}
							{over === 'leave' ? (
								<Leave
									running={runningAt(route)}
									command={resumeCommand(navigation)}
									passing={navigation.opened?.passing ?? false}
									onLeave={() => void quit(130)}
									onStay={close}
								/>
							) : null}
						</ChromeContext>
					</KeySourceContext>
				</TypingContext>
			</Spoken>
		</ThemeContext>
	);
}
