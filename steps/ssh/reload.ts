import type {Hand} from '../../source/contract/step.ts';

/** sshd writes it when it listens, anew after each reload, and takes it away when it ends. */
export const pidFile = '/run/sshd.pid';

/**
 * Has sshd read its files anew, and waits until it listens again: the command returns before, and for some 10 ms sshd
 * answers nobody. Sessions live on: its children are not stopped with it (KillMode=process).
 */
export function reloadSshd($: Hand, how: 'reload' | 'reload-or-restart' | 'try-reload-or-restart'): void {
	$`old=$(stat -c %y ${pidFile} 2>/dev/null || true); systemctl ${how} ssh.service
[ -z "$old" ] || timeout 5 bash -c 'until [ "$(stat -c %y "$0" 2>/dev/null)" != "$1" ]; do sleep 0.02; done' ${pidFile} "$old" || true`;
}
