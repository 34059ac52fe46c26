import {Box} from 'ink';
import {useState} from 'react';
import type {RecipeSummary} from '../../source/contract/wizard.ts';
import {Choose} from '../parts/choose.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {useLook} from '../parts/theme.ts';

type Props = {
	readonly recipes: readonly RecipeSummary[];
	readonly onChoose: (name: string) => void;
	readonly onBack: () => void;
};

/** What is the box to become? */
export function RecipeScreen({recipes, onChoose, onBack}: Props) {
	const {marks} = useLook();
	const [here, setHere] = useState(recipes[0]?.name);
	useKeys((_, key) => {
		if (key.escape) onBack();
	});
	const hints = [
		[marks.arrows, 'move'],
		[marks.enter, 'choose'],
		['?', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	] as const;
	return (
		<Page title="What shall it become?" hints={hints}>
			{({height}) => (
				<Box flexDirection="column">
					<Paragraph>A recipe is a list of steps. You answer a few questions, then see the whole plan.</Paragraph>
					<Box marginTop={1}>
						<Choose
							items={recipes.map(({name, title}) => ({value: name, title}))}
							onHighlight={setHere}
							onChoose={onChoose}
							limit={height - 6}
						/>
					</Box>
					<Box marginTop={1}>
						<Paragraph quiet>{recipes.find(recipe => recipe.name === here)?.description ?? ''}</Paragraph>
					</Box>
				</Box>
			)}
		</Page>
	);
}
