import {z} from 'zod';
import {defineStep, type Hand, type Probe} from '../../../source/contract/step.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import {as, pathsOf, readRelease} from '../../folders/paths.ts';
import {buildPackages, folder, runPackages} from '../../options/detectedOptions.ts';
import {options} from '../../options/shared.ts';
import {reachesIndex} from '../../services/packageIndex.ts';
import {askForUv, installUv} from '../../services/uv.ts';
import {markerHolds} from '../detection/dependencies/markers.ts';
import {databaseScheme, dependencyFile, extraPackages, pythonVersion, serverInterface} from '../options.ts';
import {debianPackage} from './distribution.ts';
import {extras, firstOf} from './extras.ts';
import {
	type Installation,
	installFile,
	installLacking,
	isForPip,
	makeEnvironment,
	reuseEnvironment,
} from './installing.ts';
import {
	type AskedPython,
	askedPython,
	findPython,
	fits,
	fromUv,
	installPython,
	minorOf,
	otherPython,
} from './interpreter.ts';
import {namedPackages} from './namedPackages.ts';
import {digestFunctions, readReleaseFiles} from './releaseFiles.ts';

/** The app's Python packages, in a virtual environment of its release. */
export const dependencies = defineStep({
	id: 'app/dependencies',
	title: 'Python packages',
	why: 'What the app’s lock file, requirements or pyproject.toml ask for, with a server and the database driver, in a virtual environment of its own. The Python of the system stays as the distribution made it.',
	needs: ['services/packages', 'app/release'],
	options: z.object({
		app: options.app,
		user: options.user,
		database: options.database,
		queue: options.queue,
		folder,
		dependencyFile,
		extraPackages,
		pythonVersion,
		serverInterface,
		databaseScheme,
		buildPackages,
		runPackages,
		pythonPackages: z.enum(['auto', 'pypi', 'distribution']).default('auto').meta({
			title: 'Python packages from',
			description: 'auto: from PyPI, or from the distribution where PyPI cannot be reached.',
			detail: true,
		}),
	}),
	packages: ({runPackages}) => ['python3', 'python3-venv', ...runPackages],
	async check($, answers) {
		const {app, folder, dependencyFile} = answers;
		const [link, tree, inRelease, box] = await Promise.all([
			readRelease($, app),
			readReleaseFiles($, app, folder),
			$`${look} ${folder || '.'} ${dependencyFile} ${pathsOf(app).current} ${pathsOf(app).next}`,
			$`python3 --version || echo; eval ${askForUv}`,
		]);
		const [cloned = '', madeOf = '', stamp = '', digest = '', live = '', liveStamp = '', liveMadeOf = ''] =
			inRelease.split('\n');
		const [version = '', uv = 'absent'] = box.split('\n');
		const named = namedPackages(tree, dependencyFile);
		const asked = askedPython(answers.pythonVersion, tree, named.requirements);
		// One of another Python is as good as none.
		const found = fits(madeOf, asked) ? digest : '';
		const file = named.file || (answers.extraPackages.length > 0 ? 'none' : '');
		const {isProject, isPoetry} = named;
		const facts = {
			release: cloned || link,
			file,
			isProject,
			isPoetry,
			// A virtual environment that was never finished is begun anew: a power cut may have left it without pip, or half a package in it.
			python: found !== '' && stamp.startsWith('pypi '),
			installed: stamp,
			found,
			/** Those that its Python installs: an export names what Windows needs as well. */
			names: named.requirements
				.filter(({marker}) => marker === undefined || markerHolds(marker, minorOf(version)))
				.map(({written}) => written),
			/** The live release, where its environment is what this one wants. */
			reuse: found === '' && fits(liveMadeOf, asked) && isStampOf(answers, ['pypi'], liveStamp.trim()) ? live : '',
			uv,
			/** The version of the Python that uv brings for it; '' for the distribution's. */
			uvPython: '',
			hasUvPython: false,
		};
		if (isInstalled(facts, answers)) return {...facts, source: stamp.split(' ')[0] ?? ''};
		if (tree && (file === '' || (file !== 'none' && file !== '../uv.lock' && !tree.has(file))))
			throw noRequirements(facts.release, file);
		const source = facts.reuse === '' ? await readSource($, answers.pythonPackages) : 'pypi';
		const other =
			asked && facts.reuse === '' && !fits(version, asked) ? await readOther($, asked, {version, source, uv}) : {};
		if (source === 'distribution') await refuseUnknown($, [...facts.names, ...extras(answers).map(firstOf)]);
		else if (uv === 'none' && !isForPip(file)) throw noUv(file);
		return {...facts, ...other, source};
	},
	done: (facts, answers) => isInstalled(facts, answers),
	apply($, facts, answers) {
		const {release, python, names, source, file, isPoetry, isProject, reuse, uv, uvPython, hasUvPython} = facts;
		const {user, folder, buildPackages} = answers;
		const wanted = extras(answers);
		const installation: Installation = {
			user,
			release,
			folder,
			file,
			isPoetry,
			isProject,
			byUv: uv !== 'none',
			uvPython,
		};
		if (source === 'distribution') {
			$`echo 'The Python packages come from the distribution, in its versions: the app’s own files give only their names.'`;
			$.packages([...new Set([...names, ...wanted.map(firstOf)].map(debianPackage))]);
			$`${as(user, release)} python3 -m venv --clear --system-site-packages --without-pip venv`;
		} else if (reuse !== '') {
			$`echo 'The same packages as those of the release that runs: its environment is taken over.'`;
			reuseEnvironment($, installation, reuse);
		} else {
			// A deploy has no steps of the box, and a newer boxwizard another uv.
			if (uv === 'absent') installUv($);
			if (uvPython !== '') {
				$`echo ${`Python ${uvPython} comes from uv: the distribution has another. Its security updates are not the distribution’s.`}`;
				if (!hasUvPython) installPython($, uvPython);
			}

			if (buildPackages.length > 0) $.packages(buildPackages);
			if (!python) makeEnvironment($, installation);
			installFile($, installation);
			installLacking($, installation, wanted);
			if (buildPackages.length > 0) takeOff($, release, buildPackages);
		}

		const stamp = `${source} ${wanted.map(firstOf).join(' ')}`;
		$`${as(user, release)} bash -c ${`${digestFunctions}\necho "$1 $(digest "$2" "$3")" > venv/installed`} bash ${stamp} ${folder || '.'} ${answers.dependencyFile}`;
	},
	undo($, before, {app}) {
		const {current, next} = pathsOf(app);
		if (before.installed === '') $`rm -rf ${next}/venv ${current}/venv`;
		$.removePackages();
	},
});

type Answers = Parameters<typeof extras>[0] & {readonly pythonPackages: string};

/** Run in a release: its path, the stamp of its environment and what that should be; then the live release and its stamp, if its environment is right for this one. */
const look = [
	'bash',
	'-c',
	`${digestFunctions}
cd "$4" 2>/dev/null || cd "$3" || exit
release=$(pwd -P); live=$(readlink -e "$3")
made_of() { sed -nE 's/^version(_info)? *= *//p' "$1/venv/pyvenv.cfg" | head -n 1; }
printf '%s\n' "$release" "$(made_of .)" "$(head -n 1 venv/installed)" "$(test -x venv/bin/python && digest "$1" "$2")"
if [ -z "$live" ] || [ "$live" = "$release" ] || [ ! -x "$live/venv/bin/python" ]; then exit; fi
# Folders of the repository that are installed (PEP 610): a copy is that of an older release, and what is only linked to may ask for other packages by now.
for url in "$live"/venv/lib/python3*/site-packages/*.dist-info/direct_url.json; do
	folder=$(sed -n 's|.*"url": *"file://\\([^"]*\\)".*|\\1|p' "$url" 2>/dev/null)
	if [ -z "$folder" ]; then continue; fi
	if [ ! -d "$folder" ] || ! grep -q '"editable": *true' "$url"; then exit; fi
	for file in pyproject.toml setup.py setup.cfg; do
		own="$release\${folder#"$live"}/$file"
		if ! { cmp -s "$folder/$file" "$own" || [ ! -e "$folder/$file" -a ! -e "$own" ]; }; then exit; fi
	done
done
mine=$(contents "$1" "$2" | sha256sum)
cd "$live" || exit
if [ "$mine" != "$(contents "$1" "$2" | sha256sum)" ]; then exit; fi
stamp=$(head -n 1 venv/installed)
if [ "\${stamp##* }" = "$(digest "$1" "$2")" ]; then printf '%s\n' "$live" "\${stamp% *}" "$(made_of .)"; fi`,
	'bash',
];

/** Whether this is how packages of one of these sources and what the answers want are stamped, without the digest. */
function isStampOf(answers: Answers, sources: readonly string[], stamp: string): boolean {
	return sources.some(source => stamp === `${source} ${extras(answers).map(firstOf).join(' ')}`);
}

function isInstalled(facts: {installed: string; found: string}, answers: Answers): boolean {
	const sources = answers.pythonPackages === 'auto' ? ['pypi', 'distribution'] : [answers.pythonPackages];
	const {installed, found} = facts;
	return (
		found !== '' &&
		installed.endsWith(` ${found}`) &&
		isStampOf(answers, sources, installed.slice(0, -found.length - 1))
	);
}

/**
 * Takes off what only the build needed, and what of it nobody needs without it. Libraries that the app's packages load stay: whose
 * they are is only known once they are built.
 */
function takeOff($: Hand, release: string, names: readonly string[]): void {
	$`bash -c ${keepLoaded} bash ${release} "$step_state/packages"`;
	$`remove_some_packages "$step_state" ${names}`;
}

const keepLoaded = `touch "$2"; find "$1"/venv/lib -name '*.so*' -type f -exec ldd {} + 2>/dev/null | grep -o '/[^ ]*lib/[^ ]*[.]so[^ ]*' | grep -v "^$1/" | sort -u |
	while read -r path; do readlink -e "$path"; echo "\${path#/usr}"; echo "/usr\${path#/usr}"; done | sort -u | xargs -r dpkg -S 2>/dev/null | sed 's/[:,].*//' | sort -u | grep -xFf "$2" | xargs -r apt-mark manual > /dev/null`;

/** The Python that uv brings where the distribution has another than is asked for. @throws Trouble where it can't be had: before anything of the app is built */
async function readOther(
	$: Probe,
	asked: AskedPython,
	box: {readonly version: string; readonly source: string; readonly uv: string},
): Promise<{uvPython: string; hasUvPython: boolean}> {
	const {version, source, uv} = box;
	const python = fromUv(asked);
	if (python === undefined) throw otherPython(asked, version, 'uv has none that it can be either');
	if (uv === 'none') throw otherPython(asked, version, 'there is no uv for this processor, which could bring one');
	if (source === 'distribution')
		throw otherPython(asked, version, 'the packages come from the distribution here, made for its own Python');
	const [state, url] = (await findPython($, python, uv === 'there')).split(' ');
	if (state === 'unreachable')
		throw otherPython(
			asked,
			version,
			`uv’s Python ${python} can’t be reached from the box`,
			`Give the box a way to ${url && URL.canParse(url) ? new URL(url).host : 'its downloads'} (a proxy in /etc/pip.conf, or a mirror in /etc/uv/uv.toml).`,
		);
	return {uvPython: python, hasUvPython: state === 'there'};
}

async function readSource($: Probe, choice: string): Promise<string> {
	if (choice !== 'auto') return choice;
	return (await reachesIndex($)) ? 'pypi' : 'distribution';
}

async function refuseUnknown($: Probe, names: readonly string[]): Promise<void> {
	const known = await $`apt-cache show --no-all-versions ${names.map(debianPackage)} | sed -n 's/^Package: //p'`;
	const unknown = names.filter(name => !known.split('\n').includes(debianPackage(name)));
	if (known === '' || unknown.length === 0) return;
	throw new Trouble({
		what: `The distribution has no package for ${unknown.join(', ')}.`,
		means:
			'PyPI is out of reach from the box (or not wanted), and the distribution does not have all that the app asks for, or is served with.',
		next: 'Give the box a way to PyPI (a proxy, or an index in /etc/pip.conf), or do without these. Then try again.',
		evidence: unknown.map(name => `${name}: no ${debianPackage(name)}`),
		code: 'no-package',
	});
}

function noRequirements(release: string, file: string): Trouble {
	return new Trouble({
		what:
			file === ''
				? 'The repository has no file that says which packages the app needs.'
				: `The repository has no ${file}.`,
		means:
			'Without it nobody knows which packages the app needs, and it would not start. Looked for were uv.lock, poetry.lock, pdm.lock, Pipfile.lock, requirements.txt and its like, pyproject.toml, Pipfile and setup.py.',
		next: 'On your machine: `pip freeze > requirements.txt`, commit, push. An app that needs none: answer “Packages from” with none. Then try again.',
		evidence: [`${release}/${file || 'requirements.txt'}`],
		code: 'no-requirements',
	});
}

function noUv(file: string): Trouble {
	return new Trouble({
		what: `The app’s packages stand in ${file}, which only uv reads, and there is no uv for this processor.`,
		means: 'boxwizard has pip alone here, and pip reads requirements files and pyproject.toml.',
		next: `Export ${file} to a requirements.txt, commit and push it, and answer “Packages from” with requirements.txt. Then try again.`,
		code: 'no-uv',
	});
}
