import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {dependencies} from '../../python/dependencies.ts';
import {leftPython} from './modules.ts';

export const wrongVersion: Cause = {
	id: 'python/wrong-version',
	title: () => 'The app’s environment does not fit the Python of the box.',
	match: [
		/ModuleNotFoundError: No module named '(?<module>\w+)'/,
		/requires a different Python: (?<has>[\d.]+) not in '(?<wants>[^']+)'/,
		/bad interpreter: No such file or directory/,
		/error while loading shared libraries: libpython(?<has>[\d.]+)\.so/,
		/TypeError: unsupported operand type\(s\) for \|: 'type' and/,
		/ImportError: .*\.cpython-(?<wants>\d+)-.*: (?:undefined symbol|cannot open shared object)/,
	],
	when: ({module}) => module === undefined || leftPython.has(module),
	means: () =>
		'The code or its environment was made for another version of Python: after an upgrade of the box, or on a machine with a newer one.',
	next: () =>
		'Have the app ask for what the box has (`python3 --version` there), or move to a newer release of the system.',
	fixes: (_, app) => (app.isOwn ? [fixByStep(dependencies, 'Make the environment anew')] : []),
};
