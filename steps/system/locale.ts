import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';

/** The language of the box's programs. `C.UTF-8` is built in; any other is generated. */
export const locale = defineStep({
	id: 'system/locale',
	title: 'Set the locale',
	why: 'Programs need to know that text is UTF-8. Without it Python and databases stumble over the first “é”, and every login prints “Setting locale failed”.',
	needs: ['system/ready'],
	options: z.object({
		locale: z
			.string()
			.regex(/^(C|[a-z]{2,3}_[A-Z]{2})\.UTF-8(@[a-z]+)?$/, 'A UTF-8 locale such as C.UTF-8, en_US.UTF-8 or de_AT.UTF-8')
			.default('C.UTF-8')
			.meta({title: 'Locale', description: 'The language and formats of programs on the box.', detail: true}),
	}),
	async check($) {
		const [path, environment, generated, locales] = await Promise.all([
			// Debian 13 made it a link to /etc/locale.conf.
			$`readlink -m /etc/default/locale`,
			$`cat /etc/default/locale`,
			$`locale -a`,
			$`command -v locale-gen`,
		]);
		return {
			path,
			language: /^LANG="?([^"\n]*)"?$/m.exec(environment)?.[1] ?? '',
			generated: generated.split('\n').map(plain),
			generator: locales !== '',
		};
	},
	done: (facts, options) => facts.language === options.locale && facts.generated.includes(plain(options.locale)),
	apply($, facts, options) {
		if (!facts.generated.includes(plain(options.locale))) {
			if (!facts.generator) $.packages(['locales']);
			const name = options.locale;
			$.line('/etc/locale.gen', `${name} UTF-8`, `^#?[[:space:]]*${name.replaceAll('.', '[.]')} UTF-8`);
			$`locale-gen`;
		}

		$.line(facts.path, `LANG=${options.locale}`, '^LANG=');
	},
	undo($, before, options) {
		$.restore(before.path);
		if (before.generated.includes(plain(options.locale))) return;
		$.restore('/etc/locale.gen');
		if (before.generator) $`locale-gen`;
		else $.removePackages();
	},
});

/** `locale -a` writes en_US.UTF-8 as en_US.utf8. */
function plain(name: string): string {
	return name.toLowerCase().replace('utf-8', 'utf8');
}
