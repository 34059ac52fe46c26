import {z} from 'zod';
import {defineStep, type Hand} from '../../source/contract/step.ts';
import {options} from '../options/shared.ts';
import {reachesIndex} from './packageIndex.ts';

/** Its version, and the digests (SHA-256) of its wheels for x86_64 and aarch64, as PyPI has them. */
const version = '0.13.9';
const digests = [
	'd7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19',
	'5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe',
];

/** Processors, as uname(1) names them, that those wheels are for. */
const processors = ['x86_64', 'aarch64'];

/** Root's, and the same for all apps of the box. */
export const uvFolder = `/usr/local/lib/uv-${version}`;

/** Pythons that it has brought, for apps that ask for another than the distribution's: root's, and readable for all. */
export const pythonsFolder = '/usr/local/lib/uv-pythons';

/** uv, with what pip.conf says of the way to the package index: uv itself reads only its own settings. */
export const uvProgram = `${uvFolder}/run-uv`;

const pinned = `uv==${version} ${digests.map(digest => `--hash=sha256:${digest}`).join(' ')}\n`;

const program = `#!/usr/bin/python3 -I
import configparser, os, sys
settings = configparser.RawConfigParser(strict=False)
settings.read(['/etc/pip.conf', os.path.expanduser('~/.pip/pip.conf'), os.path.expanduser('~/.config/pip/pip.conf')])
names = {
    'index-url': ['UV_DEFAULT_INDEX'],
    'extra-index-url': ['UV_INDEX'],
    'trusted-host': ['UV_INSECURE_HOST'],
    'cert': ['SSL_CERT_FILE'],
    'proxy': ['HTTPS_PROXY', 'HTTP_PROXY'],
}
for name, variables in names.items():
    value = ' '.join(settings.get('global', name, fallback='').split())
    for variable in variables if value else []:
        os.environ.setdefault(variable, value)
# As pip does: the newest of all indexes, and the authorities that the box trusts.
os.environ.setdefault('UV_INDEX_STRATEGY', 'unsafe-best-match')
os.environ.setdefault('UV_SYSTEM_CERTS', '1')
os.execv('${uvFolder}/bin/uv', ['uv', *sys.argv[1:]])
`;

/** What a box says of uv: 'there', 'absent', 'none' (there is no wheel for its processor). For a probe's script. */
export const askForUv = `if [ -x ${uvProgram} ]; then echo there; else case $(uname -m) in ${processors.join('|')}) echo absent;; *) echo none;; esac; fi`;

/** Installs it, by the pip that python3-venv brings: Debian lets nobody install into its own Python. */
export function installUv($: Hand): void {
	$.file(`${uvFolder}/requirements.txt`, pinned);
	const pip = `exec python3 "$(ls /usr/share/python-wheels/pip-*.whl | tail -n 1)/pip" install --disable-pip-version-check --no-input --progress-bar off --no-cache-dir --no-deps --only-binary=:all: --require-hashes --upgrade --root-user-action ignore --target ${uvFolder} --requirement ${uvFolder}/requirements.txt`;
	$.within(10)`bash -c ${pip}`;
	// Last of all: what is there is complete.
	$.file(uvProgram, program, {mode: '0755'});
	// Those of earlier versions of boxwizard.
	$`find /usr/local/lib -maxdepth 1 -name ${'uv-[0-9]*'} ! -path ${uvFolder} -exec test -e ${'{}/run-uv'} ';' -exec rm -rf ${'{}'} +`;
}

/** What a box says of its apps: 'distribution', where there are some, and all have their packages from there. */
const askForSources = `if grep -hsm 1 '' /srv/*/current/venv/installed | grep -q '^distribution ' && ! grep -hsm 1 '' /srv/*/current/venv/installed | grep -q '^pypi '; then echo distribution; fi`;

/** uv, which installs the packages of Python apps: one for all of them. */
export const uv = defineStep({
	id: 'services/uv',
	title: 'uv',
	why: 'It installs the packages of Python apps, a few times as fast as pip, and reads the lock files of all package managers. Without it pip does what pip can.',
	service: 'uv',
	needs: ['services/packages'],
	options: z.object({services: options.services}),
	packages: () => ['python3', 'python3-venv'],
	wanted: ({services}) => services.includes('uv'),
	async check($) {
		const [found, sources] = (await $`eval ${askForUv}; eval ${askForSources}`).split('\n');
		// There is no asking the network for what nobody needs: it would be waited for at every look.
		const isReached = found !== 'absent' || (sources !== 'distribution' && (await reachesIndex($)));
		return {uv: found ?? 'absent', isReached};
	},
	// Where no package index is reached, apps get their packages from the distribution.
	done: ({uv, isReached}) => uv !== 'absent' || !isReached,
	apply($) {
		installUv($);
	},
	// Nobody else puts it there, so that what was found goes too: apps brought it before it was of the box.
	undo($) {
		$`rm -rf ${uvFolder} ${pythonsFolder}`;
	},
});
