import {type AppAnswers, readStatus} from '../../../steps/app/status.ts';
import type {WaitingUpdates} from '../../../steps/app/updates.ts';
import type {Catalogue} from '../../contract/kind.ts';
import type {BoxStatus} from '../../contract/status.ts';
import type {Session} from '../../engine/session.ts';
import {Work} from '../../engine/session.ts';
import {filledApps} from '../plans/derived.ts';

/** Looks how the box and its apps stand. One round trip. @throws Trouble where the box can't be reached */
export async function statusOf(catalogue: Catalogue, session: Session, waiting: WaitingUpdates): Promise<BoxStatus> {
	const state = session.journal.read();
	const apps = filledApps(catalogue, state) as readonly unknown[] as readonly AppAnswers[];
	const events = new Work(session).steadily(() => readStatus(new Work(session).probe, apps, waiting));
	for (;;) {
		const next = await events.next();
		if (next.done) return {...next.value, ...(state.checked && {checked: state.checked})};
	}
}
