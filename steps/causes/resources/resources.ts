import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {freeDisk, oldReleases} from '../../fixes/disk.ts';
import {swap} from '../../system/swap.ts';

/** Of what the box has not enough. */
export const boxResources: readonly Cause[] = [
	{
		id: 'resources/memory',
		title: 'The box ran out of memory.',
		match: [
			/^code 137$/,
			/was sent SIGKILL! Perhaps out of memory\?/,
			/^Killed$|: line \d+: +\d+ Killed /,
			/^MemoryError(?::|$)/,
			/(?:Cannot allocate memory|ENOMEM\b)/,
			/oom-kill:|Out of memory: Kill(?:ed)? process|Memory cgroup out of memory|A process of this unit has been killed by the OOM killer|Failed with result 'oom-kill'/,
			/signal: 9, SIGKILL: kill.*(?:rustc|cc1)|(?:cc1(?:plus)?|g\+\+|gcc): fatal error: Killed signal terminated program/,
			/\bexit(?:ed with)? (?:code|status):? 137\b/,
			/WorkerLostError: Worker exited prematurely: signal 9 \(SIGKILL\)/,
			/eheap_alloc: Cannot allocate \d+ bytes of memory/,
			/npm ERR! .*signal SIGKILL|error Command failed with signal "SIGKILL"/,
		],
		over: ['process/slow', 'process/unit-failed', 'nginx/upstream-cut', 'node/npm-failed', 'process/gave-up'],
		means:
			'The kernel, or the program itself, gave up for want of memory. Small boxes need a swap file, and fewer workers.',
		next: 'Give the box more memory, or the app fewer workers (option “workers”).',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(swap, 'Add swap')] : []),
	},
	{
		id: 'resources/disk',
		title: 'The disk of the box is full.',
		match: [
			/[Oo]perating system error number 28\b/,
			/No space left on device|ENOSPC\b/,
			/disk is full|database or disk is full|You don't have enough free space in/,
			/^(?<path>\/\S*) is full$/,
			/\(Errcode: 28\b|OS errno 28\b|Disk quota exceeded/,
		],
		look: async $ =>
			$`df --output=pcent,target / /var /tmp /srv 2>/dev/null | awk 'NR > 1 && $1 + 0 >= 100 {print $2 " is full"}' | sort -u`,
		over: ['process/unit-failed', 'database/server-ended', 'node/npm-failed', 'python/build', 'services/redis-write'],
		means:
			'Nothing can be written any more: no upload, no session, no line of a log, no row of a database. Where there is room, it is inodes that are used up.',
		next: 'Take away what is big and not needed (old dumps, logs, uploads), or take a larger disk.',
		fixes: (_, app) => [freeDisk, ...oldReleases(app)],
	},
	{
		id: 'resources/open-files',
		title: 'The program has no more files or connections open than it may.',
		match: [
			/OSError: \[Errno 24\] Too many open files/,
			/EMFILE\b.*too many open files(?!, watch)/,
			/Accept error: .*emfile|\{error,emfile\}/,
			/^\S*: ?Too many open files$/,
		],
		means:
			'Each connection and file counts; the limit of a service is 1024 unless its unit says more (LimitNOFILE), and the code may not close what it opens.',
		next: 'See that the code closes files and connections; the limit can be raised in the unit.',
	},
	{
		id: 'resources/threads',
		title: 'No further thread or process can be started.',
		match: [
			/RuntimeError: can't start new thread/,
			/(?:fork|pthread_create|clone)(?:\(\))?: (?:retry: )?Resource temporarily unavailable/,
			/OpenBLAS blas_thread_init: pthread_create failed/,
			/BlockingIOError: \[Errno 11\] Resource temporarily unavailable/,
		],
		means: 'The limit of the user or the unit (TasksMax), or the memory, is used up.',
		next: 'Fewer workers and threads; or a bigger box.',
	},
	{
		id: 'resources/crash',
		title: 'Native code crashed.',
		match: [
			/Worker \(pid:\d+\) was sent SIGSEGV!/,
			/Fatal Python error: Segmentation fault/,
			/segfault at [0-9a-f]+ ip [0-9a-f]+/,
			/^Segmentation fault(?: \(core dumped\))?$/,
			/code=dumped, status=(?:11\/SEGV|6\/ABRT)/,
			/Illegal instruction/,
		],
		over: ['process/unit-failed', 'nginx/upstream-cut'],
		means:
			'A package with native parts does what no code in Python or JavaScript can do: its build does not fit the Python, the processor, or another library.',
		next: 'Raise that package to its newest release; on old processors take an older one (numpy, tensorflow).',
	},
];
