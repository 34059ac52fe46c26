import type {Hand} from '../../source/contract/step.ts';

/** Checked first; and then until its workers are new ones: the command itself returns before. */
export function reloadNginx($: Hand): void {
	$`nginx -t -q`;
	$`old=$(pgrep --newest --full '^nginx: worker process$' || true); systemctl reload nginx
timeout 20 bash -c 'until [ "$(pgrep --newest --full "^nginx: worker process$")" != "$1" ]; do sleep 0.05; done' bash "$old"`;
}
