import type {Cause} from '../../../source/contract/cause.ts';
import {freeDisk} from '../../fixes/disk.ts';

export const disk: Cause = {
	id: 'resources/disk',
	title: () => 'The disk of the box is full.',
	match: [/No space left on device|ENOSPC/, /disk is full|database or disk is full/, /^(?<path>\/\S*) is full$/],
	from: ['output', 'log', 'nginx', 'box'],
	look: async $ =>
		$`df --output=pcent,target / /var /tmp /srv 2>/dev/null | awk 'NR > 1 && $1 + 0 >= 100 {print $2 " is full"}' | sort -u`,
	means: () => 'Nothing can be written any more: no upload, no session, no line of a log, no row of a database.',
	next: () => 'See what takes the room: `du -xh / | sort -h | tail -n 20`.',
	fixes: () => [freeDisk],
};
