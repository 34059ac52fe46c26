import type {Cause} from '../../../source/contract/cause.ts';
import {earlierCode} from '../../fixes/code.ts';
import {installNodePackages} from '../../fixes/nodePackages.ts';

export const missingNodePackage: Cause = {
	id: 'node/missing-package',
	title: ({module}) => `The Node package ${module} is missing.`,
	match: [/Cannot find module '(?<module>@?[^'./][^']*)'/, /Cannot find package '(?<module>[^']+)' imported from/],
	means: ({module}) =>
		`The code asks for ${module}, and node_modules does not have it: it is new in package.json and was not installed, or stands under devDependencies.`,
	next: ({module}) =>
		`On your machine: npm install --save ${module}, commit package.json and package-lock.json, push, and deploy again.`,
	fixes: (_, app) => [installNodePackages(app), ...earlierCode(app)],
};
