import type {BoxDue} from '../../contract/due.ts';
import {Trouble} from '../../contract/trouble.ts';
import {createRegistrations} from '../../outside/registration.ts';
import {createProbe} from '../../remote/probe.ts';
import {openMemory} from '../../renewals/memory.ts';
import {type OnBox, readOnBox} from '../../renewals/on-box.ts';
import {surveyDues, type Watched} from '../../renewals/survey.ts';
import {listJournals} from '../../state/journal.ts';
import {withSection} from '../../state/journal-state.ts';
import type {ConnectionOptions} from '../given/connection-options.ts';
import {askNobody} from '../terminal/ask-nobody.ts';
import {openSession} from './box-session.ts';

/** Milliseconds for the way into a box and its answer. */
const patience = 6000;

export type DuesOptions = {
	/** Asks the boxes themselves too, over ssh: what their timers say. */
	readonly ssh?: {readonly connection: ConnectionOptions};
	readonly tell?: (box: BoxDue) => void;
};

/** Looks at all dates of these boxes, remembers them, and gives the home screen its days. */
export async function lookAtDues(boxes: readonly Watched[], {ssh, tell}: DuesOptions): Promise<BoxDue[]> {
	const dues = await surveyDues(boxes, {
		memory: openMemory(),
		now: Date.now,
		registration: createRegistrations(),
		...(ssh && {ask: async box => await askBox(box, ssh.connection)}),
		...(tell && {tell}),
	});
	noteInJournals(dues);
	return dues;
}

/** Nobody is asked anything: a box that wants an answer first does not say. @throws Trouble */
async function askBox(box: Watched, connection: ConnectionOptions): Promise<OnBox> {
	const signal = AbortSignal.timeout(patience);
	try {
		const open = await openSession(box.target, askNobody({}), {...connection, signal}, () => undefined);
		try {
			return await readOnBox(createProbe(open.box));
		} finally {
			await open.box.close();
		}
	} catch (error) {
		if (!signal.aborted) throw error;
		throw new Trouble({
			what: `ssh does not answer within ${patience / 1000} s.`,
			means: 'Whether the box will renew by itself is not known.',
			next: `Look at it with: boxwizard check ${box.host}`,
			code: 'timeout',
		});
	}
}

/** The end of each app's certificate, as seen just now. */
function noteInJournals(dues: readonly BoxDue[]): void {
	const ends = new Map(
		dues.flatMap(({host, served}) =>
			served.flatMap(({name, certificate, seen}) =>
				certificate && seen === undefined ? [[`${host} ${name}`, certificate.expires] as const] : [],
			),
		),
	);
	for (const journal of listJournals()) {
		const {host, apps} = journal.read();
		for (const [app, {answers, certificateExpires}] of Object.entries(apps)) {
			const expires = ends.get(`${host} ${String(answers.domain)}`);
			if (expires !== undefined && expires !== certificateExpires) {
				journal.update(state => withSection(state, app, section => ({...section, certificateExpires: expires})));
			}
		}
	}
}
