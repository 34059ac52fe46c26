import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import type {Probe} from '../../../source/contract/step.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import {options} from '../../options/shared.ts';
import {atMost, linesOf, several} from '../words.ts';

/** Seconds a message may wait: greylisting lets it wait for minutes. */
const patience = 4 * 3600;
/** Waiting messages that are too many, however young. */
const many = 20;

/** Mail that can't go out waits for five days, and is then thrown away. */
export const mailQueue = defineExamination({
	id: 'mail/queue',
	title: 'Mail that waits',
	options: z.object({mail: options.mail}),
	look: ($, {mail}) => readQueue($, mail),
	judge({waiting, oldest, reasons}) {
		if (waiting < many && oldest < patience) return undefined;
		return {
			severity: 'warning',
			title: `${several(waiting, 'message waits', 'messages wait')} in the mail queue`,
			means:
				'They do not arrive: password resets, and what the box writes to you. After five days they are thrown away.',
			evidence: [`the oldest has waited for ${Math.round(oldest / 60)} min`, ...atMost(reasons)],
			next: 'Many providers block port 25: then send through a relay (boxwizard setup HOST, Outgoing mail).',
		};
	},
	fix: (_facts, answers) => ({
		title: 'Try to send them now',
		why: 'postfix tries each of them once more. What still can’t go out stays, with its reason.',
		apply($) {
			$`postqueue -f`;
			$`timeout 30 bash -c 'until [ -z "$(find /var/spool/postfix/active /var/spool/postfix/incoming -type f -print -quit)" ]; do sleep 0.2; done' || true`;
		},
		notUndone: 'Mail that was sent.',
		async verify($) {
			const {waiting, oldest, reasons} = await readQueue($, answers.mail);
			if (waiting < many && oldest < patience) return;
			throw new Trouble({
				what: `${several(waiting, 'message')} still can’t go out.`,
				means: 'They were tried again, and refused or not answered again.',
				next: 'Read the reasons below. Many providers block port 25: then send through a relay.',
				evidence: reasons,
				code: 'mail-stuck',
			});
		},
	}),
});

/** How much waits, for how long, and why. */
async function readQueue($: Probe, mail: string) {
	if (mail === 'none') return {waiting: 0, oldest: 0, reasons: []};
	const [queue, now] = await Promise.all([$`postqueue -j | head -n 2000`, $`date +%s`]);
	const messages = linesOf(queue).flatMap(line => readMessage(line) ?? []);
	const count = new Map<string, number>();
	for (const {reason} of messages) count.set(reason, (count.get(reason) ?? 0) + 1);
	return {
		waiting: messages.length,
		oldest: Math.max(0, ...messages.map(({arrived}) => Number(now) - arrived)),
		reasons: [...count]
			.sort((one, other) => other[1] - one[1])
			.map(([reason, number]) => `${number} × ${reason}`)
			.slice(0, 5),
	};
}

/** One line of `postqueue -j`. */
function readMessage(line: string): {arrived: number; reason: string} | undefined {
	type Message = {arrival_time?: number; recipients?: {delay_reason?: string}[]};
	try {
		const message = JSON.parse(line) as Message;
		const [recipient] = message.recipients ?? [];
		return {arrived: message.arrival_time ?? 0, reason: (recipient?.delay_reason ?? 'being sent').slice(0, 160)};
	} catch {
		return undefined;
	}
}
