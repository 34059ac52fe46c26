import type {Tree} from '../../../../source/contract/detection.ts';
import type {Django} from '../django.ts';
import type {Entry, PythonFile} from '../project.ts';
/** Of a Django project its wsgi.py (asgi.py, where channels need it) comes before everything else that could be loaded. */
export function orderEntries(
	entries: readonly Entry[],
	django: Django | undefined,
	files: readonly PythonFile[],
): readonly Entry[] {
	if (!django) return entries;
	const base = django.manage.includes('/') ? django.manage.replace(/\/manage\.py$/, '') : undefined;
	const own = entries.filter(
		({framework, file, target}) =>
			framework === 'Django' ||
			framework === '' ||
			// What an asgi.py makes of Django and another framework together.
			(/(?:^|\/)[aw]sgi\.py$/.test(file) && target.endsWith(':application')),
	);
	const stated = entries.filter(({weight}) => weight >= 80);
	const wanted = django.usesChannels ? 'asgi' : 'wsgi';
	const ordered = [
		...stated,
		...own.filter(one => one.interface === wanted),
		...own.filter(one => one.interface !== wanted),
	];
	const [first] = ordered.length > 0 ? ordered : fromSettings(django, files);
	if (!first) return [];
	const target =
		base && !first.workingFolder ? first.target.replace(`${base.replaceAll('/', '.')}.`, '') : first.target;
	return [{...first, target, framework: 'Django', ...(base && {workingFolder: base})}];
}

/** A project without a wsgi.py: Django makes one for its settings. */
function fromSettings(django: Django, files: readonly PythonFile[]): Entry[] {
	const file = files.find(({path}) => path === django.manage);
	return django.settings && file
		? [
				{
					target: 'django.core.wsgi:get_wsgi_application()',
					file: file.path,
					line: 1,
					interface: 'wsgi',
					framework: 'Django',
					weight: 20,
					because: `${django.manage} is Django’s`,
				},
			]
		: [];
}

/** Pyramid's main() is called with the settings of an .ini file: that one is named, and the factory wants no more. */
export function pasteSettings(tree: Tree, entry: Entry | undefined): string | undefined {
	if (entry?.framework !== 'Pyramid') return undefined;
	return ['production.ini', 'prod.ini', ...tree.paths.filter(path => /^[^/]+\.ini(?:\.\w+)?$/.test(path))].find(path =>
		/^\[(?:app|composite|pipeline):main\]/m.test(tree.text(path) ?? ''),
	);
}

export function withoutLack(entry: Entry | undefined): Entry | undefined {
	if (!entry) return undefined;
	const {lacks: _, ...rest} = entry;
	return rest;
}
