import {readSettings, readSettingsScript} from '../../../steps/app/ownVariables.ts';
import {dotenvLine} from '../../../steps/reading/dotenv.ts';
import {joinLines, plainText, Secret} from '../../contract/secret.ts';
import type {AppSettings, Setting} from '../../contract/settings.ts';
import {Trouble} from '../../contract/trouble.ts';
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

/** The whole .env of an app, byte for byte. @param ask what a command on the box prints @throws Trouble where there is none */
export async function dotenvOf(ask: (command: string) => Promise<string>, app: string): Promise<string> {
	const encoded = await ask(readSettingsScript(app));
	if (encoded.trim() !== '') return Buffer.from(encoded, 'base64').toString('utf8');
	throw new Trouble({
		what: `${app} has no .env on this box yet.`,
		means: 'There are no settings to show or to change. Nothing was done.',
		next: 'Finish its set-up: boxwizard setup HOST',
		code: 'no-environment',
	});
}

/** The person's own variables as the answer that holds them. An answer without any line would be none. */
export function variableLines(variables: readonly Setting[]): Secret {
	const lines = variables.map(({name, value}) => dotenvLine(name, value));
	return new Secret(plainText(joinLines(['# The person’s own variables.', ...lines])));
}
