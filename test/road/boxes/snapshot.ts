import type {PracticeBox} from '../../../source/practice/index.ts';

/** What a box is, line by line, so that two states can be compared: 'package nginx ii', '/etc/hosts 644 root:root <sha256>'. */
const script = `set +eu
dpkg-query -W -f='package \${Package} \${db:Status-Abbrev}\n'
dpkg-query -W -f='version \${Package} \${Version}\n'
conffiles=$(dpkg-query -W -f='\${Package}\${Conffiles}\n' | awk '/^[^ ]/ {package = $1; next} NF == 2 {print $1, $2, package}')
{ echo "$conffiles" | cut -d ' ' -f 1 | xargs -r md5sum 2> /dev/null; echo "$conffiles"; } |
	awk 'NF == 2 {now[$2] = $1; next} now[$1] == $2 {print "shipped", $3, $1}'
apt-mark showmanual | sed 's/^/manual /'
getent passwd | sed 's/^/user /'
getent group | sed 's/^/group /'
cut -d: -f1,2 /etc/shadow | sed 's/:[^!*].*/:set/; s/^/shadow /'
ss -Hltnu | awk '{print "port", $1, $5}' | sort -u
systemctl list-unit-files --no-legend --plain | awk '{print "unit", $1, $2}'
systemctl list-units --no-legend --plain --state=running | awk '{print "running", $1}' | grep -v 'session-\\|user@\\|user-'
sshd -T | sed 's/^/sshd /'
if command -v iptables-save > /dev/null; then iptables-save | grep -v '^#' | sed 's/^/rule /; s/ \\[[0-9:]*\\]$//'; fi
if command -v ip6tables-save > /dev/null; then ip6tables-save | grep -v '^#' | sed 's/^/rule6 /; s/ \\[[0-9:]*\\]$//'; fi
if command -v postconf > /dev/null; then postconf -n | sed 's/^/postfix /'; fi
hostname | sed 's/^/hostname /'
swapon --show=NAME --noheadings | sed 's/^/swap /'
folders=$(ls -d /etc /srv /opt /usr/local /root /home /var/www /var/spool/cron 2> /dev/null)
find $folders -xdev -printf 'file %p %m %u:%g %y %l\n'
find $folders -xdev -type f -exec sha256sum {} + | awk '{hash = $1; sub(/^[^ ]+ +/, ""); print "content", $0, hash}'
find /var/lib/systemd/timers -type f -printf 'stamp %f\n'
sed 's/^/ucf /' /var/lib/ucf/registry
find / /var/lib /var/log /var/cache /var/backups /run -xdev -maxdepth 1 -printf 'place %p\n'
exit 0
`;

/** Reads a box past ssh, as its console shows it. */
export async function snapshot(box: Pick<PracticeBox, 'console'>): Promise<ReadonlySet<string>> {
	const text = await box.console(script);
	return new Set(text.split('\n').filter(line => line !== ''));
}

/** Lines that say of what package a file is, and of what version that: they explain others, and are not compared. */
const explaining = /^(?:version|shipped) /;

/**
 * Whether a line differs because a package was upgraded in between: an image may be older than its newest packages. Only the content of
 * a conffile does so (or one that is new altogether), and only where it is byte for byte as the package ships it, dpkg's md5sums say.
 * @param before, after snapshots
 */
function broughtByUpgrade(before: ReadonlySet<string>, after: ReadonlySet<string>): (line: string) => boolean {
	const upgraded = new Set(
		[...after].flatMap(line => {
			const [, name] = /^version (\S+) /.exec(line) ?? [];
			const isOld = name !== undefined && [...before].some(old => old.startsWith(`version ${name} `));
			return isOld && !before.has(line) ? [name] : [];
		}),
	);
	const shipped = new Set(
		[...after].flatMap(line => {
			const [, name = '', path] = /^shipped (\S+) (.*)$/.exec(line) ?? [];
			return path !== undefined && upgraded.has(name) ? [path] : [];
		}),
	);
	const stood = new Set([...before].flatMap(line => /^content (?<path>.*) \S+$/.exec(line)?.groups?.path ?? []));
	const wasShipped = (path: string) => [...upgraded].some(name => before.has(`shipped ${name} ${path}`));
	return line => {
		const content = /^content (?<path>.*) \S+$/.exec(line)?.groups?.path;
		if (content !== undefined) return shipped.has(content) && (!stood.has(content) || wasShipped(content));
		const file = /^file (?<path>\S+) /.exec(line)?.groups?.path;
		return file !== undefined && shipped.has(file) && !stood.has(file);
	};
}

/** What is only in one of two snapshots, less the lines that `except` names, and what upgraded packages brought. */
export function difference(
	before: ReadonlySet<string>,
	after: ReadonlySet<string>,
	except: readonly RegExp[],
): string[] {
	const lines = [
		...[...before].filter(line => !after.has(line)).map(line => `- ${line}`),
		...[...after].filter(line => !before.has(line)).map(line => `+ ${line}`),
	];
	const brought = broughtByUpgrade(before, after);
	return lines
		.filter(line => !explaining.test(line.slice(2)) && !brought(line.slice(2)))
		.filter(line => !except.some(pattern => pattern.test(line.slice(2))))
		.sort();
}
