import type {Hand} from '../../source/contract/step.ts';

/** Takes a user and the group of the same name away, whatever still runs as it. @param options of userdel(8) */
export function removeAccount($: Hand, name: string, options: readonly '--remove'[] = []): void {
	$`remove_account ${[name, ...options]}`;
}
