import type {Probe} from '../../source/contract/step.ts';

/** Fetches one small page of the package index that pip is configured for, without the two seconds that pip takes for it. */
const reachIndex = `
import configparser, os, sys, urllib.request
sys.path.insert(0, sys.argv[1])
from pip._internal.models.index import PyPI
settings = configparser.RawConfigParser()
settings.read(['/etc/pip.conf', os.path.expanduser('~/.pip/pip.conf'), os.path.expanduser('~/.config/pip/pip.conf')])
url = settings.get('global', 'index-url', fallback=PyPI.simple_url)
urllib.request.urlopen(url.rstrip('/') + '/gunicorn/', timeout=5).read(1)
`;

/** Whether the package index that pip is configured for is reached. What stands in the way of a plain fetch (a proxy, a CA of its own) pip may know how to pass: it has the last word. */
export async function reachesIndex($: Probe): Promise<boolean> {
	const ask = ['--timeout', '5', '--retries', '0', '--disable-pip-version-check', 'index', 'versions', 'gunicorn'];
	const answer =
		await $`pip=$(ls /usr/share/python-wheels/pip-*.whl | tail -n 1); test -n "$pip" || exit; timeout 10 python3 -c ${reachIndex} "$pip" || timeout 20 python3 "$pip/pip" ${ask} >&2 || echo unreachable`;
	return answer !== 'unreachable';
}
