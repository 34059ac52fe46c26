/** The releases that the steps are made for: ID and VERSION_ID of os-release(5). Another one is refused before anything is touched. */
export const supportedReleases: Readonly<Record<string, readonly string[]>> = {
	debian: ['12', '13'],
	ubuntu: ['22.04', '24.04', '26.04'],
};

/** For the person: which systems boxwizard knows. */
export const supportedNames = 'Debian 12 and 13, Ubuntu 22.04, 24.04 and 26.04';

export function isSupported(os: {readonly id: string; readonly version: string}): boolean {
	return supportedReleases[os.id]?.includes(os.version) ?? false;
}
