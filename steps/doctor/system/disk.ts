import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';

/** Per cent in use from which a file system is worth a word, and from which writing fails any day. */
const [much, full] = [90, 97];

/** File systems that are read-only and full by nature, or the kernel's own. */
const passedOver = ['squashfs', 'iso9660', 'erofs', 'efivarfs', 'udf', 'devtmpfs'].flatMap(type => ['-x', type]);

/** A full disk stops databases first, then mail, then everything. Inodes run out before bytes where files are many and small. */
export const systemDisk = defineExamination({
	id: 'system/disk',
	title: 'Room on the disks',
	options: z.object({}),
	async look($) {
		const answer = await $`df --local ${passedOver} --output=pcent,ipcent,avail,iavail,target`;
		const rows = answer
			.split('\n')
			.slice(1)
			.flatMap(line => {
				const [bytes = '', inodes = '', free = '', freeInodes = '', ...rest] = line.trim().split(/\s+/);
				const path = rest.join(' ');
				// Folders of the host that a container is lent are the host's affair.
				if (path === '' || path.startsWith('/run/host')) return [];
				return [
					{path, bytes: percent(bytes), inodes: percent(inodes), free: Number(free), freeInodes: Number(freeInodes)},
				];
			});
		return {tight: rows.filter(row => Math.max(row.bytes, row.inodes) >= much)};
	},
	judge({tight}) {
		if (tight.length === 0) return undefined;
		const worst = Math.max(...tight.map(row => Math.max(row.bytes, row.inodes)));
		return {
			severity: worst >= full ? 'bad' : 'warning',
			title: `${tight.map(({path}) => path).join(' and ')} ${tight.length === 1 ? 'is' : 'are'} ${worst >= full ? 'full' : 'nearly full'}`,
			means: 'When nothing can be written any more the database stops first, then mail, then the app.',
			evidence: tight.map(row =>
				row.bytes >= row.inodes
					? `${row.path}: ${row.bytes} % in use, ${megabytes(row.free)} MB left`
					: `${row.path}: ${row.inodes} % of its inodes in use, ${row.freeInodes} left (many small files)`,
			),
			next: '`du -xh / | sort -h | tail -n 20` on the box shows what is big.',
		};
	},
	fix: ({tight}) =>
		tight.some(({path, bytes}) => bytes >= much && ['/', '/var', '/var/log', '/var/cache'].includes(path))
			? {
					title: 'Free what can be fetched again',
					why: 'Downloaded packages and journals older than two weeks go. If that is not enough, it says so.',
					apply($) {
						$`apt-get clean`;
						$`journalctl --vacuum-time=14d --vacuum-size=200M`;
					},
					notUndone: 'Journals that were deleted. Packages are downloaded again when they are needed.',
				}
			: undefined,
});

/** 0 where the file system counts none ('-'). */
const percent = (text: string): number => Number.parseInt(text, 10) || 0;
const megabytes = (kilobytes: number): number => Math.round(kilobytes / 1024);
