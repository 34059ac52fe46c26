import type {AppOnBox} from '../../source/contract/diagnosis/cause.ts';
import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';
import {asOwner} from './commands.ts';

/** Installs what the lock file of a Node app asks for, anew. */
export function installNodePackages(app: AppOnBox): Fix {
	return fixOf({
		name: 'node-packages',
		title: 'Install the packages of the lock file',
		why: 'node_modules is made anew, exactly as package-lock.json has it. Nothing is interrupted until the app is restarted.',
		check: async $ => {
			const answer =
				await $`cd ${app.folder} || exit; stat -c %U .; test -f package-lock.json && echo lock; npm ls --omit=dev > /dev/null 2>&1 && echo whole`;
			const [owner = 'root', ...words] = answer.split('\n');
			return {owner, lock: words.includes('lock'), whole: words.includes('whole')};
		},
		done: ({lock, whole}) => whole || !lock,
		apply($, {owner}) {
			$.within(60)`${asOwner(owner, app.folder)} npm ci --omit=dev --no-audit --no-fund`;
		},
		notUndone: 'The packages stay: what stood there before was not whole.',
	});
}
