import type {DetectedProcess} from '../../../source/contract/detection.ts';
import {assignment, runsOnImport} from '../../reading/python.ts';
import {callsIn, textOf} from '../../reading/tokens.ts';
import type {Django} from './django.ts';
import {originOf, type PythonFile} from './project.ts';
/** `celery = Celery('shop')` in shop/celery.py, and a beat where something is scheduled. */
export function celery(files: readonly PythonFile[]): DetectedProcess[] {
	const found = files.flatMap(file =>
		file.statements.filter(runsOnImport).flatMap(one => {
			const set = assignment(one);
			const call = set && callsIn(set.value).find(({from}) => from === 0);
			if (!call) return [];
			const origin = originOf(file, call.name);
			const makes =
				/^celery\.(?:app\.)?(?:base\.)?Celery$/.test(origin) ||
				/^(?:make|create|init)_celery(?:_app)?$/.test(origin.split('.').at(-1) ?? '');
			return makes ? [{file, name: set?.name ?? 'app', line: one.line}] : [];
		}),
	);
	const [app] = found.sort((one, other) => weight(one.file.path) - weight(other.file.path));
	if (!app) return [];
	const target = ['app', 'celery'].includes(app.name)
		? app.file.module.replace(/\.celery$/, '') || app.file.module
		: `${app.file.module}.${app.name}`;
	// `-A shop` finds shop.celery:app by itself; any other name is spelled out.
	const spelled = app.file.module.endsWith('.celery') && app.name === 'app' ? target : `${app.file.module}.${app.name}`;
	const because = `${app.file.path}:${app.line} makes a Celery app`;
	const worker: DetectedProcess = {name: 'celery', role: 'worker', command: `celery -A ${spelled} worker`, because};
	const schedule = files.find(({statements}) =>
		statements.some(({tokens}) =>
			tokens.some(
				({text, type}) =>
					/^(?:beat_schedule|CELERY_BEAT_SCHEDULE|CELERYBEAT_SCHEDULE|add_periodic_task|django_celery_beat|RedBeatScheduler)$/.test(
						text,
					) && type !== 'number',
			),
		),
	);
	if (!schedule) return [worker];
	return [
		worker,
		{
			name: 'celery-beat',
			role: 'scheduler',
			command: `celery -A ${spelled} beat`,
			because: `${schedule.path} has a schedule for Celery`,
		},
	];
}

function weight(path: string): number {
	return (/(?:celery|worker|tasks)[^/]*\.py$/.test(path) ? 0 : 10) + path.split('/').length;
}

export function rq(
	files: readonly PythonFile[],
	names: ReadonlySet<string>,
	django: Django | undefined,
): DetectedProcess[] {
	if (names.has('django-rq') && django)
		return [
			{
				name: 'rq',
				role: 'worker',
				command: `python ${django.manage} rqworker default`,
				because: 'django-rq is among the dependencies',
			},
		];
	const queue = rqQueue(files);
	const usesRq = files.find(({imports}) =>
		[...imports.values()].some(origin => /^(?:rq|flask_rq2?)(?:\.|$)/.test(origin)),
	);
	if (!names.has('rq') && !names.has('flask-rq2') && !usesRq) return [];
	if (!usesRq) return [];
	return [
		{
			name: 'rq',
			role: 'worker',
			command: `rq worker ${queue ?? 'default'}`,
			because: queue ? `the queue ${queue} is named in the code` : `${usesRq.path} uses RQ`,
		},
	];
}

/** The name in `Queue('microblog-tasks', connection=…)`. */
export function rqQueue(files: readonly PythonFile[]): string | undefined {
	return files
		.filter(({imports}) => [...imports.values()].some(origin => /^rq(?:\.|$)/.test(origin)))
		.flatMap(file =>
			file.statements.flatMap(({tokens}) =>
				callsIn(tokens).filter(({name}) => /^rq\.(?:queue\.)?Queue$/.test(originOf(file, name))),
			),
		)
		.map(call => textOf(call.positional[0] ?? call.named.get('name')))
		.find(name => name !== undefined);
}

export function dramatiq(
	files: readonly PythonFile[],
	names: ReadonlySet<string>,
	django: Django | undefined,
): DetectedProcess[] {
	if (names.has('django-dramatiq') && django)
		return [
			{
				name: 'dramatiq',
				role: 'worker',
				command: `python ${django.manage} rundramatiq`,
				because: 'django-dramatiq is among the dependencies',
			},
		];
	const file = files.find(one =>
		one.statements.some(
			({tokens}) => tokens[0]?.text === '@' && /^dramatiq\.actor$/.test(originOf(one, decoratorOf(tokens))),
		),
	);
	return file
		? [
				{
					name: 'dramatiq',
					role: 'worker',
					command: `dramatiq ${file.module}`,
					because: `${file.path} has actors of Dramatiq`,
				},
			]
		: [];
}

function decoratorOf(tokens: readonly {readonly text: string; readonly type: string}[]): string {
	const end = tokens.findIndex(({text, type}, index) => index > 0 && type === 'sign' && text !== '.');
	return tokens
		.slice(1, end === -1 ? undefined : end)
		.map(({text}) => text)
		.join('');
}

export function huey(
	files: readonly PythonFile[],
	names: ReadonlySet<string>,
	django: Django | undefined,
): DetectedProcess[] {
	if (!names.has('huey')) return [];
	if (django)
		return [
			{
				name: 'huey',
				role: 'worker',
				command: `python ${django.manage} run_huey`,
				because: 'huey is among the dependencies',
			},
		];
	for (const file of files) {
		for (const one of file.statements.filter(runsOnImport)) {
			const set = assignment(one);
			const call = set && callsIn(set.value).find(({from}) => from === 0);
			if (set && call && /^huey\.(?:\w+\.)?\w*Huey$/.test(originOf(file, call.name)))
				return [
					{
						name: 'huey',
						role: 'worker',
						command: `huey_consumer ${file.module}.${set.name}`,
						because: `${file.path}:${one.line} makes a Huey`,
					},
				];
		}
	}

	return [];
}

export function arq(files: readonly PythonFile[]): DetectedProcess[] {
	const file = files.find(
		({statements, imports}) =>
			[...imports.values()].some(origin => origin.startsWith('arq')) &&
			statements.some(({tokens}) => tokens[0]?.text === 'class' && tokens[1]?.text === 'WorkerSettings'),
	);
	return file
		? [
				{
					name: 'arq',
					role: 'worker',
					command: `arq ${file.module}.WorkerSettings`,
					because: `${file.path} has arq’s WorkerSettings`,
				},
			]
		: [];
}
