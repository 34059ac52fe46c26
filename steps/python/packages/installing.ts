import type {Hand} from '../../../source/contract/step.ts';
import {appFolder, as} from '../../folders/paths.ts';
import {uvProgram} from '../../services/uv.ts';
import {installFolder} from './interpreter.ts';

/** Where packages are installed, by whom and from what. */
export type Installation = {
	readonly user: string;
	/** The release itself, not a link to it: programs in the environment begin with its path. */
	readonly release: string;
	readonly folder: string;
	/** Inside the folder; 'none' for no file. */
	readonly file: string;
	/** Whether the project is a package itself, which is installed too. */
	readonly isProject: boolean;
	/** Whether it is poetry's pyproject.toml without its lock file, which nobody else reads. */
	readonly isPoetry: boolean;
	readonly byUv: boolean;
	/** The Python that uv has brought for it: '3.12'; '' for the distribution's. */
	readonly uvPython: string;
};

const poetry =
	'POETRY_VIRTUALENVS_CREATE=false "$uv" tool run --quiet --from "poetry>=2,<3" --with poetry-plugin-export poetry';

/** It is told its file, and to leave .env alone: it looks into all folders, and the app's own user alone may read some. */
const pipenv =
	'PIPENV_DONT_LOAD_ENV=1 PIPENV_PIPFILE="$PWD/Pipfile" "$uv" tool run --quiet --from "pipenv>=2024" pipenv';

/** The words of each export: standard output, or the file, becomes requirements of what runs, with their hashes. */
const exports: Readonly<Record<string, string>> = {
	'poetry.lock': `${poetry} export --no-interaction --only main --format requirements.txt --output "$out"`,
	'Pipfile.lock': `${pipenv} requirements --hash > "$out"`,
	Pipfile: lockedFirst('Pipfile.lock', `${pipenv} --quiet lock && ${pipenv} requirements --hash > "$out"`),
};

/** By the app's own Python. The lock file made on the way is no part of the release: with it the next one, which comes without, would look as if it asked for something else. */
function lockedFirst(lock: string, exporting: string): string {
	return `export UV_PYTHON=\${out%/*}/bin/python; kept=$out.kept; [ ! -e ${lock} ] || mv ${lock} "$kept"; trap 'rm -f ${lock}; [ ! -e "$kept" ] || mv "$kept" ${lock}' EXIT; ${exporting}`;
}

/**
 * The versions of pdm's lock file, as constraints: which of them the app needs, pyproject.toml says. pdm's own export refuses lock files
 * that have no markers in them.
 */
const pinsOfPdm = `awk -F'"' '$0 == "[[package]]" {name = ""} /^name = / && name == "" {name = $2} /^version = / && name != "" {print name "==" $2; name = ""}' pdm.lock | sort -u > "$1"`;

/** Whether pip alone can read a file: not the lock files of others. */
export function isForPip(file: string): boolean {
	return !(file.endsWith('uv.lock') || file in exports);
}

/** An environment without anything in it but pip. */
export function makeEnvironment($: Hand, {user, release, byUv, uvPython}: Installation): void {
	const venv = [uvProgram, 'venv', '--quiet', '--seed', '--clear', '--python'];
	if (uvPython !== '')
		$.within(10)`${as(user, release)} ${quiet} ${installFolder} ${venv} ${`cpython@${uvPython}`} --managed-python venv`;
	else if (byUv) $.within(10)`${as(user, release)} ${quiet} ${venv} /usr/bin/python3 venv`;
	else $`${as(user, release)} python3 -m venv --clear venv`;
}

/** No progress bars, no Python from elsewhere than the box, and bytecode now: the app's own user may not write it later. */
const quiet = ['UV_NO_PROGRESS=1', 'UV_PYTHON_DOWNLOADS=never', 'UV_COMPILE_BYTECODE=1'];

/** Words of the program that installs into the environment, and what it shall not ask. */
export function installer({user, release, folder, byUv}: Installation): string[] {
	const python = `${release}/venv/bin/python`;
	return [
		...as(user, appFolder(release, folder)),
		...(byUv
			? [...quiet, uvProgram, 'pip', 'install', '--python', python]
			: [python, '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off']),
	];
}

/** What the dependency file names, without what only development needs. */
export function installFile($: Hand, installation: Installation): void {
	const {user, release, folder, file, isPoetry, isProject, byUv} = installation;
	const inFolder = as(user, appFolder(release, folder));
	const install = installer(installation);
	if (file === 'none') return;
	if (file.endsWith('uv.lock')) {
		const sync = [uvProgram, 'sync', '--frozen', '--inexact', '--no-default-groups'];
		$.within(
			60,
		)`${inFolder} ${quiet} UV_PROJECT_ENVIRONMENT=${`${release}/venv`} ${sync} --python ${`${release}/venv/bin/python`}`;
		return;
	}

	if (file === 'pdm.lock') {
		const pins = `${release}/venv/constraints.txt`;
		$`${inFolder} bash -c ${pinsOfPdm} bash ${pins}`;
		$.within(60)`${install} --requirement pyproject.toml --constraint ${pins}`;
		if (isProject) $.within(30)`bash -c ${projectToo} bash ${install} --no-deps --editable .`;
		return;
	}

	const exporting = isPoetry
		? lockedFirst('poetry.lock', `${poetry} lock --no-interaction && ${exports['poetry.lock']}`)
		: exports[file];
	if (exporting !== undefined) {
		const exported = `${release}/venv/requirements.txt`;
		$.within(20)`${inFolder} ${quiet} bash -c ${`uv=$1; out=$2; ${exporting}`} bash ${uvProgram} ${exported}`;
		$.within(60)`${install} --requirement ${exported}`;
		if (isProject) $.within(30)`bash -c ${projectToo} bash ${install} --no-deps --editable .`;
	} else if (/^setup\.(?:py|cfg)$/.test(file) || (file === 'pyproject.toml' && !byUv)) {
		$.within(60)`${install} --editable .`;
	} else {
		$.within(60)`${install} --requirement ${file}`;
		if (file === 'pyproject.toml' && isProject)
			$.within(30)`bash -c ${projectToo} bash ${install} --no-deps --editable .`;
	}
}

/** Many a project names a build system and was never made a package: it runs from its folder. */
const projectToo = '"$@" || echo "The project itself can’t be made a package. Its modules are taken from its folder."';

/**
 * Packages that the app's own lack, in a call of their own: beside hashes no installer takes any without, and what the app pins stays.
 * Each is named with what stands for it as well: 'psycopg2-binary|psycopg2'.
 */
export function installLacking($: Hand, installation: Installation, wanted: readonly string[]): void {
	if (wanted.length === 0) return;
	$.within(
		30,
	)`bash -c ${lacking} bash ${`${installation.release}/venv`} ${wanted.length} ${wanted} ${installer(installation)}`;
}

const lacking = `venv=$1; count=$2; shift 2
have=" $(ls "$venv"/lib/python3*/site-packages | sed -n 's/-[^-]*[.]dist-info$//p' | tr 'A-Z_.\\n' 'a-z\\-\\- ') "
lacking=()
for one in "\${@:1:count}"; do
	lacks=yes
	for name in \${one//|/ }; do bare=\${name%%[\\[<>=!~]*}; bare=\${bare,,}; case $have in *" \${bare//[_.]/-} "*) lacks=;; esac; done
	if [ "$lacks" = yes ] || [[ $one = *[\\[\\<\\>=!~]* && $one != *'|'* ]]; then lacking+=("\${one%%|*}"); fi
done
shift "$count"
if [ "\${#lacking[@]}" -gt 0 ]; then exec "$@" "\${lacking[@]}"; fi`;

/** Takes over the environment of another release: files are linked, those that name their release are written anew. */
export function reuseEnvironment($: Hand, {user, release}: Installation, live: string): void {
	$`${as(user, release)} bash -c ${copy} bash ${live} ${release}`;
}

const copy = `set -e; live=$1; release=$2
rm -rf venv
cp -al "$live/venv" venv
# Marks of what was done with the other release.
find venv -maxdepth 1 -type f ! -name pyvenv.cfg -delete
{ find venv/bin -maxdepth 1 -type f; find venv -maxdepth 1 -type f; find venv/lib/python3*/site-packages -maxdepth 2 '(' -name '*.pth' -o -name '__editable__*' -o -name direct_url.json ')' -type f; } |
	xargs -d '\\n' -r grep -lF -e "$live/" -e "$live'" -e "$live\\"" | xargs -d '\\n' -r sed -i "s|$live|$release|g"`;
