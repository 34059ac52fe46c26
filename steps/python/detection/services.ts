import type {DetectedVariable} from '../../../source/contract/detection.ts';
import type {PythonFile} from './project.ts';
/**
 * Whether the app fails without a search engine, which takes a gigabyte of memory: it asks for its address, or has it written down. What may
 * stay unset is used where there is one.
 */
export function usesSearch(
	names: ReadonlySet<string>,
	files: readonly PythonFile[],
	variables: readonly DetectedVariable[],
): boolean {
	return (
		/elasticsearch|opensearch/.test([...names].join(' ')) &&
		(variables.some(({filledWith, required}) => filledWith === 'search-url' && required) ||
			files.some(({statements}) =>
				statements.some(({tokens}) =>
					tokens.some(
						({text, type}) => type === 'string' && /^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1):9200/.test(text),
					),
				),
			))
	);
}

/** Whether it needs a Redis. @param processes how many run beside the web server; @param variables names */
export function usesRedis(names: ReadonlySet<string>, processes: number, variables: readonly string[]): boolean {
	return (
		['redis', 'rq', 'django-redis', 'celery-redbeat', 'aioredis', 'arq', 'flask-redis'].some(name => names.has(name)) ||
		(processes > 0 && variables.some(name => /REDIS|BROKER/.test(name)))
	);
}
