import {dirname} from 'node:path';
import type {AppOnBox, OpenFix} from '../../source/contract/diagnosis/cause.ts';
import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';
import {joinLines, Secret} from '../../source/contract/secret.ts';
import type {Probe} from '../../source/contract/step.ts';
import {ownText, withVariable} from '../app/ownVariables.ts';
import {processLine} from '../app/processEnvironment.ts';
import {dotenvLine, parseDotenv} from '../reading/dotenv.ts';
import {slug} from './commands.ts';

/** What tutorials put where a secret belongs, for grep -iE: after the = and a quote. */
export const placeholder =
	'(you-?_?will-?_?never-?_?guess|(change|replace)[-_]?(me|this).*|(my|your|a|the|top|super)?[-_ ]*secret([-_ ]?key)?([-_ ]?(goes|here))*|dev(elopment)?|test|password|hard[- _]to[- _]guess([- _]string)?|x+|todo|[<[{].*)';

/** For awk: the value is the first file's line; in the second one it takes the place of the variable's line. */
const replaceLine = `NR == FNR { line = name "=" sign $0 sign; next }
FNR == 1 && there == 0 { print line }
$0 ~ "^(export )?" name "=" { if (!set++) print line; next }
{ print }`;

/** A file that holds the variables of an app, and how a line of it is written. */
type VariablesFile = {readonly path: string; readonly quote: string; readonly line: typeof dotenvLine};

/** The .env, and what starts an app of boxwizard's beside it: both say the same. */
function filesOf({environment, isOwn}: AppOnBox): readonly VariablesFile[] {
	if (environment === undefined) return [];
	const dotenv = {path: environment, quote: "'", line: dotenvLine};
	const beside = {path: `${dirname(environment)}/environment`, quote: '"', line: processLine};
	return isOwn ? [dotenv, beside] : [dotenv];
}

type Permissions = {readonly mode: string; readonly owner: string};

/** Of those files that are there; the first one is made where it is not. */
async function readPermissions(
	$: Probe,
	files: readonly VariablesFile[],
): Promise<Readonly<Record<string, Permissions>>> {
	const facts = await Promise.all(files.map(({path}) => $.file(path)));
	return Object.fromEntries(
		files.flatMap(({path}, index) => {
			const file = facts[index];
			const isThere = file !== null || index === 0;
			return isThere ? [[path, {mode: file?.mode ?? '0600', owner: file?.owner ?? 'root:root'}]] : [];
		}),
	);
}

/** Puts a made-up value in the place of a secret variable that is missing or a placeholder. It is made on the box and seen by nobody. */
export function makeSecret(app: AppOnBox, name: string): Fix[] {
	const files = filesOf(app);
	const {environment} = app;
	if (environment === undefined || !/^[A-Za-z_]\w*$/.test(name)) return [];
	return [
		fixOf({
			name: `variable-${slug(name)}`,
			title: `Make a new ${name}`.slice(0, 40),
			why: 'A long random value is made on the box and written into the .env file. Sessions signed with the old one end.',
			check: async $ => ({
				wanting:
					(await $`grep -qiE ${`^(export )?${name}=['"]?[^'"[:space:]]`} ${environment} && ! grep -qiE ${`^(export )?${name}=['"]?${placeholder}['"]?[[:space:]]*$`} ${environment} || echo yes`) ===
					'yes',
				permissions: await readPermissions($, files),
			}),
			done: ({wanting}) => !wanting,
			apply($, {permissions}) {
				// No argument holds it: a variable of bash's own.
				$`made=$(openssl rand -hex 24)`;
				for (const {path, quote} of files) {
					const {mode, owner} = permissions[path] ?? {};
					if (mode === undefined || owner === undefined) continue;
					// In its place, and quoted, as the set-up writes and reads it: a missing one comes first.
					$`printf '%s\n' "$made" | awk -v name=${name} -v sign=${quote} -v there="$(grep -cE ${`^(export )?${name}=`} ${path})" ${replaceLine} - ${path} | put_file ${mode} ${owner} ${path}`;
				}
			},
			undo($) {
				for (const {path} of files) $.restore(path);
			},
		}),
	];
}

/** Writes a variable whose value only the person knows. */
export function setVariable(app: AppOnBox, name: string): OpenFix[] {
	const files = filesOf(app);
	const {environment} = app;
	if (environment === undefined || !/^[A-Za-z_]\w*$/.test(name)) return [];
	const words = {
		title: `Set ${name}`.slice(0, 40),
		why: `It is written into ${environment}, which only the app’s user can read.`,
	};
	const make = (typed: Secret): Fix =>
		fixOf({
			name: `variable-${slug(name)}`,
			...words,
			check: async $ => ({
				there: (await $`grep -qE ${`^(export )?${name}=.`} ${environment} && echo yes`) === 'yes',
				permissions: await readPermissions($, files),
			}),
			done: ({there}) => there,
			apply($, {permissions}) {
				for (const {path, line} of files) {
					const {mode, owner} = permissions[path] ?? {};
					if (mode === undefined || owner === undefined) continue;
					$.input(joinLines([line(name, typed)]))`{ cat ${path}; cat; } | put_file ${mode} ${owner} ${path}`;
				}
			},
			undo($) {
				for (const {path} of files) $.restore(path);
			},
		});
	const answers: OpenFix['answers'] = (typed, {environment: lines}) => {
		const before = lines instanceof Secret ? parseDotenv(lines.reveal()).variables : [];
		return {environment: ownText(withVariable(before, name, typed.reveal()))};
	};
	return [{id: `fix/variable-${slug(name)}`, ...words, asks: name, with: make, ...(app.isOwn && {answers})}];
}
