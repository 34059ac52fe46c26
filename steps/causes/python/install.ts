import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {dependencies} from '../../python/packages/dependencies.ts';

/** Distributions that exist for one system, or only inside another machine. */
const elsewhere =
	'pywin32|pywinpty|pypiwin32|pywin32-ctypes|windows-curses|pyreadline3?|wmi|appnope|pyobjc[\\w-]*|mkl-[\\w-]+|intel-openmp|menuinst|conda[\\w-]*|anaconda[\\w-]*|pyobjus';
const debian =
	'pkg[-_]resources|python-apt|command-not-found|ubuntu[\\w-]*|ssh-import-id|unattended-upgrades|language-selector|cloud-init|systemd-python|distro-info|ufw|apturl|dbus-python|PyGObject|pygobject|brlapi|cupshelpers|xkit|defer|Brlapi';

/** What pip, uv, poetry, pipenv and pdm say when they can't install. */
export const pythonInstall: readonly Cause[] = [
	{
		id: 'python/frozen-elsewhere',
		title: ({name}) => `requirements.txt asks for ${name}, which exists only on Windows, macOS or in conda.`,
		match: [
			new RegExp(
				`(?:satisfies the requirement|No matching distribution found for|Because) (?<name>${elsewhere})\\b`,
				'i',
			),
			new RegExp(`\\b(?<name>${elsewhere})(?:==\\S+)? (?:has no wheels|was not found)`, 'i'),
			/^(?:error: +)?(?<name>pywin32|pyobjc\S*|pywinpty).*only (?:supported|available) on (?:Windows|macOS)/i,
		],
		over: ['python/no-distribution'],
		means: 'The list was frozen on another system, and everything that was there went into it.',
		next: ({name}) =>
			`Take the line of ${name} out, or write ; sys_platform == "win32" behind it. Then push, and deploy again.`,
	},
	{
		id: 'python/frozen-on-debian',
		title: ({name}) => `requirements.txt asks for ${name}, which is a part of Debian or Ubuntu and not on PyPI.`,
		match: [
			new RegExp(`(?:satisfies the requirement|No matching distribution found for|Because) (?<name>${debian})\\b`),
		],
		over: ['python/no-distribution'],
		means: 'The list was frozen outside of a virtual environment: packages of the system went into it.',
		next: ({name}) =>
			`Take the line of ${name} out (and make the list anew inside the app’s environment), push, and deploy again.`,
	},
	{
		id: 'python/frozen-paths',
		title: 'requirements.txt names folders of the machine it was frozen on.',
		match: [
			/(?<path>\/(?:croot|home\/conda|tmp\/build|opt\/conda|Users|private\/var|work|feedstock_root)\/[^'" ]+)(?:' does not exist|['"]? *$)/,
			/(?:OSError|ERROR).*No such file or directory: '(?<path>\/(?:croot|home\/conda|tmp\/build|opt\/conda|Users|private\/var)\/[^']+)'/,
			/Distribution not found at: file:\/\/(?<path>\/\S+)/,
			/^ERROR: Invalid requirement: '\S+ @ file:\/\/(?<path>\/\S+)/,
		],
		beside: /requirement|Could not install packages|Processing|Distribution not found|file:\/\//,
		over: ['files/missing', 'python/build'],
		means: ({path}) =>
			`It was frozen inside conda: a line “name @ file://…” points to ${path ?? 'a folder'}, which only that machine had.`,
		next: 'Write plain versions (name==1.2.3) in place of the file:// addresses, push, and deploy again.',
	},
	{
		id: 'python/no-version',
		title: ({name = 'a package'}) => `No release of ${name} fits the Python of the box.`,
		match: [
			/Could not find a version that satisfies the requirement (?<name>[\w.[\]-]+)(?:[=<>!~]\S*)? \(from versions: [^n]/,
			/Ignored the following versions that require a different python version/,
			/(?<![\w.-])(?<name>[\w.-]{1,80})(?:==\S{1,40})? depends on Python(?:>=?|<)/,
			/the current Python version \([\d.]+\) does not satisfy Python[<>=~!]+[\d.]+(?: and you require (?<name>[\w.-]+))?/,
			/the requested Python version \((?<wants>[^)]+)\) does not satisfy/,
			/The current project's supported Python range \((?<wants>[^)]+)\) is not compatible with some of the required packages/,
		],
		over: ['python/no-distribution', 'python/conflict'],
		means: 'The pinned release exists, but not for this Python: it is newer, or older, than the pin was made for.',
		next: 'Raise or lower the pin, or name the Python that the app needs in .python-version. Then push, and deploy again.',
	},
	{
		id: 'python/no-distribution',
		depth: 'kind',
		title: ({name}) => `PyPI has no package ${name} for this box.`,
		match: [
			/ERROR: No matching distribution found for (?<name>[\w.-]+)/,
			/Could not find a version that satisfies the requirement (?<name>[\w.-]+)(?:[=<>!~]\S*)? \(from versions: none\)/,
			/Because (?<name>[\w.-]+) was not found in the package registry/,
			/Because there (?:is|are) no versions? of (?<name>[\w.-]+)/,
			/Because [\w.-]+ depends on (?<name>[\w.-]+) \([^)]*\) which doesn't match any versions/,
		],
		means:
			'The name is misspelled, it is of a private index, the box does not reach PyPI, or there is none for this Python and system.',
		next: ({name}) => `Look the name ${name} up at pypi.org, correct the line, push, and deploy again.`,
	},
	{
		id: 'python/hashes',
		title: 'requirements.txt is pinned with hashes, and something in it has none.',
		match: [
			/In --require-hashes mode, all requirements must have their versions pinned/,
			/Hashes are required in --require-hashes mode, but they are missing from some requirements/,
			/Can't verify hashes for these (?:requirements|file:\/\/ requirements)/,
			/In `--require-hashes` mode, all requirements must (?:have a hash|be pinned)/,
		],
		means: 'As soon as one line has a --hash, every package must have one, also what others bring along.',
		next: 'Make the list anew with all of them (pip-compile --generate-hashes), or take the hashes out. Then push.',
	},
	{
		id: 'python/hash-mismatch',
		title: 'A package is not the one whose hash is written down.',
		match: [
			/THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE/,
			/Hash mismatch for `/,
			/Hash for \S+ .* not found in known hashes/,
		],
		means:
			'The file was changed after the list was made, or it was damaged on its way; a mirror that repacks does it too.',
		next: 'Try again; if it stays, make the list anew, and look at what has changed.',
		fixes: (_, app) => (app.isOwn ? [fixByStep(dependencies, 'Install the packages again')] : []),
	},
	{
		id: 'python/conflict',
		title: 'The versions in the list of packages exclude each other.',
		match: [
			/ERROR: Cannot install .+ because these package versions have conflicting dependencies/,
			/ERROR: ResolutionImpossible/,
			/No solution found when resolving dependencies/,
			/SolverProblemError|version solving failed/,
			/Could not find a version that matches .+ \(from /,
		],
		depth: 'kind',
		means: 'One package wants a version of another that a second one refuses. The lines below it name both.',
		next: 'Loosen one of the two pins, push, and deploy again.',
	},
	{
		id: 'python/lock-outdated',
		title: ({lock = 'The lock file'}) => `${lock} does not fit pyproject.toml any more.`,
		match: [
			/pyproject\.toml changed significantly since poetry\.lock was last generated/,
			/(?<lock>poetry\.lock) is not up to date with pyproject\.toml/,
			/The lockfile at `(?<lock>uv\.lock)` needs to be updated, but `--(?:locked|frozen|check)` was provided/,
			/Your (?<lock>Pipfile\.lock) \(\w+\) is out of date/,
			/Lock file hash doesn't match pyproject\.toml, packages may be outdated|(?<lock>pdm\.lock) (?:hash )?doesn't match/,
		],
		means:
			'Dependencies were changed and the lock file was not made anew, so nobody can tell which versions are meant.',
		next: 'On your machine: lock again (poetry lock, uv lock, pipenv lock, pdm lock), commit both files, push, and deploy.',
	},
	{
		id: 'python/externally-managed',
		title: 'pip was run against the system’s own Python.',
		match: [/error: externally-managed-environment/, /The interpreter at \S+ is externally managed/],
		means: 'Debian 12 and Ubuntu 24.04 keep pip away from the Python that the system itself stands on.',
		next: 'Install into the app’s environment: what boxwizard runs goes there by itself; a command of yours must use venv/bin/pip.',
		fixes: (_, app) => (app.isOwn ? [fixByStep(dependencies, 'Make the environment anew')] : []),
	},
	{
		id: 'python/requirements-encoding',
		title: 'requirements.txt is not saved as UTF-8.',
		match: [
			/ERROR: Invalid requirement: '(?:\\x|.\\x00|ÿþ|��)/,
			/UnicodeDecodeError: .*(?:byte 0xff in position 0)/,
			/file `?requirements\S*`? .*(?:not valid UTF-8|UTF-16)/i,
		],
		means: 'PowerShell writes UTF-16 with its > sign, and nothing but Windows reads that.',
		next: 'Save the file as UTF-8 (in PowerShell: | Out-File -Encoding utf8), push, and deploy again.',
	},
	{
		id: 'python/requirements-line',
		depth: 'kind',
		title: ({line}) => `requirements.txt has a line that is no requirement: ${line}`,
		match: [
			/^ERROR: Invalid requirement: '?(?<line>[^'\\]{1,80}?)'?(?: \(from line.*| *: .*)?$/,
			/error: Couldn't parse requirement in `[^`]+`/,
		],
		means: 'It is not the form name==version; conda’s lists (name=version=build) and pasted commands look alike.',
		next: 'Correct the line, push, and deploy again.',
	},
	{
		id: 'python/requirements-missing',
		title: ({path}) => `The list of packages ${path} is not there.`,
		match: [
			/Could not open requirements file: \[Errno 2\] No such file or directory: '(?<path>[^']+)'/,
			/error: File not found: `(?<path>[^`]+)`/,
		],
		means: 'It was not committed, or lies in another folder of the repository.',
		next: ({path}) => `Commit ${path}, or name the folder that has it. Then push, and deploy again.`,
	},
	{
		id: 'python/no-project',
		title: 'The folder is no installable Python project.',
		match: [
			/does not appear to be a Python project: neither 'setup\.py' nor 'pyproject\.toml' found/,
			/Directory '[^']+' is not installable\. Neither 'setup\.py' nor 'pyproject\.toml' found/,
			/Poetry could not find a pyproject\.toml file in/,
			/error: No `pyproject\.toml` found in current directory or any parent directory/,
		],
		means: 'An “-e .” or a path in the list points to a folder without setup.py or pyproject.toml.',
		next: 'Correct the path, or name the subfolder that holds the app. Then push, and deploy again.',
	},
	{
		id: 'python/flat-layout',
		title: 'setuptools finds several packages at the top of the repository and does not know which one is meant.',
		match: [/Multiple top-level (?:packages|modules) discovered in a flat-layout/],
		over: ['python/build'],
		means:
			'The app is installed as a package (“-e .” or a pyproject.toml with a build system), and nothing says what belongs to it.',
		next: 'Write [tool.setuptools] with py-modules = [] (or packages = ["name"]) into pyproject.toml, push, and deploy again.',
	},
	{
		id: 'python/private-source',
		title: ({address}) => `A package comes from ${address}, where the box may not read.`,
		match: [
			/fatal: could not read Username for '(?<address>https:\/\/[^']+)'/,
			/Failed to fetch: `(?<address>https?:\/\/[^`]+)`.*40[13]/,
			/ERROR: HTTP error 40[13] while getting (?<address>\S+)/,
		],
		over: ['python/build'],
		means: 'A private repository or index asks for a name and a token, and the box has none.',
		next: 'Give the token as a variable of the app (never in requirements.txt), or make the package readable with a deploy key.',
	},
	{
		id: 'python/index-unreachable',
		title: 'The box does not reach PyPI.',
		match: [
			/WARNING: Retrying \(Retry\(total=0, connect=None/,
			/Failed to fetch: `https:\/\/pypi\.org\/simple\//,
			/error sending request for url \(https:\/\/pypi\.org\//,
			/ERROR: .*HTTPSConnectionPool\(host='(?:pypi\.org|files\.pythonhosted\.org)', port=443\)/,
		],
		over: ['python/no-distribution', 'network/name', 'python/conflict'],
		means: 'The installer could not fetch from pypi.org: no way out of the box, its name server, or a firewall.',
		next: 'See that the box may connect out on port 443 and finds names; behind a proxy, name it. Then try again.',
	},
];
