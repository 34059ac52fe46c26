import type {AppOnBox} from '../../source/contract/diagnosis/cause.ts';
import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';
import {rootOf} from './commands.ts';

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

/** Releases that may stay: the one that is served, and the two before it. */
const keptReleases = 3;

/** Throws older releases of the app away, with their packages; never the one that is served, one that is made ready, nor one that a slot still runs. */
export function oldReleases(app: AppOnBox): Fix[] {
	if (!app.isOwn) return [];
	const root = rootOf(app);
	return [
		fixOf({
			name: `old-releases-${app.name.toLowerCase().replaceAll('_', '-')}`,
			title: 'Throw older releases away',
			why: 'The release that is served and the two before it stay. Data and uploads lie elsewhere.',
			check: async $ => {
				const answer =
					await $`for link in current next slots/first/release slots/second/release; do readlink -e ${root}/$link || echo; done; ls -1d -- ${`${root}/releases`}/*/ | sed 's|/$||' | sort`;
				const [current = '', ...lines] = answer.split('\n');
				const linked = lines.slice(0, 3);
				const older = lines.slice(3).filter(path => path !== '' && path < current && !linked.includes(path));
				return {old: current === '' ? [] : older.slice(0, Math.max(0, older.length - keptReleases + 1))};
			},
			done: ({old}) => old.length === 0,
			apply($, {old}) {
				$`rm -rf -- ${old}`;
			},
			notUndone: 'Releases that were thrown away are gone; their code is still in git.',
		}),
	];
}
