import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import {as, pathsOf, readRelease} from '../../folders/paths.ts';
import {options} from '../../options/shared.ts';
import {dependencies} from '../../python/packages/dependencies.ts';
import {debianPackage} from '../../python/packages/distribution.ts';
import {atMost, linesOf, several} from '../words.ts';

/**
 * Only Python knows which markers hold here (PEP 508) and which versions are equal (PEP 440): it has both in the pip that
 * venv brings. Nothing of the app's own environment runs: root asks, and others may write there. What is no requirement
 * (options, paths, bare addresses) is passed over. Of the distribution, which has its own versions, the names count.
 */
const compare = String.raw`
import re, sys
from contextlib import suppress
from glob import glob
from importlib.metadata import distributions

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
    if requirement.marker and not requirement.marker.evaluate({'extra': ''}):
        return
    # Debian's psycopg2 is what psycopg2-binary brings.
    version = installed(name) or distribution and installed(name.removesuffix('-binary'))
    if not version:
        print('missing', name)
    elif not distribution and not wanted.contains(version, prereleases=True):
        print('different', name, re.sub('^==(?=[^,=]*$)', '', str(wanted)))

distribution = 'packages = true' in read('venv/pyvenv.cfg')
folders = glob('venv/lib/python3*/site-packages') + (sys.path if distribution else [])
sys.path = glob('/usr/share/python-wheels/pip-*.whl') + sys.path
try:
    from pip._vendor.packaging.requirements import Requirement
except ImportError:
    from packaging.requirements import Requirement
print('distribution' if distribution else 'pypi')
for line in read('requirements.txt').replace('\\\n', '').splitlines():
    with suppress(ValueError):
        judge(Requirement(re.split(r'(?:^|\s)#|\s-', line)[0].strip()))
`;

/** A package that was added to requirements.txt and never installed: the app dies at its next start. */
export const appPackages = defineExamination({
	id: 'app/packages',
	title: 'Python packages',
	options: z.object({app: options.app, user: options.user, pythonPackages: dependencies.options.shape.pythonPackages}),
	async look($, {app}) {
		const {current, next} = pathsOf(app);
		const [release, answer] = await Promise.all([
			readRelease($, app),
			$`cd ${next} || cd ${current} || exec echo none; exec python3 -I -c ${compare}`,
		]);
		const [[source] = [], ...found] = linesOf(answer).map(line => line.split(' '));
		if (source === undefined) throw silent();
		return {
			release,
			distribution: source === 'distribution',
			missing: found.flatMap(([word, name = '']) => (word === 'missing' ? [name] : [])),
			different: found.flatMap(([word, name = '', version = '']) => (word === 'different' ? [{name, version}] : [])),
		};
	},
	judge({missing, different, release}) {
		if (missing.length + different.length === 0) return undefined;
		const found = missing.length + different.length;
		return {
			severity: missing.length > 0 ? 'bad' : 'warning',
			title: `${several(found, 'package')} of requirements.txt ${found === 1 ? 'is' : 'are'} not installed as it says`,
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
	fix: ({missing, release, distribution}, answers) => ({
		title: 'Install what requirements.txt names',
		why: 'They are installed into the app’s own environment. The app uses them from its next start on.',
		apply($) {
			if (distribution) $.packages(missing.map(debianPackage));
			else
				$.within(
					60,
				)`${as(answers.user, release)} venv/bin/python -m pip install --disable-pip-version-check --no-input --progress-bar off --requirement requirements.txt`;
		},
		undo($) {
			$.removePackages();
		},
		notUndone: 'Python packages in the app’s own environment.',
	}),
});

function silent(): Trouble {
	return new Trouble({
		what: 'Python on the box could not compare requirements.txt with what is installed',
		means: 'Whether a package is missing is not known.',
		next: 'boxwizard setup HOST brings Python back, with its pip.',
		code: 'python-silent',
	});
}
