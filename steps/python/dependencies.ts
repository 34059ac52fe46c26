import {z} from 'zod';
import {defineStep, type Hand, type Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {as, pathsOf, readRelease} from '../folders/paths.ts';
import {options} from '../options/shared.ts';
import {debianPackage, requirementNames} from './distribution.ts';

/** What is installed, as one digest: another requirements.txt, or anything installed or removed by hand, gives another. */
const digest =
	'{ cat requirements.txt; ls -d venv/lib/python3*/site-packages/*.dist-info 2>/dev/null || true; } | sha256sum | cut -c 1-64';

/** The app's Python packages, in a virtual environment of its release. */
export const dependencies = defineStep({
	id: 'app/dependencies',
	title: 'Python packages',
	why: 'What requirements.txt asks for, with gunicorn and the database driver, in a virtual environment of its own. The Python of the system stays as the distribution made it.',
	needs: ['services/packages', 'app/release'],
	options: z.object({
		app: options.app,
		user: options.user,
		database: options.database,
		queue: options.queue,
		pythonPackages: z.enum(['auto', 'pypi', 'distribution']).default('auto').meta({
			title: 'Python packages from',
			description: 'auto: from PyPI, or from the distribution where PyPI cannot be reached.',
			detail: true,
		}),
	}),
	packages: () => ['python3', 'python3-venv'],
	async check($, answers) {
		const {current, next} = pathsOf(answers.app);
		const [release, inRelease] = await Promise.all([
			readRelease($, answers.app),
			// A line each, and the requirements last: they may have any number.
			$`cd ${next} || cd ${current} || exit
pwd -P
printf '%s\\n' "$(head -n 1 venv/installed)" "$(test -x venv/bin/python && eval ${digest})"
cat requirements.txt`,
		]);
		const [cloned = '', stamp = '', found = '', ...lines] = inRelease.split('\n');
		const requirements = lines.join('\n');
		if (cloned !== '' && requirements === '') throw noRequirements(cloned);
		// A virtual environment that was never finished is begun anew: a power cut may have left it without pip, or half a package in it.
		const python = found !== '' && stamp.startsWith('pypi ');
		const facts = {release, python, installed: stamp, found, names: requirementNames(requirements)};
		if (isInstalled(facts, answers)) return {...facts, source: stamp.split(' ')[0] ?? ''};
		const source = await readSource($, answers.pythonPackages);
		if (source === 'distribution') await refuseUnknown($, facts.names);
		return {...facts, source};
	},
	done: (facts, answers) => isInstalled(facts, answers),
	apply($, {release, python, names, source}, answers) {
		const user = as(answers.user, release);
		const wanted = extras(answers);
		if (source === 'distribution') {
			$`echo 'The Python packages come from the distribution, in its versions: requirements.txt gives only their names.'`;
			$.packages([...new Set([...names, ...wanted].map(debianPackage))]);
			$`${user} python3 -m venv --clear --system-site-packages --without-pip venv`;
		} else {
			if (!python) $`${user} python3 -m venv --clear venv`;
			$.within(
				60,
			)`${user} venv/bin/python -m pip install --disable-pip-version-check --no-input --progress-bar off --requirement requirements.txt ${wanted}`;
		}

		stampRelease($, user, `${source} ${wanted.join(' ')}`);
	},
	undo($, before, {app}) {
		const {current, next} = pathsOf(app);
		if (before.installed === '') $`rm -rf ${next}/venv ${current}/venv`;
		$.removePackages();
	},
});

type Answers = {readonly database: string; readonly queue: string; readonly pythonPackages: string};

function extras({database, queue}: Answers): string[] {
	const drivers: Readonly<Record<string, readonly string[]>> = {mysql: ['pymysql'], postgresql: ['psycopg2-binary']};
	return ['gunicorn', 'python-dotenv', ...(drivers[database] ?? []), ...(queue === '' ? [] : ['rq', 'redis'])];
}

function isInstalled(facts: {installed: string; found: string}, answers: Answers): boolean {
	const sources = answers.pythonPackages === 'auto' ? ['pypi', 'distribution'] : [answers.pythonPackages];
	return sources.some(
		source => facts.found !== '' && facts.installed === `${source} ${extras(answers).join(' ')} ${facts.found}`,
	);
}

function stampRelease($: Hand, user: readonly string[], what: string): void {
	$`${user} bash -c ${`echo "${what} $(${digest})" > venv/installed`}`;
}

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

/** Whether that package index is reached. What stands in the way of a plain fetch (a proxy, a CA of its own) pip may know how to pass: it has the last word. */
async function readSource($: Probe, choice: string): Promise<string> {
	if (choice !== 'auto') return choice;
	const ask = ['--timeout', '5', '--retries', '0', '--disable-pip-version-check', 'index', 'versions', 'gunicorn'];
	const answer =
		await $`pip=$(ls /usr/share/python-wheels/pip-*.whl | tail -n 1); test -n "$pip" || exit; timeout 10 python3 -c ${reachIndex} "$pip" || timeout 20 python3 "$pip/pip" ${ask} >&2 || echo unreachable`;
	return answer === 'unreachable' ? 'distribution' : 'pypi';
}

async function refuseUnknown($: Probe, names: readonly string[]): Promise<void> {
	const known = await $`apt-cache show --no-all-versions ${names.map(debianPackage)} | sed -n 's/^Package: //p'`;
	const unknown = names.filter(name => !known.split('\n').includes(debianPackage(name)));
	if (known === '' || unknown.length === 0) return;
	throw new Trouble({
		what: `The distribution has no package for ${unknown.join(', ')}.`,
		means:
			'PyPI is out of reach from the box (or not wanted), and the distribution does not have all that requirements.txt asks for.',
		next: 'Give the box a way to PyPI (a proxy, or an index in /etc/pip.conf), or take these out of requirements.txt. Then try again.',
		evidence: unknown.map(name => `${name}: no ${debianPackage(name)}`),
		code: 'no-package',
	});
}

function noRequirements(folder: string): Trouble {
	return new Trouble({
		what: 'The repository has no requirements.txt at its top.',
		means: 'Without it nobody knows which packages the app needs, and it would not start.',
		next: 'On your machine: `pip freeze > requirements.txt`, commit, push. Then try again.',
		evidence: [`${folder}/requirements.txt`],
		code: 'no-requirements',
	});
}
