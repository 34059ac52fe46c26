import type {Tree} from '../../../source/contract/detection.ts';
import type {Hand, Probe} from '../../../source/contract/step.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import {meets} from '../../reading/versions.ts';
import {pythonsFolder, uvProgram} from '../../services/uv.ts';
import {distributions, pythons} from '../detection/dependencies/markers.ts';
import type {Requirement} from '../detection/dependencies/requirements.ts';
import {likelyPython, readVersion} from '../detection/dependencies/version.ts';

/** The Python that an app asks for. */
export type AskedPython = {
	/** As it is written: '3.12.1', '>=3.12'. */
	readonly asked: string;
	/** Where that stands. */
	readonly from: string;
	/** The same without a patch, which is no reason: 3.11.4 runs on any 3.11. */
	readonly wanted: string;
};

/** @param given the answer `pythonVersion`; '' for what the release asks for. Undefined where nothing asks for one. */
export function askedPython(
	given: string,
	tree: Tree | undefined,
	requirements: readonly Requirement[],
): AskedPython | undefined {
	const found = tree && readVersion(tree, requirements);
	const [asked, from] = given === '' ? [found?.asked ?? '', found?.from ?? ''] : [given, 'the answer “Python”'];
	if (asked === '') return undefined;
	return {asked, from, wanted: /^\d+\.\d+\.\d+/.test(asked) ? minorOf(asked) : asked};
}

/** '3.11' of '3.11.2', also with words around it. */
export const minorOf = (version: string) => /\d+\.\d+/.exec(version)?.[0] ?? '';

/** Whether a Python is what is asked for. @param version '3.11.2', also with words around it; one that nothing says fits */
export function fits(version: string, python: AskedPython | undefined): boolean {
	const [number] = /\d+\.\d+(?:\.\d+)?/.exec(version) ?? [];
	if (number === undefined || python === undefined) return true;
	return meets(minorOf(number), python.wanted) || meets(number, python.wanted);
}

/** Which of those that uv has it is made of: '3.12'; undefined where there is none. */
export function fromUv({asked, from, wanted}: AskedPython): string | undefined {
	const fitting = pythons.filter(one => meets(one, wanted));
	return fitting.length === 0 ? undefined : likelyPython({asked, from, fitting});
}

/** For the environment of uv: where the Pythons are that it has brought. */
export const installFolder = `UV_PYTHON_INSTALL_DIR=${pythonsFolder}`;

/** Asks for the first byte of an address, by the way that pip.conf names. With 'any' whatever answers there will do. */
const reach = `
import configparser, os, sys, urllib.error, urllib.request
settings = configparser.RawConfigParser(strict=False)
settings.read(['/etc/pip.conf', os.path.expanduser('~/.pip/pip.conf'), os.path.expanduser('~/.config/pip/pip.conf')])
proxy = settings.get('global', 'proxy', fallback='')
opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({'http': proxy, 'https': proxy})] if proxy else []))
try:
    opener.open(urllib.request.Request(sys.argv[2], headers={'Range': 'bytes=0-0'}), timeout=10).close()
except urllib.error.HTTPError:
    if sys.argv[1] != 'any': raise
print('reached')
`;

/**
 * Hosts that uv takes its Pythons from: the first, or where it fails the second (docs.astral.sh/uv, “Python versions”). Asked before uv is there
 * to name the very address.
 */
const hosts = ['https://releases.astral.sh/', 'https://github.com/'];

/** Where the box itself may name other places: then only uv knows. */
const uvSettings = '/etc/uv/uv.toml';

/**
 * How such a Python can be had on this box: 'there', 'reached' (its download is), or 'unreachable' with the address that was asked.
 * @param uv whether uv is there
 */
export async function findPython($: Probe, version: string, uv: boolean): Promise<string> {
	if (!uv)
		return await $`if [ -e ${uvSettings} ]; then echo reached; exit; fi
for host in ${hosts}; do if timeout 20 python3 -c ${reach} any "$host"; then exit; fi; done
echo ${`unreachable ${hosts[0]}`}`;
	const list = ['python', 'list', '--only-downloads', '--output-format', 'json', `cpython@${version}`];
	return await $`if [ -n "$(find ${pythonsFolder} -maxdepth 1 -name ${`cpython-${version}-*`})" ]; then echo there; exit; fi
url=$(env -C / ${installFolder} timeout 20 ${uvProgram} ${list} | grep -o '"url":"[^"]*"' | head -n 1 | cut -d '"' -f 4)
timeout 20 python3 -c ${reach} exact "$url" || echo "unreachable $url"`;
}

/** Brings it, for all apps: uv compares its digest with the one that it has in itself. */
export function installPython($: Hand, version: string): void {
	$.within(
		20,
	)`env -C / ${installFolder} UV_NO_PROGRESS=1 ${uvProgram} python install --no-cache --no-bin ${`cpython@${version}`}`;
	// uv leaves a lock file that everybody may write.
	$`chmod -R go-w ${pythonsFolder}`;
}

/**
 * @param has as `python3 --version` says it
 * @param why the rest of “The distribution has no other Python, and …”
 * @param remedy what would bring it about, a sentence; '' for nothing
 */
export function otherPython(python: AskedPython, has: string, why: string, remedy = ''): Trouble {
	const {asked, from, wanted} = python;
	const [version = has] = /\d+\.\d+\.\d+/.exec(has) ?? [];
	const fitting = Object.entries(distributions).flatMap(([one, name]) =>
		meets(one, wanted) ? [`${name} (${one})`] : [],
	);
	return new Trouble({
		what: `The app asks for Python ${asked}, and the box has ${version}.`,
		means: `${from} says so. The distribution has no other Python, and ${why}. Nothing of the app was built.`,
		next: `${remedy}${fitting.length > 0 ? `${remedy === '' ? 'Take' : ' Or take'} a box with ${fitting.join(' or ')}, or, if` : `${remedy === '' ? '' : ' '}No distribution that boxwizard knows has it. If`} the app runs with ${minorOf(version)} too, change ${from}, or answer “Python” with ${minorOf(version)}. Then try again.`,
		evidence: [`${from}: ${asked}`, `python3: ${version}`],
		code: 'python-version',
	});
}
