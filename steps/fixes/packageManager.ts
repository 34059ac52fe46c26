import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';

/** Brings an installation that was cut off to its end (dpkg(1), --audit). */
export const finishPackages: Fix = fixOf({
	name: 'finish-packages',
	title: 'Finish the interrupted installation',
	why: 'Packages that were unpacked and not set up are set up now, and what they lack is installed.',
	check: async $ => ({
		audit: (await $`dpkg --audit; apt-get check > /dev/null 2>&1 || echo broken`)
			.split('\n')
			.filter(line => line !== '').length,
	}),
	done: ({audit}) => audit === 0,
	apply($) {
		$`mend_packages`;
		$`apt_get --fix-broken --no-install-recommends install`;
	},
	notUndone: 'Packages that were set up stay.',
});

/** Throws the lists of packages away and fetches them anew: they were caught in the middle of a change of the mirror. */
export const freshLists: Fix = fixOf({
	name: 'fresh-lists',
	title: 'Fetch the package lists anew',
	why: 'The lists that do not fit the packages of the mirror are thrown away and fetched again.',
	check: async $ => ({
		fresh: (await $`find /var/lib/apt/lists -name '*Release' -mmin -2 -print -quit | grep -q . && echo yes`) === 'yes',
	}),
	done: ({fresh}) => fresh,
	apply($) {
		$`rm -rf /var/lib/boxwizard/lists-read /var/lib/apt/lists/*; refresh_lists`;
	},
	notUndone: 'The lists are only a copy of what the mirror has.',
});
