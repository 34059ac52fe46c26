import type {Tree} from '../../../source/contract/detection.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import {meets} from '../../reading/versions.ts';
import {distributions} from '../detection/dependencies/markers.ts';
import type {Requirement} from '../detection/dependencies/requirements.ts';
import {readVersion} from '../detection/dependencies/version.ts';

/**
 * @param given the answer `pythonVersion`; '' for what the release asks for
 * @param has as `python3 --version` says it; '' where there is none yet
 * @throws Trouble where the Python of the box is not what is asked for: before anything of the app is built
 */
export function refuseOtherPython(
	given: string,
	tree: Tree | undefined,
	requirements: readonly Requirement[],
	has: string,
): void {
	const [version] = /\d+\.\d+\.\d+/.exec(has) ?? [];
	if (version === undefined) return;
	const found = tree && readVersion(tree, requirements);
	const [asked, from] = given === '' ? [found?.asked ?? '', found?.from ?? ''] : [given, 'the answer “Python”'];
	// A patch is no reason: 3.11.4 runs on any 3.11.
	const wanted = /^\d+\.\d+\.\d+/.test(asked) ? asked.split('.').slice(0, 2).join('.') : asked;
	const minor = version.split('.').slice(0, 2).join('.');
	if (wanted === '' || meets(minor, wanted) || meets(version, wanted)) return;
	const fitting = Object.entries(distributions).flatMap(([python, name]) =>
		meets(python, wanted) ? [`${name} (${python})`] : [],
	);
	throw new Trouble({
		what: `The app asks for Python ${asked}, and the box has ${version}.`,
		means: `${from} says so. boxwizard takes the Python of the distribution, which gets its security updates. Nothing of the app was built.`,
		next: `${fitting.length > 0 ? `Take a box with ${fitting.join(' or ')}, or, if` : 'No distribution that boxwizard knows has it. If'} the app runs with ${minor} too, change ${from}, or answer “Python” with ${minor}. Then try again.`,
		evidence: [`${from}: ${asked}`, `python3: ${version}`],
		code: 'python-version',
	});
}
