import type {Cause} from '../../../source/cause.ts';
import {fixByStep} from '../../../source/fix.ts';
import {dependencies} from '../../app/dependencies.ts';
import {earlierCode} from '../../mending/code.ts';
import {isEntry, isOwnModule} from './modules.ts';

/** A package that is newer, or older, than the code was written for. */
export const changedPackage: Cause = {
	id: 'python/changed-package',
	title: ({name, module}) => `${module} has no ${name} any more.`,
	match: [
		/ImportError: cannot import name '(?<name>\w+)' from '(?<module>[\w.]+)' \((?<path>[^)]*site-packages[^)]*|[^)]*dist-packages[^)]*)\)/,
		/AttributeError: module '(?<module>[\w.]+)' has no attribute '(?<name>\w+)'/,
		/ModuleNotFoundError: No module named '(?<module>[\w.]+)\.(?<name>\w+)'/,
	],
	when: ({module = ''}, {own, words}) => !isOwnModule(module, own) && !isEntry(module, words),
	means: ({module = ''}) =>
		`The installed ${module.split('.')[0]} is another version than the code was written for: an update took away or renamed what the code uses.`,
	next: ({module = ''}) =>
		`Pin the version that works in requirements.txt (\`pip freeze | grep -i ${module.split('.')[0]}\` on your machine), push, and deploy again.`,
	fixes: (_, app) => [
		...(app.ofRoad ? [fixByStep(dependencies, 'Install requirements.txt again')] : []),
		...earlierCode(app),
	],
};
