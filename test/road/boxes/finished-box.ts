import {openPracticeBox, type PracticeBox, removePracticeBox} from '../../../source/practice/index.ts';
import {newPerson, type Person} from '../visitors/person.ts';

/** A box that boxwizard has set up with a Flask app, and the person who did it. */
export type FinishedBox = {
	readonly box: PracticeBox;
	readonly person: Person;
	readonly remove: () => Promise<void>;
};

/** Walks the whole road of a practice box by `boxwizard practice --yes`, with more words where they are given. @throws Error with what it printed, when it fails */
export async function finishedBox(name: string, more: readonly string[] = []): Promise<FinishedBox> {
	const person = newPerson();
	const {code, stdout, stderr} = await person.run(['practice', name, '--yes', '--keep', ...more]);
	if (code !== 0) throw new Error(`practice ${name} ended with ${code}:\n${stdout.slice(-4000)}\n${stderr}`);
	return {
		box: openPracticeBox(name),
		person,
		async remove() {
			person.leave();
			await removePracticeBox(name);
		},
	};
}
