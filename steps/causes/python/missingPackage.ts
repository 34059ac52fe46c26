import type {Cause} from '../../../source/cause.ts';
import {fixByStep} from '../../../source/fix.ts';
import {dependencies} from '../../app/dependencies.ts';
import {distributionOf, installPackage} from '../../mending/pythonPackage.ts';
import {isEntry, isOwnModule, leftPython} from './modules.ts';

/** Forgot to pip install a new library: the guide's first lesson. */
export const missingPackage: Cause = {
	id: 'python/missing-package',
	title: ({module = ''}) => `The Python package ${distributionOf(module)} is missing.`,
	match: [
		/ModuleNotFoundError: No module named '(?<module>[\w.]+)'/,
		/ImportError: No module named '?(?<module>[\w.]+)/,
	],
	// Where a part of a package is missing, the package is there: it is another version.
	when: ({module = ''}, {own, words}) =>
		!module.includes('.') && !leftPython.has(module) && !isOwnModule(module, own) && !isEntry(module, words),
	means: ({module}) =>
		`The code imports ${module}, and the app’s environment does not have it. Most often it is new in the code and was not installed, or not written into requirements.txt.`,
	next: ({module = ''}) => `Add ${distributionOf(module)} to requirements.txt, push, and install again.`,
	fixes: ({module = ''}, app) => [
		...(app.ofRoad ? [fixByStep(dependencies, 'Install requirements.txt again')] : []),
		...installPackage(app, module),
	],
};
