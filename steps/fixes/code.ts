import type {AppOnBox} from '../../source/contract/diagnosis/cause.ts';
import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';
import {backups} from '../folders/paths.ts';
import {asOwner, rootOf} from './commands.ts';

/** Ways back to code that worked: as it was committed, where it was edited on the box; else the release before. */
export function earlierCode(app: AppOnBox): Fix[] {
	return [committedCode(app), previousRelease(app)];
}

function committedCode(app: AppOnBox): Fix {
	return fixOf({
		name: 'committed-code',
		title: 'Take the code as it was committed',
		why: `Files of ${app.folder} were edited on the box. They become again what git has; the edits are kept in ${backups}.`,
		check: async $ => {
			const answer =
				await $`owner=$(stat -c %U -- ${app.folder}/.); echo "$owner"; date -u +%Y%m%dT%H%M%S; runuser -u "$owner" -- git -C ${app.folder} diff --name-only --diff-filter=MD HEAD`;
			const [owner = 'root', now = '', ...changed] = answer.split('\n');
			return {owner, now, changed: changed.filter(Boolean)};
		},
		done: ({changed}) => changed.length === 0,
		apply($, {owner, now, changed}) {
			$.folder(backups, {mode: '0700'});
			$`${asOwner(owner, app.folder)} git diff --binary HEAD -- ${changed} > ${patch(app, now)}`;
			$`${asOwner(owner, app.folder)} git checkout --quiet HEAD -- ${changed}`;
		},
		undo($, {owner, now}) {
			const apply = [...asOwner(owner, app.folder), 'git', 'apply'];
			// Where they stand again already, an earlier undo was cut off behind it.
			$`${apply} --reverse --check < ${patch(app, now)} 2> /dev/null || ${apply} < ${patch(app, now)}`;
		},
	});
}

const patch = ({name}: AppOnBox, now: string) => `${backups}/${name}-edits-${now}.patch`;

function previousRelease(app: AppOnBox): Fix {
	const root = rootOf(app);
	return fixOf({
		name: 'previous-release',
		title: 'Go back to the release before',
		why: 'The release that was served before this one is still there, with its packages. The database stays as it is.',
		check: async $ => {
			const answer =
				await $`readlink -e ${`${root}/current`}; readlink -e ${`${root}/live`} || echo; ls -1d -- ${`${root}/releases`}/*/venv | sed 's|/venv$||' | sort`;
			const [current = '', slot = '', ...releases] = answer.split('\n');
			const previous = releases.filter(path => path !== '' && path < current).at(-1) ?? '';
			return {current, previous, link: slot === '' ? `${root}/current` : `${slot}/release`};
		},
		done: ({current, previous}) => previous === '' || current !== app.release,
		apply($, {link, previous}) {
			$.link(link, previous);
		},
		undo($, {link, current}) {
			$.link(link, current);
		},
	});
}
