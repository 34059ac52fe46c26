import type {Wizard} from '../../contract/ui/wizard.ts';

/** What a person is told before something ends, on this machine. */
export function remindersOf(): Pick<Wizard, 'reminders' | 'remind' | 'tryReminder'> {
	return {
		async reminders() {
			const {runProgram, scheduled} = await import('../../reminders/schedule/index.ts');
			const scheduler = await scheduled(runProgram);
			return scheduler && `${scheduler.name}, ${scheduler.when}`;
		},
		async remind(isWanted) {
			const {installReminders, removeReminders} = await import('../boxes/reminding.ts');
			if (isWanted) return `Its dates stand in ${(await installReminders()).calendar}: take it into your calendar once`;
			await removeReminders();
			return 'Nobody looks by the clock any more, and the calendar file is gone';
		},
		async tryReminder() {
			const {noWay, tryReminders} = await import('../boxes/reminding.ts');
			const tried = await tryReminders();
			const working = tried.filter(({works}) => works).map(({way}) => way);
			if (working.length === 0) throw noWay(tried);
			return `Sent by ${working.join(' and ')}: look whether it has arrived`;
		},
	};
}
