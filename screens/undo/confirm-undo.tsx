import {Box, Text} from 'ink';
import {useState} from 'react';
import type {StepForm} from '../../source/contract/ui/setup.ts';
import {NameField, nameRows} from '../form/name-field.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page, type Room} from '../parts/page.tsx';
import {Paragraph, wrapWords} from '../parts/paragraph.tsx';
import {broken, Scroll, type ScrollLine} from '../parts/scroll.tsx';
import {useTheme} from '../parts/theme.ts';

type Props = {
	readonly forms: readonly StepForm[];
	/** What goes, where it is neither one step nor all: its title, what is said of it, what its key does, and the name to type where it is not that of what it drops. */
	readonly what?: {readonly title: string; readonly about: string; readonly does: string; readonly name?: string};
	/** With the names that were typed. */
	readonly onUndo: (confirmed: readonly string[]) => void;
	readonly onBack: () => void;
};

const aboutOne = 'Its files become what they were before, and the packages it added go.';
const aboutAll =
	'Every step is taken back, the last one first: files become what they were before, packages that were added go, doors that were closed open again.';

/** What undo can't bring back of a step, for a list. */
export const stays = ({summary, notUndone = ''}: StepForm): ScrollLine => ({
	text: `${summary.title}: ${notUndone}`,
	tone: 'quiet',
});

/** Said before anything is taken back: what can't come back. What holds data goes only for whoever types its name. */
export function ConfirmUndo({forms, what, onUndo, onBack}: Props) {
	const {marks} = useTheme();
	const drops = forms.flatMap(form => form.drops ?? []);
	const [typed, setTyped] = useState<readonly string[]>([]);
	// What one app has is all called after it; of several apps one name is typed after the other.
	const names = what?.name ? [what.name] : [...new Set(drops.map(drop => drop.name))];
	const name = names[typed.length];
	const take = (one: string) => {
		const all = [...typed, one];
		if (all.length === names.length) onUndo(all);
		else setTyped(all);
	};
	useKeys((input, key) => {
		if (key.escape) onBack();
		else if (input === 'u' && name === undefined) onUndo([]);
	});
	const lost = drops.map(drop => ` It drops ${drop.what}, once it is saved into ${drop.savedIn} on the box.`).join('');
	const isOne = forms.length === 1;
	const about = what?.about ?? (isOne ? aboutOne : aboutAll);
	const words = `${about}${lost}`;
	const keeping = forms.filter(form => form.notUndone);
	const hints = [
		[name === undefined ? 'u' : marks.enter, what?.does ?? (isOne ? 'undo it' : 'undo it all')],
		...(keeping.length > 0 ? ([[marks.arrows, 'scroll']] as const) : []),
		[name === undefined ? '?' : '^G', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	] as const;
	const left = (room: Room) => room.height - 3 - wrapWords(words, room.width).length - (name ? nameRows : 0);
	return (
		<Page
			title={what?.title ?? (isOne ? `Take back “${forms[0]?.summary.title ?? ''}”?` : 'Take it all back?')}
			hints={hints}
		>
			{room => (
				<Box flexDirection="column">
					<Paragraph>{words}</Paragraph>
					{keeping.length > 0 ? (
						<Box marginTop={1} flexDirection="column">
							<Text>What stays:</Text>
							<Scroll
								lines={broken(keeping.map(stays), room.width)}
								room={{...room, height: left(room)}}
								typing={name !== undefined}
							/>
						</Box>
					) : null}
					{name === undefined ? null : <NameField key={name} name={name} room={room} onTyped={() => take(name)} />}
				</Box>
			)}
		</Page>
	);
}
