import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';
import {slug} from './commands.ts';

/** Installs packages of the distribution; nothing to do where they are there, or where it has none of that name. */
export function installDebian(names: readonly string[], why = 'They are installed from the distribution.'): Fix {
	const [first = ''] = names;
	return fixOf({
		name: `debian-${slug(names.join(' '))}`,
		title: `Install ${names.length === 1 ? first : `${first} and more`}`.slice(0, 40),
		why: `${why} (${names.join(', ')})`,
		check: async $ => {
			const answer =
				await $`for name in ${names}; do if [ "$(dpkg-query --show --showformat '\${db:Status-Status}' "$name" 2>/dev/null)" = installed ]; then continue; fi; if apt-cache show --no-all-versions "$name" > /dev/null 2>&1; then echo "$name missing"; else echo "$name unknown"; fi; done`;
			const lines = answer.split('\n').filter(line => line !== '');
			return {
				missing: lines.flatMap(line => (line.endsWith(' missing') ? [line.replace(/ missing$/, '')] : [])),
				unknown: lines.some(line => line.endsWith(' unknown')),
			};
		},
		done: ({missing, unknown}) => missing.length === 0 || unknown,
		apply($, {missing}) {
			$.packages(missing);
		},
		undo($) {
			$.removePackages();
		},
	});
}
