import type {Hand} from '../../source/contract/step.ts';

/** Takes a user and the group of the same name away. Cut off between the two files, userdel leaves the group: it goes then. */
export function removeAccount($: Hand, name: string, options: readonly string[] = []): void {
	$`if getent passwd ${name} > /dev/null; then userdel ${[...options, name]}; fi`;
	$`if getent group ${name} > /dev/null; then groupdel ${name}; fi`;
}
