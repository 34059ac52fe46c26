import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import {pathsOf, readRelease} from '../../folders/paths.ts';
import type {Requirement} from '../../python/detection/dependencies/requirements.ts';
import {dependencies} from '../../python/packages/dependencies.ts';
import {debianPackage} from '../../python/packages/distribution.ts';
import {extras} from '../../python/packages/extras.ts';
import {installFile} from '../../python/packages/installing.ts';
import {namedPackages} from '../../python/packages/namedPackages.ts';
import {readReleaseFiles} from '../../python/packages/releaseFiles.ts';
import {askForUv, installUv} from '../../services/uv.ts';
import {atMost, linesOf, several} from '../words.ts';

/**
 * Only Python knows which markers hold here (PEP 508) and which versions are equal (PEP 440): it has both in the pip that
 * venv brings. Nothing of the app's own environment runs: root asks, and others may write there. What is no requirement
 * (options, paths, bare addresses) is passed over. Of the distribution, which has its own versions, the names count. A lock file
 * names what development and other systems need as well: of that, what is installed has its version.
 */
const compare = String.raw`
import json, re, sys
from contextlib import suppress
from glob import glob
from importlib.metadata import distributions

folder, lines, lock, ours, *files = sys.argv[1:]

def read(path):
    with suppress(OSError):
        return open(path, encoding='utf-8-sig', errors='replace').read()
    return ''

def installed(name):
    for found in distributions(name=name, path=folders):
        with suppress(Exception):  # a power cut may have left a folder without its metadata
            return found.version

def judge(requirement):
    name, wanted = requirement.name, requirement.specifier
    if requirement.marker and not requirement.marker.evaluate({'extra': '', **python}):
        return
    # Debian's psycopg2 is what psycopg2-binary brings.
    version = installed(name) or distribution and installed(name.removesuffix('-binary'))
    if not version:
        print('missing', name)
    elif not distribution and not wanted.contains(version, prereleases=True):
        print('different', name, re.sub('^==(?=[^,=]*$)', '', str(wanted)))

def locked(text):
    if lock.endswith('Pipfile.lock'):
        for name, entry in json.loads(text).get('default', {}).items():
            yield name, entry.get('version', '').removeprefix('==')
        return
    for entry in tomllib.loads(text).get('package', []):
        source = entry.get('source', {})
        if not {'editable', 'virtual', 'directory', 'path'} & {*source, source.get('type')}:
            yield entry.get('name', ''), entry.get('version', '')

distribution = 'packages = true' in read('venv/pyvenv.cfg')
folders = glob('venv/lib/python3*/site-packages') + (sys.path if distribution else [])
# The app's Python may be another than the one that compares.
made_of = re.search(r'^version(?:_info)? *= *((\d+\.\d+)\S*)', read('venv/pyvenv.cfg'), re.M)
python = {'python_version': made_of[2], 'python_full_version': made_of[1]} if made_of else {}
sys.path = glob('/usr/share/python-wheels/pip-*.whl') + sys.path
try:
    from pip._vendor.packaging.requirements import Requirement
    from pip._vendor.packaging.utils import canonicalize_name
    from pip._vendor.packaging.version import Version
except ImportError:
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name
    from packaging.version import Version
try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib
print('distribution' if distribution else 'pypi')
texts = [read(folder + '/' + file).replace('\\\n', '') for file in files]
for line in '\n'.join([lines, *texts]).splitlines():
    with suppress(ValueError):
        judge(Requirement(re.split(r'(?:^|\s)#|\s-', line)[0].strip()))
versions = {}
with suppress(ValueError, AttributeError, TypeError):
    for name, version in locked(read(folder + '/' + lock)) if lock and not distribution else ():
        versions.setdefault(canonicalize_name(name), []).append(version)
for name, wanted in versions.items():
    have = installed(name)
    with suppress(ValueError):
        if have and name not in ours.split() and Version(have) not in [Version(one) for one in wanted]:
            print('different', name, '/'.join(wanted))
`;

/** A requirement as pip reads it. Of poetry's and pipenv's ways to say a version only those that pip has too are taken. */
function lineOf({written, extras, specifier, marker, url}: Requirement): string {
	const isPlain = url === undefined && /^(?:(?:===?|!=|<=?|>=?|~=)[\w.*+!-]+,?)*$/.test(specifier);
	return `${written}${extras.length > 0 ? `[${extras.join(',')}]` : ''}${isPlain ? specifier : ''}${marker ? ` ; ${marker}` : ''}`;
}

/** A package that was added to the dependency file and never installed: the app dies at its next start. */
export const appPackages = defineExamination({
	id: 'app/packages',
	title: 'Python packages',
	options: dependencies.options,
	async look($, answers) {
		const {app, folder, dependencyFile} = answers;
		const {current, next} = pathsOf(app);
		const [release, tree] = await Promise.all([readRelease($, app), readReleaseFiles($, app, folder)]);
		const {file, files, requirements, isProject, isPoetry} = namedPackages(tree, dependencyFile);
		const lines = files.length > 0 ? [] : requirements.map(lineOf);
		const lock = file.endsWith('.lock') ? file : '';
		// These come beside the lock file, in the versions of the day.
		const ours = extras(answers).flatMap(one =>
			one.split('|').map(name => name.replace(/[[<>=!~].*/, '').toLowerCase()),
		);
		const [answer, uv] = await Promise.all([
			$`cd ${next} || cd ${current} || exec echo none; exec python3 -I -c ${compare} ${folder || '.'} ${lines.join('\n')} ${lock} ${ours.join(' ')} ${files}`,
			$`eval ${askForUv}`,
		]);
		const [[source] = [], ...found] = linesOf(answer).map(line => line.split(' '));
		if (source === undefined) throw silent();
		return {
			release,
			file,
			isProject,
			isPoetry,
			uv,
			distribution: source === 'distribution',
			missing: found.flatMap(([word, name = '']) => (word === 'missing' ? [name] : [])),
			different: found.flatMap(([word, name = '', version = '']) => (word === 'different' ? [{name, version}] : [])),
		};
	},
	judge({missing, different, release, file}) {
		if (missing.length + different.length === 0) return undefined;
		const found = missing.length + different.length;
		return {
			severity: missing.length > 0 ? 'bad' : 'warning',
			title: `${several(found, 'package')} of ${file} ${found === 1 ? 'is' : 'are'} not installed as it says`,
			means:
				missing.length > 0
					? 'The app dies at its next start: “No module named …”.'
					: 'The app runs with other versions than it was tried with.',
			evidence: atMost([
				...missing.map(name => `${name}: not in ${release}/venv`),
				...different.map(({name, version}) => `${name}: not ${version}`),
			]),
		};
	},
	fix: ({missing, release, distribution, file, isProject, isPoetry, uv}, {user, folder}) => ({
		title: 'Install what the app’s packages lack',
		why: `What ${file} names is installed into the app’s own environment. The app uses it from its next start on.`,
		apply($) {
			if (distribution) $.packages(missing.map(debianPackage));
			else {
				if (uv === 'absent') installUv($);
				installFile($, {user, release, folder, file, isPoetry, isProject, byUv: uv !== 'none', uvPython: ''});
			}
		},
		undo($) {
			$.removePackages();
		},
		notUndone: 'Python packages in the app’s own environment.',
	}),
});

function silent(): Trouble {
	return new Trouble({
		what: 'Python on the box could not compare what the app asks for with what is installed',
		means: 'Whether a package is missing is not known.',
		next: 'boxwizard setup HOST brings Python back, with its pip.',
		code: 'python-silent',
	});
}
