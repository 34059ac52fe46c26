import type {Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {configurationPath} from './processManager.ts';

/** Prints each of the files that is there and runs nothing as the user. */
const look = `user=$1; shift
for file; do if [ -e "$file" ] && ! grep -qiFx "user=$user" "$file"; then echo "$file"; fi; done`;

/**
 * Programs are called after their app and their own name: “shop-api” may be the api of shop, another app, or what somebody made by hand.
 * @param names that the app's programs are to have on the box
 * @throws Trouble where one of them is somebody else's: it would be replaced
 */
export async function refuseForeign($: Probe, app: string, names: readonly string[]): Promise<void> {
	const files = names.flatMap(name => [configurationPath('systemd', name), configurationPath('supervisor', name)]);
	const found = await $`bash -c ${look} bash ${app} ${files}`;
	const foreign = found.split('\n').filter(file => file !== '');
	const name = names.find(one => foreign.some(file => file.includes(`/${one}.`)));
	if (name === undefined) return;
	throw new Trouble({
		what: `The box has a program “${name}” already, and it is not ${app}’s.`,
		means: `A program of ${app} would be called the same, and take its place.`,
		next: 'Give the one of this app another name: under “More programs” or “Scheduled jobs”, or the app itself. Then try again.',
		evidence: foreign,
		code: 'program-name-taken',
	});
}
