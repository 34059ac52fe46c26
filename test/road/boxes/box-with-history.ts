import {readFileSync} from 'node:fs';
import {expect} from 'vitest';
import {freshBox} from '../../../bench/boxes.ts';
import {type Ended, newPerson} from '../visitors/person.ts';
import {snapshot} from './snapshot.ts';

/** A bare box that others have worked on, and a person who knows it. @param script its past, a file of planted/ */
export async function boxWithHistory(name: string, script: string) {
	const history = readFileSync(new URL(`../planted/${script}`, import.meta.url), 'utf8');
	const person = newPerson();
	const fresh = await freshBox(name, person.file('boxwizard'));
	const {box} = fresh;
	const on = (command: string) => box.console(command);
	const stop = async () => {
		person.leave();
		await box.stop();
	};
	try {
		// The console reads the script as it goes: what asks for input would take the rest of it.
		await on(`{\n${history}\n} < /dev/null`);
		return {
			box,
			/** As it was found. */
			before: await snapshot(box),
			person,
			/** On the box, as root. */
			on,
			/** Of boxwizard, about this box. */
			run: (command: string, ...words: readonly string[]) =>
				person.run([command, `root@${box.address}`, '--plain', ...words]),
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

/** It ended well; else what it printed is in the failure. */
export const isFine = ({code, stdout, stderr}: Ended) =>
	expect({code, printed: code === 0 ? '' : `${stdout}${stderr}`}).toEqual({code: 0, printed: ''});
