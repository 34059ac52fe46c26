import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import {reloadIfItCan} from '../web/nginx.ts';

const stock = '/etc/nginx/sites-enabled/default';

/** The web server that all apps share, without the page that its package shows to everybody. */
export const nginx = defineStep({
	id: 'services/nginx',
	title: 'Stock site',
	why: 'nginx comes with a page of its own that answers for every name. It goes, so that only your apps are seen; sites of others stay.',
	needs: ['services/packages'],
	options: z.object({}),
	async check($) {
		return {stock: (await $`readlink ${stock}`) === '/etc/nginx/sites-available/default'};
	},
	done: facts => !facts.stock,
	apply($) {
		$.remove(stock);
		reloadIfItCan($);
	},
	undo($) {
		$.restore(stock);
		reloadIfItCan($);
	},
});
