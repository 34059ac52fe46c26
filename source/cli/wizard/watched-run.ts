import type {Catalogue} from '../../contract/kind.ts';
import type {Event, Reply, Summary} from '../../contract/ui/events.ts';
import type {Setup} from '../../contract/ui/setup.ts';
import {secretName} from '../../engine/run/complete.ts';
import {privateKeyFor} from '../../state/local-keys.ts';
import type {OpenSession} from '../boxes/box-session.ts';
import {planOf, secretsOf, withSetup} from '../plans/setup-plan.ts';

export async function remember({session, door}: OpenSession, catalogue: Catalogue, setup: Setup): Promise<void> {
	const {authorizedKeys} = setup.answers;
	if (Array.isArray(authorizedKeys)) door.identity ??= privateKeyFor(authorizedKeys.map(String));
	const identity = door.identity === undefined ? {} : {identity: door.identity};
	session.journal.update(state => ({...withSetup(catalogue, state, setup), ...identity}));
	const {steps} = planOf(catalogue, setup, session.journal.read());
	for (const [name, secret] of secretsOf(setup.answers)) await session.vault.set(secretName(steps, name), secret);
}

/** Passes a run on, and notes who the box lets in by now, and the answers of its set-up that are changed on the way. */
export async function* watched(
	open: OpenSession,
	catalogue: Catalogue,
	events: AsyncGenerator<Event, Summary, Reply>,
	attached: () => void,
	setup?: Setup,
): AsyncGenerator<Event, Summary, Reply> {
	const {session, box} = open;
	let noted: string | undefined;
	let answers = setup?.answers;
	let step = await events.next();
	try {
		while (!step.done) {
			if (noted !== box.user) noteLogin(session.journal, box.user);
			noted = box.user;
			if (step.value.type === 'running' && step.value.attached) attached();
			const reply = yield step.value;
			if (setup && reply?.answers) {
				answers = {...answers, ...reply.answers};
				await remember(open, catalogue, {...setup, answers});
			}

			step = await events.next(reply);
		}

		return step.value;
	} finally {
		await events.return({changed: [], inPlace: [], skipped: [], failed: [], seconds: 0});
		noteLogin(session.journal, box.user);
	}
}

function noteLogin(journal: OpenSession['session']['journal'], user: string): void {
	const state = journal.read();
	const admin = user === state.user ? undefined : user;
	if (state.admin === admin) return;
	journal.update(({admin: _before, ...rest}) => (admin === undefined ? rest : {...rest, admin}));
}
