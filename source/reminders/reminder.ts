import {type BoxDue, type Due, dayOf, daysWords, over, renewalWords} from '../contract/due.ts';

/** What a person is told once. */
export type Reminder = {
	/** What it is about and how near: equal ones are told once. */
	readonly key: string;
	/** One line. */
	readonly title: string;
	/** Some lines. */
	readonly body: string;
};

/** The reminders whose time has come, and that were not told yet. */
export function remindersOf(boxes: readonly BoxDue[], told: Readonly<Record<string, string>>): Reminder[] {
	const reminders = boxes.flatMap(box =>
		box.dues.flatMap(due => (due.reminder === undefined ? [] : [reminderOf(box, due, due.reminder)])),
	);
	return reminders.filter(({key}) => told[key] === undefined);
}

/** A certificate is known by its box and its end: the next one ends at another moment, and is told of anew. */
export function keyOf(box: Pick<BoxDue, 'host'>, {kind, on}: Pick<Due, 'kind' | 'on'>, threshold: number): string {
	return `${kind} ${box.host} ${on} ${threshold === over ? 'over' : threshold}`;
}

function reminderOf(box: BoxDue, due: Due, threshold: number): Reminder {
	return {key: keyOf(box, due, threshold), title: titleOf(box, due), body: bodyOf(box, due).join('\n')};
}

const subjects = {
	certificate: 'the certificate',
	registration: 'the domain',
	support: 'its system',
	reboot: '',
} as const;

function titleOf({label}: BoxDue, due: Due): string {
	if (due.kind === 'reboot') {
		const {asked} = due;
		return `${label}: a reboot ${asked === undefined ? daysWords(due) : `waited when the box was last asked, on ${dayOf(asked)}`}`;
	}

	const what = due.kind === 'support' ? due.what : subjects[due.kind];
	return due.days < 0 ? `${label}: ${what} is ${daysWords(due)}` : `${label}: ${what} ends in ${daysWords(due)}`;
}

function bodyOf(box: BoxDue, due: Due): string[] {
	if (due.kind === 'reboot') return rebootBody(box, due);
	const ends = `${due.what} ${due.days < 0 ? 'ended' : 'ends'} on ${dayOf(due.on)}.`;
	if (due.kind === 'support')
		return [ends, 'After that there are no security updates: plan the upgrade to the next release.'];
	if (due.kind === 'registration') return [ends, 'Renew it at your registrar, or the site goes with it.'];
	const gone = box.served.find(({seen}) => seen !== undefined);
	const renewal = renewalWords(box.renewal);
	return [
		ends,
		...(gone ? [`The box does not answer now (${gone.problem}); this was seen on ${dayOf(gone.seen ?? '')}.`] : []),
		...(renewal === '' ? [] : [`When last asked: ${renewal}.`]),
		`Renew it: boxwizard renewals renew ${box.host}`,
	];
}

/** No scheduler has the keys to ask the box: what it said last may be out of date. */
function rebootBody({host}: BoxDue, {on, asked}: Due): string[] {
	const next = `Reboot it: boxwizard restart ${host} box`;
	if (asked === undefined) return [`It waits since ${dayOf(on)}.`, next];
	return [`It had waited since ${dayOf(on)}. Whether it waits still: boxwizard renewals ${host}`, next];
}
