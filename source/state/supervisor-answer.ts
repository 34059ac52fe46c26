import type {RawJournal} from './journal-versions.ts';

type Entries = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Entries =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Makes a journal of version 4 into one of version 5: what kept an app's programs running where nobody said so was
 * supervisor, and is systemd since. Pure. What is damaged stays as it is.
 */
export function spellOutSupervisor(raw: RawJournal): RawJournal {
	const {apps} = raw;
	return {
		...raw,
		version: 5,
		...(isObject(apps) && {
			apps: Object.fromEntries(Object.entries(apps).map(([name, app]) => [name, withAnswer(app)])),
		}),
	};
}

function withAnswer(app: unknown): unknown {
	if (!isObject(app) || !isObject(app.answers)) return app;
	return {...app, answers: {supervisor: 'supervisor', ...app.answers}};
}
