import type {PracticeBox} from '../../../source/practice/index.ts';

/** What the box itself keeps of a job: in which order they came, and how each ended (lost: it never did). */
export type KeptJob = {readonly id: string; readonly step: string; readonly exit: number | 'lost'};

/** Steps whose job may run again although it had ended well, and why. No other may. */
export const mayRunAgain: Readonly<Record<string, string>> = {
	'system/ready': 'waits for others and mends what they left: as often as there is something',
	'ssh/hardening': 'a change of the door that no fresh login has proven is taken back by the guard',
	'firewall/ufw': 'a change of the door that no fresh login has proven is taken back by the guard',
};

/** The box's own journal of jobs, oldest first. */
export async function keptJobs(box: Pick<PracticeBox, 'console'>): Promise<KeptJob[]> {
	const text = await box.console(`cd /var/lib/boxwizard/jobs
for job in *; do
	step=$(sed -nE 's#^step_state=/var/lib/boxwizard/(box|apps/[^/]+)/##p' "$job/script" | head -n 1)
	echo "$job \${step:-unknown} $(cat "$job/exit" 2>/dev/null || echo lost)"
done`);
	return text
		.trim()
		.split('\n')
		.map(line => {
			const [id = '', step = '', exit = ''] = line.trim().split(/\s+/);
			return {id, step, exit: exit === 'lost' ? 'lost' : Number(exit)};
		});
}

/** As many as the box keeps: of older ones nothing can be said. */
const mostKept = 50;

/**
 * In words, what ran although it must not have: again after it had ended well, or in vain.
 * @param disturbed steps that something else than their own job has touched in this walk: these may run again as well
 */
export function wrongJobs(jobs: readonly KeptJob[], disturbed: readonly string[] = []): string[] {
	if (jobs.length >= mostKept) return ['the box has forgotten its first jobs: take fewer points'];
	return jobs.flatMap(({id, step, exit}, index) => {
		const before = jobs.slice(0, index).some(other => other.step === step && other.exit === 0);
		return [
			...(before && !(step in mayRunAgain) && !disturbed.includes(step)
				? [`${step} ran again (${id}) after it had ended well`]
				: []),
			...(exit !== 0 && exit !== 'lost' ? [`${step} ended with ${exit} (${id})`] : []),
		];
	});
}
