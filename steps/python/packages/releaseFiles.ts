import type {Tree} from '../../../source/contract/detection.ts';
import type {Probe} from '../../../source/contract/step.ts';
import {pathsOf} from '../../folders/paths.ts';

/**
 * Files that say which packages an app needs, as globs in its folder. Lock files are only looked for: they may have a million
 * characters, and their names say all that is asked here.
 */
const readFiles =
	'requirement*.txt requirement*.in *requirements*.txt requirements/*.txt requirements/*.in deploy/requirements.txt reqs.txt constraints*.txt pyproject.toml setup.py setup.cfg Pipfile .python-version runtime.txt .tool-versions mise.toml .mise.toml';
const lockFiles = 'uv.lock poetry.lock pdm.lock Pipfile.lock ../uv.lock';

/**
 * A bash function, `chain ROOT FILE…`: of these files the ones that are there, with all that their `-r` and `-c` lines name, each once.
 * What leads out of ROOT is left out, by a link too: root reads them.
 */
const chain = `chain() {
	local root=$1 seen=/ one named; shift
	while [ "$#" -gt 0 ]; do
		if [ ! -f "$1" ]; then shift; continue; fi
		one=$(realpath -s --relative-to=. -- "$1")
		case $(realpath -- "$1") in "$root"/*) ;; *) shift; continue;; esac
		shift
		case $seen in *"//$one//"*) continue;; esac
		seen=$seen/$one//; printf '%s\\n' "$one"
		while read -r named || [ -n "$named" ]; do set -- "$@" "$(dirname -- "$one")/$named"; done < <(sed -nE 's/^[[:space:]]*(-r|-c|--requirement|--constraint)[[:space:]=]*([^[:space:]#]+).*/\\2/p' -- "$one")
	done
}`;

/**
 * Bash functions. `contents FOLDER FILE`, in a release: what tells which packages to install. A requirements.txt that stands alone is
 * that alone, as it was before there was anything else. `digest FOLDER FILE`: of that, and of what is installed: anything installed or
 * removed by hand gives another.
 */
export const digestFunctions = `${chain}
contents() (
	root=$(pwd -P)
	cd "./$1" && shopt -s nullglob || exit
	if [ "$2" = none ]; then exit; fi
	locks=$(echo uv.loc[k] poetry.loc[k] pdm.loc[k] Pipfil[e] Pipfile.loc[k] ../uv.loc[k]; grep -qs '^[[]tool[.]poetry' pyproject.toml && echo pyproject.toml)
	case $2 in ''|requirements.txt) if [ -f requirements.txt ] && { [ -n "$2" ] || [ -z "$locks" ]; } && ! grep -qE '^[[:space:]]*(-[rce]|--(req|con|edi)|[.]|file:)' requirements.txt; then exec cat requirements.txt; fi;; esac
	listed=$(echo ${readFiles})
	cat -- $listed $locks "./\${2:-/dev/null}" 2>/dev/null
	chain "$root" $listed "./\${2:-/dev/null}" | grep -vxF -f <(printf '%s\\n' $listed $locks "$2") | xargs -d '\\n' -r cat --
)
digest() { { contents "$1" "$2"; ls -d venv/lib/python3*/site-packages/*.dist-info 2>/dev/null || true; } | sha256sum | cut -c 1-64; }`;

/** A line that no such file has: what stands after it is a path. */
const mark = '\u{1F4E6} ';

/** The part of a release's files that tells what to install, as the detection reads a repository: one question. Undefined without a release. */
export async function readReleaseFiles($: Probe, app: string, folder: string): Promise<Tree | undefined> {
	const {current, next} = pathsOf(app);
	const answer = await $`cd ${next} || cd ${current} || exit
echo ${mark}
root=$(pwd -P)
cd ${`./${folder}`} || exit
shopt -s nullglob
eval ${chain}
globs=${readFiles}
chain "$root" $globs | while read -r file; do echo ${mark}"$file"; head -c 200000 -- "$file"; echo; done
for file in ${lockFiles.split(' ')}; do if [ -f "$file" ]; then echo ${mark}"$file"; fi; done`;
	return answer === '' ? undefined : treeOf(answer);
}

function treeOf(answer: string): Tree {
	const texts = new Map(
		answer
			.split(mark.trimEnd())
			.slice(2)
			.map(part => {
				const [path = '', ...lines] = part.split('\n');
				return [path.trim(), lines.join('\n').replaceAll('\r', '')] as const;
			}),
	);
	const isAbove = ([path]: readonly [string, string]) => path.startsWith('../');
	const above = [...texts].filter(isAbove).map(([path, text]) => [path.slice(3), text] as const);
	const own = treeFrom(new Map([...texts].filter(entry => !isAbove(entry))));
	return above.length > 0 ? {...own, above: treeFrom(new Map(above))} : own;
}

function treeFrom(texts: ReadonlyMap<string, string>): Tree {
	return {
		name: '',
		paths: [...texts.keys()].sort(),
		has: path => texts.has(path),
		text: path => texts.get(path),
		encoding: path => (texts.has(path) ? 'utf-8' : undefined),
		under: () => treeFrom(new Map()),
		notes: [],
	};
}
