import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {earlierCode} from '../../fixes/code.ts';
import {web} from '../../python/server.ts';
import {isEntry} from './modules.ts';

/** Started in the wrong folder, or told to load what is not there. */
export const wrongEntry: Cause = {
	id: 'python/wrong-entry',
	title: ({module = 'the app', name}, {folder}) =>
		`${name === undefined ? module : `${module}:${name}`} is not found in ${folder}.`,
	match: [
		/ModuleNotFoundError: No module named '(?<module>[\w.]+)'/,
		/Failed to find attribute '(?<name>\w+)' in '(?<module>[\w.]+)'/,
		/Error: (?:Could not import|While importing) '(?<module>[\w.]+)'/,
	],
	when: ({module = ''}, {words}) => isEntry(module, words) || /[:/]/.test(module) || module === '',
	over: ['python/missing-package'],
	means: (_, {configuration}) =>
		`The program is started in the wrong folder, or told to load the wrong module: see \`command\` and \`directory\` in ${configuration}.`,
	next: () => 'Name the file that makes the app as FLASK_APP, and the folder it lies in as the working directory.',
	fixes: (_, app) => [
		...(app.isOwn ? [fixByStep(web, 'Write the app server’s settings again')] : []),
		...earlierCode(app),
	],
};
