import {didYouMean} from '../../answers/nearest.ts';
import type {Catalogue, Kind} from '../../contract/kind.ts';
import type {Step} from '../../contract/step.ts';
import {Trouble} from '../../contract/trouble.ts';

/** The kind of that name; the first one where none is named. @throws Trouble with the nearest match */
export function kindNamed({kinds}: Catalogue, name: string | undefined): Kind {
	const kind = name === undefined ? kinds[0] : kinds.find(candidate => candidate.name === name);
	if (kind) return kind;
	const names = kinds.map(candidate => candidate.name);
	throw new Trouble({
		what: `There is no kind of app “${name}”.`,
		means: 'Nothing was done.',
		next: didYouMean(name ?? '', names),
		code: 'unknown-kind',
	});
}

/** All steps of a box with one app of a kind, in their order. */
export function stepsFor({box, afterApps}: Catalogue, kind: Kind): readonly Step[] {
	return [...box, ...kind.steps, ...afterApps];
}

/** The ids, as they were given. @throws Trouble with the nearest match where one is no step of these */
export function stepIds(steps: readonly Pick<Step, 'id'>[], ids: readonly string[]): readonly string[] {
	const known = steps.map(step => step.id);
	for (const id of ids) {
		if (known.includes(id)) continue;
		throw new Trouble({
			what: `There is no step “${id}”.`,
			means: 'Nothing was done.',
			next: didYouMean(id, known),
			code: 'unknown-step',
		});
	}

	return ids;
}
