const heading = /^## Unreleased\n/m;

/** @throws Error where nothing stands under Unreleased */
export function requireUnreleased(changelog: string): void {
	const section = changelog.split(/^(?=## )/m).find(text => heading.test(text));
	if (!section?.replace(heading, '').trim())
		throw new Error('CHANGELOG.md has nothing under “## Unreleased”: write there what is new.');
}

/**
 * The changelog once a version is released: what stood under Unreleased is that version's, and Unreleased is empty.
 * @param date the day, as 2026-11-28
 * @throws Error where nothing is there to be released, or the version is there already
 */
export function released(changelog: string, version: string, date: string): string {
	requireUnreleased(changelog);
	if (changelog.includes(`\n## ${version} `))
		throw new Error(`CHANGELOG.md has a section ${version} already: choose a higher version.`);
	return changelog.replace(heading, () => `## Unreleased\n\n## ${version} - ${date}\n`);
}
