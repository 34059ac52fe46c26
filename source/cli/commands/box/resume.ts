import {Trouble} from '../../../contract/trouble.ts';
import type {KnownHost} from '../../../contract/ui/known-host.ts';
import {knownBox, knownBoxes, knownState} from '../../boxes/known-boxes.ts';
import type {BoxFlags} from '../../given/from-flags.ts';
import {appNamed} from '../../plans/app-setups.ts';
import {placeOf} from '../../target/named-box.ts';
import {readProject} from '../../target/project-file.ts';
import {note} from '../../terminal/output.ts';
import {setup} from './setup.tsx';

/** Goes on where the last run stopped, on this box, on that of boxwizard.yml or on the one that was seen last, and says what that was. */
export async function resume(named: string | undefined, which: string | undefined, flags: BoxFlags): Promise<void> {
	const {catalogue} = await import('../../../../steps/index.ts');
	const waiting = knownBoxes(catalogue).filter(({stoppedAt}) => stoppedAt !== undefined);
	const isNowhere = named === undefined && readProject()?.host === undefined;
	const place = isNowhere ? undefined : placeOf(named, which);
	const state = place && knownState(place.host);
	if (state && place.app !== undefined) appNamed(state, place.app);
	const box = state ? begun(knownBox(state, catalogue)) : waiting[0];
	if (!box) {
		note('Nothing waits: every set-up that was begun from this machine is done.');
		return;
	}

	if (!flags.json) for (const line of standing(box, waiting)) note(line);
	await setup(box.target, place?.app, flags, {resume: true});
}

/** @throws Trouble where no set-up was begun on the box */
function begun(box: KnownHost): KnownHost {
	if (box.stoppedAt !== undefined || box.done > 0) return box;
	throw new Trouble({
		what: `Nothing was begun on ${box.label}.`,
		means: 'There is no set-up to go on with. Nothing was done.',
		next: `Begin it: boxwizard setup ${box.target}`,
		code: 'nothing-begun',
	});
}

function standing(box: KnownHost, waiting: readonly KnownHost[]): string[] {
	const {label, stoppedAt, done, total, lastSeen = ''} = box;
	const seen = `, seen last on ${lastSeen.slice(0, 10)}`;
	const others = waiting.filter(({target}) => target !== box.target).map(other => other.label);
	return [
		stoppedAt === undefined
			? `${label}: all ${total} steps were done${seen}.`
			: `${label} stopped at “${stoppedAt}”, with ${done} of ${total} steps done${seen}.`,
		...(others.length === 0 ? [] : [`Also waiting: ${others.join(', ')}.`]),
	];
}
