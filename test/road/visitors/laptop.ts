import {execFileSync} from 'node:child_process';
import {realpathSync} from 'node:fs';
import {basename, dirname} from 'node:path';
import {fileURLToPath} from 'node:url';
import {quote} from '../../../source/contract/command.ts';
import {type PracticeBox, startPracticeBox} from '../../../source/practice/index.ts';

const dist = fileURLToPath(new URL('../../../dist', import.meta.url));
/** Where Node and the boxwizard that was just built lie on the laptop. */
const program = '/opt/boxwizard';

/** A person's own machine: a practice box with a user at it, Node, boxwizard, and a desktop that writes down what it shows. */
export type Laptop = {
	readonly box: PracticeBox;
	/** Runs a script as the person, in their home; answers its output, and its exit code where that isn't 0. */
	readonly as: (script: string) => Promise<string>;
	/** boxwizard, as the person runs it. */
	readonly boxwizard: (words: string) => Promise<string>;
	/** What the desktop has shown since the last time. */
	readonly shown: () => Promise<string>;
};

/** @param home a folder of journals (BOXWIZARD_HOME) that the person brings along */
export async function startLaptop(name: string, home: string): Promise<Laptop> {
	const box = await startPracticeBox({name, login: 'key', keep: false});
	await box.console(`useradd --create-home --shell /bin/bash jo
apt-get install --yes --quiet --no-install-recommends libpam-systemd > /dev/null 2>&1
mkdir -p ${program}
systemctl restart user@1000.service`);
	const node = realpathSync(process.execPath);
	copyTo(box, dirname(node), basename(node), program);
	copyTo(box, dirname(dist), basename(dist), program);
	copyTo(box, dirname(home), basename(home), '/home/jo/.config');
	await box.console(`chown -R jo: /home/jo/.config
cat > /usr/local/bin/notify-send <<'END'
#!/bin/sh
printf '%s\\n' "$@" >> /home/jo/shown
END
chmod 755 /usr/local/bin/notify-send`);
	const as = async (script: string) => {
		const printed = await box.console(
			`runuser -u jo -- env HOME=/home/jo XDG_RUNTIME_DIR=/run/user/1000 bash -c ${quote(`cd ~; ${script}`)} 2>&1 || echo "exit $?"`,
		);
		return printed.trimEnd();
	};
	return {
		box,
		as,
		boxwizard: async words => await as(`${program}/node ${program}/dist/boxwizard.js ${words}`),
		shown: async () => await as('cat shown 2> /dev/null; rm -f shown; true'),
	};
}

/** As scp would: by ssh, with the box's key. */
function copyTo(box: PracticeBox, folder: string, name: string, target: string): void {
	const options = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
	const ssh = ['ssh', '-i', box.rootKeyFile ?? '', ...options, `root@${box.address}`];
	const receive = `mkdir -p ${target} && tar -x -C ${target}`;
	const pipe = `tar -c -C ${quote(folder)} ${quote(name)} | ${ssh.map(quote).join(' ')} ${quote(receive)}`;
	execFileSync('bash', ['-o', 'pipefail', '-c', pipe]);
}
