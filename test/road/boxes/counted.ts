import {z} from 'zod';
import {defineStep} from '../../../source/contract/step.ts';

/** Lines of the toy step's log. */
export const countedLines = 8000;

/** A toy whose log is long, comes in bursts as that of a package manager does, and shows each gap and each line twice. */
export const counted = defineStep({
	id: 'toy/counted',
	title: 'Count',
	why: 'A toy. A log in which nothing can be missing unseen.',
	needs: ['system/ready'],
	options: z.object({}),
	check: $ => $`cat /srv/counted`,
	done: facts => facts === 'once',
	apply($) {
		$`awk ${program}`;
		$`echo once >> /srv/counted`;
	},
	undo($) {
		$`seq -f 'back %.0f' ${countedLines / 4}`;
		$.remove('/srv/counted');
	},
});

const program = `BEGIN {
	for (n = 0; n < 97; n++) bar = bar "="
	for (n = 1; n <= ${countedLines}; n++) {
		printf "%06d %s\\n", n, substr(bar, 1, n % 97)
		if (n % 100 == 0) { fflush(); system("sleep 0.03") }
	}
}`;
