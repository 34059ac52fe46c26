import {Box, Text} from 'ink';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph, wrapWords} from '../parts/paragraph.tsx';
import {broken, Scroll} from '../parts/scroll.tsx';
import {useTheme} from '../parts/theme.ts';

type Props = {
	/** What will run on the box. */
	readonly commands: readonly string[];
	readonly onRenew: () => void;
	readonly onBack: () => void;
};

const about =
	'First a trial on the authority’s test server; only when that works, the real one. The authority counts real ones (Let’s Encrypt: five a week for the same names).';

/** Said before a certificate is renewed by hand. */
export function ConfirmRenewal({commands, onRenew, onBack}: Props) {
	const {marks} = useTheme();
	useKeys((_input, key) => {
		if (key.return) onRenew();
		else if (key.escape) onBack();
	});
	const hints = [
		[marks.enter, 'renew'],
		['?', 'help'],
		['esc', 'back'],
	] as const;
	return (
		<Page title="Renew the certificate now?" hints={hints} wide>
			{room => (
				<Box flexDirection="column">
					<Paragraph>{about}</Paragraph>
					<Box marginTop={1} flexDirection="column">
						<Text>Will run on the box:</Text>
						<Scroll
							lines={broken(
								commands.map(command => ({text: `  $ ${command}`, tone: 'quiet'})),
								room.width,
							)}
							room={{...room, height: room.height - 3 - wrapWords(about, room.width).length}}
						/>
					</Box>
				</Box>
			)}
		</Page>
	);
}
