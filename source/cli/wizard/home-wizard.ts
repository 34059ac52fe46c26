import type {PracticeBox} from '../../practice/index.ts';
import {forget, start} from '../commands/local/practice-boxes.ts';
import {fromFlags, suggested} from '../given/from-flags.ts';
import {tell} from '../terminal/practice-events.ts';
import type {Whole} from './late-wizard.ts';
import {meansOfBox} from './practice-answers.ts';
import {createWizard} from './wizard.ts';

export type HomeWizard = {
	readonly wizard: Whole;
	/** Takes away the practice boxes that were started on the way. */
	readonly cleanUp: (say: (line: string) => void) => Promise<void>;
};

/** The wizard behind the home screen, which can start practice boxes. */
export async function loadHomeWizard(): Promise<HomeWizard> {
	const boxes: PracticeBox[] = [];
	const practice = async (progress: (line: string) => void) => {
		const box = await start({}, tell(progress));
		boxes.push(box);
		return await meansOfBox(box, true);
	};

	return {
		wizard: createWizard({...(await fromFlags({})), suggested, practice}) as Whole,
		async cleanUp(say) {
			for (const box of boxes.splice(0)) {
				say(`Removing the practice box ${box.name}.`);
				await box.stop();
				forget(box.name);
			}
		},
	};
}
