import type {Step} from './step.ts';

/** Where a step's record and originals are kept: with the box, or with one of its apps. */
export type Instance = {readonly app?: string; readonly id: string};

/** 'blog:web/nginx'; the id alone for a step of the box itself. */
export function qualified(app: string | undefined, id: string): string {
	return app === undefined ? id : `${app}:${id}`;
}

/** The way back: an app's name holds no colon. */
export function instanceOf(id: string): Instance {
	const colon = id.indexOf(':');
	return colon === -1 ? {id} : {app: id.slice(0, colon), id: id.slice(colon + 1)};
}

/** The id by which a step is known in journals and on the box, whatever it is called in its plan. */
export function recordId({id, app}: Pick<Step, 'id' | 'app'>): string {
	return qualified(app, instanceOf(id).id);
}
