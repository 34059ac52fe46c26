import {dotenvLine} from '../../../steps/app/dotenv.ts';
import {readSettings} from '../../../steps/app/ownVariables.ts';
import {joinLines, plainText, Secret} from '../../contract/secret.ts';
import type {AppSettings, Setting} from '../../contract/settings.ts';
import {type Session, Work} from '../../engine/session.ts';

/** The variables of an app as the box has them. @throws Trouble where the box can't be reached */
export async function settingsOf(session: Session, app: string): Promise<AppSettings> {
	const work = new Work(session);
	const events = work.steadily(() => readSettings(work.probe, app));
	for (;;) {
		const next = await events.next();
		if (next.done) return next.value;
	}
}

/** The person's own variables as the answer that holds them. An answer without any line would be none. */
export function variableLines(variables: readonly Setting[]): Secret {
	const lines = variables.map(({name, value}) => dotenvLine(name, value));
	return new Secret(plainText(joinLines(['# The person’s own variables.', ...lines])));
}
