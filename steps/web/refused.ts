import type {Conflict} from '../../source/contract/option.ts';
import type {Probe} from '../../source/contract/step.ts';

/**
 * An nginx that was here first and does not take its own sites: none can be added to them. Undefined where boxwizard has been at
 * work already: what is wrong with its own sites its steps put right.
 */
export async function refusedConflict($: Probe): Promise<Conflict | undefined> {
	const said =
		await $`if [ ! -d /var/lib/boxwizard ] && command -v nginx > /dev/null; then nginx -t -q 2>&1 || true; fi`;
	const [, reason] = /\[emerg\] (?:\d+#\d+: )?(.*)$/m.exec(said) ?? [];
	if (reason === undefined) return undefined;
	return {
		option: 'otherWebServer',
		what: `nginx on this box refuses its own sites: ${reason}.`,
		means:
			'It goes on with those that it has read before, would not start again, and takes no new one. Mend that first, until `nginx -t` on the box is content.',
		choices: {
			skip: 'it stays as it is; the new site and its certificate are left out, and the app answers on this box alone',
		},
	};
}
