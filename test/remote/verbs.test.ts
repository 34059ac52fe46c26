import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {quote} from '../../source/contract/command.ts';
import type {Hand} from '../../source/contract/step.ts';
import {record} from '../../source/remote/recorder.ts';
import {body, verbs} from '../../source/remote/script.ts';
import {ToyBox} from '../fixtures/toy-box.ts';

let box: ToyBox;
let count = 0;

beforeAll(async () => {
	box = await ToyBox.open();
});
afterAll(async () => box.close());

/** Bash lines on the box, in a folder of their own, stopping at the first failure. Answers what they print, and their exit code. */
async function play(lines: string): Promise<string> {
	count += 1;
	const {code, stdout} = await box.run(`set -euo pipefail
step_state=/var/lib/boxwizard/box/toy/${count}
${verbs()}
mkdir /srv/${count}; cd /srv/${count}; here=/srv/${count}
${lines}`);
	return code === 0 ? stdout : `${stdout}exit ${code}\n`;
}

type Case = readonly [name: string, lines: string, printed: string];

const look = `look() { stat -c '%a %U:%G' "$1"; cat "$1"; }`;
const left = 'left() { find . -name ".*" ! -name . ; }';

const files: Case[] = [
	['content, mode and owner', `put_file 0640 root:games $here/a <<< one; look a`, '640 root:games\none\n'],
	['no newline at the end', `put_file -n 0644 root:root $here/a <<< one; look a; echo .`, '644 root:root\none.\n'],
	['nothing at all', `put_file -n 0644 root:root $here/a < /dev/null; look a`, '644 root:root\n'],
	[
		'set-user-id outlives the change of owner',
		`put_file 4755 games:games $here/a <<< x; look a`,
		'4755 games:games\nx\n',
	],
	[
		'new folders above, plain, whatever they are called',
		`put_file 0644 root:root "$here/a b/'c\\/\\$d" <<< x; stat -c '%a %U %n' 'a b'; ls 'a b'`,
		"755 root a b\n'c\\\n",
	],
	[
		'names that begin with a dash or hold a newline',
		`put_file 0644 root:root "$here/-a"$'\\n'b <<< x; cat -- -a*`,
		'x\n',
	],
	[
		'a link is replaced, not written through',
		`echo old > t; ln -s t a; put_file 0644 root:root $here/a <<< x; cat t; look a`,
		'old\n644 root:root\nx\n',
	],
	[
		'what a power cut left of an earlier attempt is gone',
		`echo half > .a.boxwizard-x1Y2z3; echo own > .a.backup; put_file 0644 root:root $here/a <<< x; ls -A`,
		'.a.backup\na\n',
	],
	[
		'a folder in its place stops it, and nothing is left behind',
		`mkdir a; (put_file 0644 root:root $here/a <<< x 2>/dev/null) || echo no; ls -A`,
		'no\na\n',
	],
	[
		'an unknown owner stops it, and the old file stays',
		`echo old > a; (put_file 0644 nobody-knows:root $here/a <<< x 2>/dev/null) || echo no; look a; left`,
		'no\n644 root:root\nold\n',
	],
	[
		'a full disk stops it: the old file stays whole, and nothing is left behind',
		`cd /srv/full; echo old > a; (head -c 100000 /dev/zero | put_file 0644 root:root /srv/full/a 2>/dev/null) || echo no; cat a; ls -A`,
		'no\nold\na\n',
	],
	[
		'a file that can’t be kept is not touched',
		`echo old > a; mkdir -p $step_state; mount -t tmpfs -o size=4k,nr_inodes=1 toy $step_state; (put_file 0644 root:root $here/a <<< x 2>/dev/null) || echo no; cat a; umount $step_state`,
		'no\nold\n',
	],
];

const lines: Case[] = [
	['a new file', `set_line $here/a 'x y'; look a`, '644 root:root\nx y\n'],
	[
		'a new last line, also where the last one has no newline',
		`printf 'a\\nb' > a; set_line $here/a c; cat a`,
		'a\nb\nc\n',
	],
	[
		'the first that matches, and only it',
		`printf 'k 1\\nk 2\\n' > a; set_line $here/a 'k 3' '^k '; cat a`,
		'k 3\nk 2\n',
	],
	[
		'nothing where it stands already, though another matches first',
		`printf 'k 1\\nk 2\\n' > a; set_line $here/a 'k 2' '^k '; cat a`,
		'k 1\nk 2\n',
	],
	['a line is taken as it is', String.raw`set_line $here/a 'a\tb & \1 $HOME "'; cat a`, 'a\\tb & \\1 $HOME "\n'],
	[
		'a pattern with classes and escapes',
		String.raw`printf '#  x.y\n' > a; set_line $here/a new '^#?[[:space:]]*x[.]y'; cat a`,
		'new\n',
	],
	[
		'mode and owner stay',
		`echo a > a; chmod 0600 a; chown games:games a; set_line $here/a b; look a`,
		'600 games:games\na\nb\n',
	],
	['an owner without a name', `echo a > a; chown 4321:4322 a; set_line $here/a b; stat -c %u:%g a`, '4321:4322\n'],
	[
		'through a link: the target’s mode, not the link’s',
		`echo a > t; chmod 0640 t; ln -s t a; set_line $here/a b; look a`,
		'640 root:root\na\nb\n',
	],
	[
		'no temporary file, also when it fails',
		`export TMPDIR=$here; set_line $here/a x; mkdir d; (set_line $here/d x 2>/dev/null) || echo no; ls -A`,
		'no\na\nd\n',
	],
];

const links: Case[] = [
	['new', `put_link $here/a/b target; readlink a/b`, 'target\n'],
	[
		'in the place of a link to a folder',
		`mkdir d e; ln -s d a; put_link $here/a e; readlink a; ls -A d e`,
		'e\nd:\n\ne:\n',
	],
	[
		'though a crash left one half-made',
		`put_link $here/a one; ln -s x .a.boxwizard; put_link $here/a two; readlink a; left`,
		'two\n',
	],
	[
		'a folder stays, and nothing is left behind',
		`mkdir a; (put_link $here/a x 2>/dev/null) || echo no; ls -A`,
		'no\na\n',
	],
];

const back: Case[] = [
	[
		'content, mode, owner and time',
		`echo old > a; chmod 0640 a; chown games:games a; touch -d @1 a; put_file 0644 root:root $here/a <<< x; restore_file $here/a; look a; stat -c %Y a`,
		'640 games:games\nold\n1\n',
	],
	[
		'the first original, however often it was changed',
		`echo old > a; for i in 1 2 3; do put_file 0644 root:root $here/a <<< $i; done; restore_file $here/a; cat a`,
		'old\n',
	],
	[
		'gone where there was none, also after a second change',
		`put_file 0644 root:root $here/a <<< 1; put_file 0644 root:root $here/a <<< 2; restore_file $here/a; ls -A`,
		'',
	],
	[
		'a link as a link, also a dangling one',
		`ln -s nowhere a; put_file 0644 root:root $here/a <<< x; restore_file $here/a; readlink a`,
		'nowhere\n',
	],
	['a file that was taken away', `echo old > a; take_away $here/a; ls -A; restore_file $here/a; cat a`, 'old\n'],
	['taking away what is not there is no fault', `take_away $here/a; restore_file $here/a; ls -A`, ''],
	['a line-edited file', `printf 'a' > a; set_line $here/a b; restore_file $here/a; cat a; echo .`, 'a.\n'],
	['what was never touched stays', `echo mine > a; restore_file $here/a; cat a`, 'mine\n'],
	[
		'twice is once',
		`echo old > a; put_file 0644 root:root $here/a <<< x; restore_file $here/a; echo new > a; restore_file $here/a; cat a`,
		'new\n',
	],
	[
		'into a folder that is gone',
		`mkdir d; echo old > d/a; take_away $here/d/a; rmdir d; restore_file $here/d/a; cat d/a`,
		'old\n',
	],
	['new folders go with it', `put_file 0644 root:root $here/d/e/a <<< x; restore_file $here/d/e/a; ls -A`, ''],
	[
		'a new folder with something else in it stays',
		`put_file 0644 root:root $here/d/e/a <<< x; echo mine > d/b; restore_file $here/d/e/a; find d`,
		'd\nd/b\n',
	],
	[
		'a folder that was there stays, though empty',
		`mkdir d; put_file 0644 root:root $here/d/a <<< x; restore_file $here/d/a; ls -A`,
		'd\n',
	],
	[
		'a folder made anew by others later stays',
		`put_file 0644 root:root $here/d/a <<< x; restore_file $here/d/a; mkdir d; restore_file $here/b; ls -A`,
		'd\n',
	],
	[
		'with a full disk the changed file stays whole, and its original is kept',
		`cd /srv/full; rm -f *; head -c 40000 /dev/zero > a; put_file 0644 root:root /srv/full/a <<< new; head -c 60000 /dev/zero > b 2>/dev/null || true; (restore_file /srv/full/a 2>/dev/null) || echo no; cat a; rm b; restore_file /srv/full/a; wc -c < a; ls -A`,
		'no\nnew\n40000\na\n',
	],
	[
		'a half-kept original of a crash is no original',
		`echo old > a; mkdir -p $step_state/original$here; ln -s /srv/trap $step_state/original$here/a.keeping; put_file 0644 root:root $here/a <<< x; restore_file $here/a; cat a; ls /srv/trap 2>/dev/null || true`,
		'old\n',
	],
];

describe.each([
	['put_file', files],
	['set_line', lines],
	['put_link', links],
	['restore_file', back],
] as const)('%s', (_, cases) => {
	test.each(cases)('%s', async (_name, text, printed) => {
		expect(await play(`${look}\n${left}\n${text}`)).toBe(printed);
	});
});

describe('guard_state', () => {
	test('keeps what stood when the guard was armed, beside the first original', async () => {
		const printed = await play(`${look}
echo first > a; put_file 0644 root:root $here/a <<< second
guard_state=$here/kept; mkdir kept
put_file 0644 root:root $here/a <<< third; put_file 0644 root:root $here/d/b <<< new
(step_state=$here/kept; restore_file $here/a; restore_file $here/d/b); cat a; ls -d d 2>/dev/null || true
restore_file $here/a; cat a`);
		expect(printed).toBe('second\nfirst\n');
	});

	test('without set -e, as in a revert, a failed copy does not lose the original', async () => {
		const printed = await play(`set +e +o pipefail; cd /srv/full; rm -f *; head -c 40000 /dev/zero > c
put_file 0644 root:root /srv/full/c <<< new; head -c 60000 /dev/zero > b 2>/dev/null
restore_file /srv/full/c 2>/dev/null; cat c; rm b; restore_file /srv/full/c; wc -c < c`);
		expect(printed).toBe('new\n40000\n');
	});
});

describe('service', () => {
	test('starts with enabling, and stops with disabling', async () => {
		await play('service enable a.service; service disable b.timer; service reload c');
		const calls = (await box.peek('grep -v boxwizard /run/toy/calls')).split('\n');
		expect(calls).toEqual([
			'systemctl is-enabled --quiet -- a.service',
			'systemctl is-active --quiet -- a.service',
			'systemctl enable --now --quiet -- a.service',
			'systemctl disable --now --quiet -- b.timer',
			'systemctl reload -- c',
			'',
		]);
	});

	test('what is enabled and runs is left alone', async () => {
		await play(
			`echo 'sleep 20' > work; systemd-run --unit=b.service -p StandardOutput=append:/dev/null "$here/work"; : > /run/toy/calls; service enable b.service`,
		);
		expect(await box.peek('cat /run/toy/calls')).not.toContain('systemctl enable');
	});
});

describe('one unit takes the ports of another', () => {
	/** Units as files that say whether they run and start with the box; `fails` names one that can't start. */
	const units = (fails: string) => `rm -rf units; mkdir units; cd units; : > old.running; : > old.enabled
systemctl() {
	local unit=\${*: -1}
	case $1 in
		is-active) [ -e "$unit.running" ] ;;
		is-enabled) [ -e "$unit.enabled" ] ;;
		enable) : > "$unit.enabled"; case " $* " in *' --now '*) systemctl start "$unit" ;; esac ;;
		disable) rm -f "$unit.enabled"; case " $* " in *' --now '*) rm -f "$unit.running" ;; esac ;;
		start | restart) [ "$unit" != "${fails}" ] && : > "$unit.running" ;;
		stop) rm -f "$unit.running" ;;
	esac
}`;

	test('it gives way for good, and has it all back when that is undone', async () => {
		const printed = await play(`${units('')}
hand_over stop new old; ls; echo -; hand_over stop new old; hand_back new old; ls; hand_back new old; ls`);
		expect(printed).toBe('new.enabled\nnew.running\n-\nold.enabled\nold.running\nold.enabled\nold.running\n');
	});

	test('where the new one can’t start, the old one runs on, and no two start with the box', async () => {
		const printed = await play(`${units('new')}
put_file 0644 root:root "$PWD/site" <<< mine; hand_over stop new old || echo "failed"; ls`);
		expect(printed).toBe(
			'new could not take over: what ran before is started again.\nfailed\nold.enabled\nold.running\n',
		);
	});

	test('one that only moves is not disabled', async () => {
		expect(await play(`${units('')}\nhand_over restart new old; ls`)).toBe(
			'new.enabled\nnew.running\nold.enabled\nold.running\n',
		);
	});

	test('a unit that can’t be started is not left to start with the box', async () => {
		expect(await play(`${units('new')}\nservice enable new || echo failed; ls`)).toBe(
			'failed\nold.enabled\nold.running\n',
		);
	});
});

describe('rendered operations', () => {
	const applied = async (act: (hand: Hand) => void, after: string) => play(`${body(record(act)).join('\n')}\n${after}`);

	test('odd paths, owners and lines arrive as they were given', async () => {
		const path = `/srv/it's "odd" $HOME \`x\` \\ é/a b`;
		const printed = await applied(
			$ => {
				$.folder(`${path} folder`, {mode: '0750', owner: 'games:games'});
				$.file(path, 'END\nEND_\n$HOME `x` \\\n', {mode: '0600'});
				$.line(path, `it's & "that" \\n`);
				$.link(`${path} link`, path);
			},
			`stat -c '%a %U' ${quote(`${path} folder`)} ${quote(path)}; cat ${quote(`${path} link`)}`,
		);
		expect(printed).toBe(`750 games\n600 root\nEND\nEND_\n$HOME \`x\` \\\nit's & "that" \\n\n`);
	});

	test('the whole of a pipeline or list is fed, not its last command', async () => {
		const printed = await applied($ => {
			$.input('one\ntwo\n')`read -r first; cat | tr a-z A-Z; echo $first`;
			$.input('END\n')`cat -`;
		}, '');
		expect(printed).toBe('TWO\none\nEND\n');
	});
});

describe('within', () => {
	test('ends what hangs, with all that it has started, and says so', async () => {
		// On a busy machine its time may be over before it has started anything: then it gets another chance.
		const printed = await play(`until [ -s child ]; do
	code=0; within 0.005 bash -c 'sleep infinity & echo $! > child; wait' > said || code=$?
done
cat said; echo "$code"; while kill -0 "$(cat child)" 2> /dev/null; do sleep 0.01; done; echo gone`);
		expect(printed).toBe('It had not come to an end after 0.005 minutes, and was ended.\n124\ngone\n');
	});

	test('leaves alone what comes to its end, however it ends', async () => {
		expect(await play(`within 1 echo 'a b'; code=0; within 1 bash -c 'exit 3' || code=$?; echo "$code"`)).toBe(
			'a b\n3\n',
		);
		expect(await play(`code=0; within 1 bash -c 'kill -KILL $$' 2> /dev/null || code=$?; echo "$code"`)).toBe('137\n');
	});
});

describe('apt_get', () => {
	/** A program that holds the lock of apt's archives as apt does, from when it has written `held` until `release` is there. */
	const holder = `mount -t tmpfs toy /var/cache/apt; mkdir /var/cache/apt/archives
holder() {
	python3 -c 'import fcntl, os, time
lock = open("/var/cache/apt/archives/lock", "w")
fcntl.lockf(lock, fcntl.LOCK_EX)
open("held", "w")
while not os.path.exists("release"): time.sleep(0.05)' &
	until [ -e held ]; do sleep 0.05; done
}
without_pid() { sed -E 's/^(\\S+) \\([0-9]+\\)/\\1 (PID)/'; }`;
	const locked = async (lines: string) => await play(`${holder}\n${lines}\ntouch release; wait; umount /var/cache/apt`);

	test('waits for the lock of the archives, and names who holds it', async () => {
		const printed = await locked(`holder
apt_get clean > said &
until grep -q waiting said; do sleep 0.05; done
touch release; wait $! && echo done; without_pid < said`);
		expect(printed).toBe('done\npython3 (PID) is at work on the packages: waiting for it\n');
	});

	test('waits too where somebody takes it after the look', async () => {
		const printed = await locked(`holder
eval "looked_$(declare -f package_lock_holders)"
package_lock_holders() { if [ -e looked ]; then looked_package_lock_holders; else touch looked; fi; }
apt_get clean > said &
until grep -q waiting said; do sleep 0.05; done
touch release; wait $! && echo done; without_pid < said | tail -n 1`);
		expect(printed).toBe('done\npython3 (PID) is at work on the packages: waiting for it\n');
	});

	test('waits no longer than it says, and ends nobody', async () => {
		const printed = await locked(`holder
package_patience=0; code=0; apt_get clean > said || code=$?; without_pid < said
kill -0 %1 && echo "$code, and it is still there"`);
		expect(printed).toBe(
			'python3 (PID) has held /var/cache/apt/archives/lock for 0 minutes: it is waited for no longer\n100, and it is still there\n',
		);
	});
});
