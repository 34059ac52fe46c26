import type {Memory} from '../renewals/memory.ts';
import type {Reminder} from './reminder.ts';

/** One way to a person: answers why it can't be gone, or nothing when it was. */
export type Way = {
	readonly name: 'desktop' | 'mail';
	readonly tell: (reminder: Pick<Reminder, 'title' | 'body'>) => Promise<string | undefined>;
};

export type TellOptions = {
	readonly ways: readonly Way[];
	readonly memory: Memory;
	readonly now: () => number;
	readonly print: (line: string) => void;
	/** Whether a person reads what is printed. */
	readonly isRead: boolean;
};

/** How a reminder has reached the person. */
export type Told = {readonly reminder: Reminder; readonly by: Way['name'] | 'print' | 'nothing'};

/**
 * Tells each reminder by the first way that works; where none does it is printed. What has reached nobody is tried again at the
 * next check, all else is told once.
 */
export async function tell(reminders: readonly Reminder[], options: TellOptions): Promise<Told[]> {
	const told: Told[] = [];
	for (const reminder of reminders) {
		const by = (await firstWay(reminder, options.ways)) ?? (options.isRead ? 'print' : 'nothing');
		if (by === 'print' || by === 'nothing') for (const line of linesOf(reminder)) options.print(line);
		if (by !== 'nothing') remember(reminder, options);
		told.push({reminder, by});
	}

	return told;
}

async function firstWay(reminder: Reminder, ways: readonly Way[]): Promise<Way['name'] | undefined> {
	for (const way of ways) if ((await way.tell(reminder)) === undefined) return way.name;
	return undefined;
}

export function linesOf({title, body}: Pick<Reminder, 'title' | 'body'>): string[] {
	return [`! ${title}`, ...body.split('\n').map(line => `  ${line}`)];
}

/** Days after which it is forgotten what was told: the longest certificates live 398 days. */
const toldDays = 500;

function remember({key}: Reminder, {memory, now}: TellOptions): void {
	const moment = new Date(now()).toISOString();
	const oldest = new Date(now() - toldDays * 86_400_000).toISOString();
	memory.update(before => ({
		...before,
		told: Object.fromEntries([...Object.entries(before.told).filter(([, at]) => at > oldest), [key, moment]]),
	}));
}
