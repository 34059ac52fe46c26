import type {Cause} from '../../../source/contract/cause.ts';
import {earlierCode} from '../../fixes/code.ts';

export const nodeModules: Cause = {
	id: 'node/modules',
	title: () => 'Node reads the code as the other kind of module.',
	match: [
		/Cannot use import statement outside a module/,
		/ERR_REQUIRE_ESM|require\(\) of ES Module/,
		/(?:require|exports|module) is not defined in ES module scope/,
	],
	over: ['node/syntax'],
	means: () =>
		'`import` and `require` are two kinds of modules; package.json says with "type" which one a .js file is.',
	next: () => 'Set "type": "module" in package.json (or take it out), or name the file .mjs or .cjs.',
	fixes: (_, app) => earlierCode(app),
};
