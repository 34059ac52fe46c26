import {type Fix, fixOf} from '../../source/contract/fix.ts';

/** Megabytes that may stay. */
const journal = 64;
const cache = 20;

/** Throws away what is only kept for convenience: downloaded packages, and old pages of the journal. */
export const freeDisk: Fix = fixOf({
	name: 'free-disk',
	title: 'Make room on the disk',
	why: 'Downloaded packages and the oldest pages of the system journal are thrown away. Nothing of your app is touched.',
	check: async $ => {
		const answer = await $`du -sm /var/cache/apt/archives | cut -f 1; du -sm /var/log/journal | cut -f 1`;
		const [packages = '0', pages = '0'] = answer.split('\n');
		return {packages: Number(packages), pages: Number(pages)};
	},
	done: ({packages, pages}) => packages <= cache && pages <= journal * 2,
	apply($) {
		$`apt-get clean`;
		$`journalctl --rotate --vacuum-size=${`${journal}M`}`;
	},
	notUndone: 'What was thrown away can be downloaded again; old pages of the journal are gone.',
});
