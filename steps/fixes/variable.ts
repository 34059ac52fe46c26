import type {AppOnBox, OpenFix} from '../../source/contract/diagnosis/cause.ts';
import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';
import {plainText, Secret} from '../../source/contract/secret.ts';
import {dotenvLine} from '../app/dotenv.ts';
import {slug} from './commands.ts';

/** What tutorials put where a secret belongs, for grep -iE: after the = and a quote. */
export const placeholder =
	'(you-?_?will-?_?never-?_?guess|(change|replace)[-_]?(me|this).*|(my|your|a|the|top|super)?[-_ ]*secret([-_ ]?key)?([-_ ]?(goes|here))*|dev(elopment)?|test|password|hard[- _]to[- _]guess([- _]string)?|x+|todo|[<[{].*)';

/** For awk: the value is the first file's line; in the second one it takes the place of the variable's line. */
const replaceLine = `NR == FNR { line = name "='" $0 "'"; next }
FNR == 1 && there == 0 { print line }
$0 ~ "^(export )?" name "=" { if (!set++) print line; next }
{ print }`;

/** Puts a made-up value in the place of a secret variable that is missing or a placeholder. It is made on the box and seen by nobody. */
export function makeSecret(app: AppOnBox, name: string): Fix[] {
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
				...(await readPermissions($, environment)),
			}),
			done: ({wanting}) => !wanting,
			apply($, {mode, owner}) {
				// In its place, and quoted, as the set-up writes and reads it: a missing one comes first. No argument holds it.
				$`openssl rand -hex 24 | awk -v name=${name} -v there="$(grep -cE ${`^(export )?${name}=`} ${environment})" ${replaceLine} - ${environment} | put_file ${mode} ${owner} ${environment}`;
			},
			undo($) {
				$.restore(environment);
			},
		}),
	];
}

/** Writes a variable whose value only the person knows. */
export function setVariable(app: AppOnBox, name: string): OpenFix[] {
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
				...(await readPermissions($, environment)),
			}),
			done: ({there}) => there,
			apply($, {mode, owner}) {
				const line = dotenvLine(name, typed);
				$.input(
					line instanceof Secret ? line : new Secret(line),
				)`{ cat ${environment}; cat; echo; } | put_file ${mode} ${owner} ${environment}`;
			},
			undo($) {
				$.restore(environment);
			},
		});
	const answers: OpenFix['answers'] = (typed, {environment: lines}) => ({
		environment: withVariable(lines instanceof Secret ? lines : undefined, name, typed),
	});
	return [{id: `fix/variable-${slug(name)}`, ...words, asks: name, with: make, ...(app.isOwn && {answers})}];
}

/** Lines of NAME=value with one more, or another value in its line. */
function withVariable(lines: Secret | undefined, name: string, value: Secret): Secret {
	const others = lines
		?.reveal()
		.split('\n')
		.filter(line => line !== '' && !new RegExp(`^\\s*(export\\s+)?${name}\\s*=`).test(line));
	return new Secret([...(others ?? []), plainText(dotenvLine(name, value))].join('\n'));
}

async function readPermissions(
	$: Parameters<Fix['step']['check']>[0],
	path: string,
): Promise<{mode: string; owner: string}> {
	const file = await $.file(path);
	return {mode: file?.mode ?? '0600', owner: file?.owner ?? 'root:root'};
}
