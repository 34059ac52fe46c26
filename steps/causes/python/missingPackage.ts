import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {distributionOf, installPackage} from '../../fixes/pythonPackage.ts';
import {dependencies} from '../../python/dependencies.ts';
import {isEntry, isOfShared, isOwnModule, leftPython} from './modules.ts';

/** Forgot to pip install a new library: the guide's first lesson. */
export const missingPackage: Cause = {
	id: 'python/missing-package',
	title: ({module = ''}) =>
		`The Python package ${isOfShared(module) ? `with ${module}` : distributionOf(module)} is missing.`,
	match: [
		/ModuleNotFoundError: No module named '(?<module>[\w.]+)'/,
		/ImportError: No module named '?(?<module>[\w.]+)/,
	],
	// Where a part of a package is missing, the package is there: it is another version, as with setuptools' pkg_resources.
	when: ({module = ''}, {own, words}) =>
		(!module.includes('.') || isOfShared(module)) &&
		module !== 'pkg_resources' &&
		!leftPython.has(module) &&
		!isOwnModule(module, own, words) &&
		!isEntry(module, words),
	means: ({module}) =>
		`The code imports ${module}, and the app’s environment does not have it. Most often it is new in the code and was not installed, or not written into requirements.txt.`,
	next: ({module = ''}) =>
		isOfShared(module)
			? `Look at pypi.org for the package that has ${module}. Add it to requirements.txt, push, and install again.`
			: `Add ${distributionOf(module)} to requirements.txt, push, and install again.`,
	fixes: ({module = ''}, app) => [
		...(app.isOwn ? [fixByStep(dependencies, 'Install requirements.txt again')] : []),
		...(isOfShared(module) ? [] : installPackage(app, module)),
	],
};
