import {compareVersions, pinOf} from '../../../reading/versions.ts';
import {topOf} from './pins.ts';
import type {Requirement} from './requirements.ts';

/**
 * The first releases that do without pkg_resources, which setuptools has not any more since 82: what is older and free to take the newest
 * setuptools does not start. https://setuptools.pypa.io/en/latest/history.html#v82-0-0, and each one's own history.
 */
const withoutPkgResources: Readonly<Record<string, string>> = {gunicorn: '21', apscheduler: '3.10.2'};

/** Packages that must be there in another version than the newest, so that what is pinned runs: 'setuptools<82'. */
export function packagesBeside(requirements: readonly Requirement[]): string[] {
	const isHeld = requirements.some(({name, specifier}) => name === 'setuptools' && specifier !== '');
	const needsOld = requirements.some(({name, specifier}) => {
		const version = pinOf(specifier) ?? topOf(specifier);
		const first = withoutPkgResources[name];
		return first !== undefined && version !== undefined && compareVersions(version, first) < 0;
	});
	return needsOld && !isHeld ? ['setuptools<82'] : [];
}
