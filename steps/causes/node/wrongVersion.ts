import type {Cause} from '../../../source/contract/cause.ts';
import {installNodePackages} from '../../fixes/nodePackages.ts';

export const wrongNodeVersion: Cause = {
	id: 'node/wrong-version',
	title: () => 'The app and the Node of the box do not fit together.',
	match: [
		/was compiled against a different Node\.js version/,
		/NODE_MODULE_VERSION (?<has>\d+)/,
		/The engine "node" is incompatible with this module/,
		/ERR_UNKNOWN_BUILTIN_MODULE|No such built-in module/,
	],
	means: () =>
		'Packages with native parts are built for one version of Node; an upgrade of it, or a copied node_modules, leaves them behind.',
	next: () => 'Say in package.json which Node the app needs ("engines"), and install that one on the box.',
	fixes: (_, app) => [installNodePackages(app)],
};
