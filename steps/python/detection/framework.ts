import type {Django} from './django.ts';
import type {Entry} from './project.ts';
/** What the app is made with, by its entry, else by its dependencies. */
export function frameworkOf(
	entry: Entry | undefined,
	django: Django | undefined,
	names: ReadonlySet<string>,
): string | undefined {
	if (django) return 'Django';
	if (entry?.framework) return entry.framework;
	const known: Readonly<Record<string, string>> = {
		flask: 'Flask',
		fastapi: 'FastAPI',
		starlette: 'Starlette',
		quart: 'Quart',
		litestar: 'Litestar',
		sanic: 'Sanic',
		falcon: 'Falcon',
		bottle: 'Bottle',
		pyramid: 'Pyramid',
		aiohttp: 'aiohttp',
		tornado: 'Tornado',
		streamlit: 'Streamlit',
		gradio: 'Gradio',
		dash: 'Dash',
		cherrypy: 'CherryPy',
		django: 'Django',
	};
	const name = Object.keys(known).find(one => names.has(one));
	return name && known[name];
}
