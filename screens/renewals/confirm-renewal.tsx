import {Box, Text} from 'ink';
import type {KnownApp} from '../../source/contract/ui/known-host.ts';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph, wrapWords} from '../parts/paragraph.tsx';
import {broken, Scroll} from '../parts/scroll.tsx';
import {useTheme} from '../parts/theme.ts';

type Props = {
	/** What will run on the box. */
	readonly commands: readonly string[];
	/** Those of the box that have a site. */
	readonly apps: readonly KnownApp[];
	/** The name of the one whose certificate is meant. */
	readonly app: string;
	readonly onChoose: (app: string) => void;
	readonly onRenew: () => void;
	readonly onBack: () => void;
};

const about =
	'First a trial on the authority’s test server; only when that works, the real one. The authority counts real ones (Let’s Encrypt: five a week for the same names).';

/** Said before a certificate is renewed by hand. */
export function ConfirmRenewal({commands, apps, app, onChoose, onRenew, onBack}: Props) {
	const {marks} = useTheme();
	const several = apps.length > 1;
	const at = apps.findIndex(({name}) => name === app);
	useKeys((_input, key) => {
		const next = key.upArrow ? apps[at - 1] : key.downArrow ? apps[at + 1] : undefined;
		if (next) onChoose(next.name);
		else if (key.return) onRenew();
		else if (key.escape) onBack();
	});
	const hints = [
		...(several ? ([[marks.arrows, 'app']] as const) : []),
		[marks.enter, 'renew'],
		['?', 'help'],
		['esc', 'back'],
	] as const;
	return (
		<Page title="Renew the certificate now?" hints={hints} wide>
			{room => (
				<Box flexDirection="column">
					{several ? (
						<Box marginBottom={1} flexDirection="column">
							{apps.map(({name, domain}) => (
								<Box key={name} aria-role="option" aria-state={{selected: name === app}}>
									<Text wrap="truncate">{`${name === app ? marks.pointer : ' '} ${name}  ${domain ?? ''}`}</Text>
								</Box>
							))}
						</Box>
					) : null}
					<Paragraph>{about}</Paragraph>
					<Box marginTop={1} flexDirection="column">
						<Text>Will run on the box:</Text>
						<Scroll
							lines={broken(
								commands.map(command => ({text: `  $ ${command}`, tone: 'quiet'})),
								room.width,
							)}
							room={{
								...room,
								height: room.height - 3 - (several ? apps.length + 1 : 0) - wrapWords(about, room.width).length,
							}}
						/>
					</Box>
				</Box>
			)}
		</Page>
	);
}
