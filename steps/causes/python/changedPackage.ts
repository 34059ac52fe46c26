import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {earlierCode} from '../../fixes/code.ts';
import {distributionOf} from '../../fixes/pythonPackage.ts';
import {dependencies} from '../../python/dependencies.ts';
import {isOfShared, isOwnModule} from './modules.ts';

/** A package that is newer, or older, than the code was written for. */
export const changedPackage: Cause = {
	id: 'python/changed-package',
	title: ({module = 'setuptools', name, part}) => `${module} has no ${name ?? part} any more.`,
	match: [
		/ImportError: cannot import name '(?<name>\w+)' from '(?<module>[\w.]+)' \((?<path>[^)]*site-packages[^)]*|[^)]*dist-packages[^)]*)\)/,
		/AttributeError: module '(?<module>[\w.]+)' has no attribute '(?<name>\w+)'/,
		/ModuleNotFoundError: No module named '(?<module>[\w.]+)\.(?<part>\w+)'/,
		/ModuleNotFoundError: No module named '(?<part>pkg_resources)'/,
	],
	when: ({module = 'setuptools', part}, {own, words}) =>
		!isOwnModule(module, own, words) && !(part !== undefined && isOfShared(module)),
	means: ({module}) =>
		module === undefined
			? 'setuptools had pkg_resources until version 82, and from Python 3.12 on a new environment comes without setuptools.'
			: `The installed ${distributionOf(module)} is another version than the code was written for: an update took away or renamed what the code uses.`,
	next: ({module}) =>
		module === undefined
			? 'Add setuptools<82 to requirements.txt, or update the package that imports pkg_resources. Then push, and deploy again.'
			: `Pin the version that works in requirements.txt (\`pip freeze | grep -i ${distributionOf(module)}\` on your machine), push, and deploy again.`,
	fixes: (_, app) => [
		...(app.isOwn ? [fixByStep(dependencies, 'Install requirements.txt again')] : []),
		...earlierCode(app),
	],
};
