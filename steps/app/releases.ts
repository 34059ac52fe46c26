import type {Release} from '../../source/contract/release.ts';
import type {Probe} from '../../source/contract/step.ts';
import {as, pathsOf} from '../folders/paths.ts';

/** Releases that are told of at most: an honest box keeps a handful. */
const most = 50;

/** A line each: its name, 'live' or '-', 'whole' or '-', its commit and the first line of that. */
const list = `live=$(readlink -e "$1")
for one in $(ls -1 | grep -E '^[0-9]{8}T[0-9]{6}$' | sort -r | head -n ${most}); do
	is=-; if [ "$one" -ef "$live" ]; then is=live; fi
	whole=-; if [ -e "$one/venv/installed" ]; then whole=whole; fi
	echo "$one $is $whole $(git -C "$one" log -1 --format='%H %s' 2> /dev/null)"
done`;

/** The releases of an app that lie on the box, the newest first. */
export async function readReleases($: Probe, app: string, user: string): Promise<readonly Release[]> {
	const {releases, current} = pathsOf(app);
	return releasesIn(await $`${as(user, releases)} bash -c ${list} bash ${current}`);
}

/** Pure. */
export function releasesIn(answer: string): readonly Release[] {
	return answer.split('\n').flatMap(line => {
		const [, name, live, whole, id, title = ''] =
			/^(\d{8}T\d{6}) (live|-) (whole|-) ([0-9a-f]{40,64})(?: (.*))?$/.exec(line) ?? [];
		if (name === undefined || id === undefined) return [];
		return [{name, id, title: title.slice(0, 200), isLive: live === 'live', isWhole: whole === 'whole'}];
	});
}
