import type {Release} from '../../contract/release.ts';
import {Trouble} from '../../contract/trouble.ts';

/** The release that one goes back to: the newest whole one before the live one, where none is named by its name or the beginning of its commit. Pure. @throws Trouble */
export function releaseMeant(releases: readonly Release[], named: string | undefined): Release {
	const live = releases.find(({isLive}) => isLive);
	const whole = releases.filter(({isWhole, isLive}) => isWhole && !isLive);
	if (named === undefined) {
		const before = whole.find(({name}) => live !== undefined && name < live.name);
		if (before) return before;
		throw nowhere(whole);
	}

	const found = whole.filter(
		({name, id}) => name === named || (/^[0-9a-f]{4,64}$/.test(named) && id.startsWith(named)),
	);
	// Of one commit that went live twice, either does.
	const [first] = found;
	if (first && new Set(found.map(({id}) => id)).size === 1) return first;
	if (live && (live.name === named || live.id.startsWith(named))) throw isLiveAlready(live);
	throw unknown(named, whole);
}

function nowhere(whole: readonly Release[]): Trouble {
	return new Trouble({
		what: 'There is no release before the one that is live.',
		means: 'Nothing was done: what runs runs on.',
		next:
			whole.length > 0
				? 'A newer one lies there: name it with --to. boxwizard releases lists them.'
				: 'The way back is a new commit: git revert, push, and deploy.',
		code: 'no-release-before',
	});
}

function isLiveAlready({name}: Release): Trouble {
	return new Trouble({
		what: `The release ${name} is the one that is live.`,
		means: 'Nothing was done.',
		next: 'boxwizard releases lists the others.',
		code: 'release-is-live',
	});
}

function unknown(named: string, whole: readonly Release[]): Trouble {
	return new Trouble({
		what: `No release ${named} lies on the box with all that it stands on.`,
		means: 'Nothing was done: what runs runs on.',
		next: 'Name one of these by its name or its commit.',
		evidence: whole.map(({name, id, title}) => `${name} ${id.slice(0, 8)} ${title}`),
		code: 'no-release',
	});
}
