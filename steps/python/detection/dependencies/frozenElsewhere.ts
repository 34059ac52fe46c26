import {pinOf} from '../../../reading/versions.ts';
import type {Requirement} from './requirements.ts';

/** Lines that a freeze took over from a machine of another sort. */
const junk: readonly (readonly [name: RegExp, what: string, why: string])[] = [
	[
		/^(?:pywin32|pywinpty|pypiwin32|pywin32-ctypes|win32-setctime|wincertstore|win-inet-pton|winshell|wmi|pyreadline|comtypes|winrt-\S+)$/,
		'Windows',
		'exists on Windows alone',
	],
	[/^(?:pkg-resources|pkg_resources)$/, 'an old Ubuntu', 'is an artefact of Ubuntu’s pip, and no package of PyPI'],
	[/^(?:appnope|pyobjc(?:-\S+)?|applaunchservices|py-applescript)$/, 'a Mac', 'exists on macOS alone'],
	[
		/^(?:python-apt|apt-xapian-index|command-not-found|distro-info|language-selector|ubuntu-drivers-common|ubuntu-advantage-tools|ubuntu-pro-client|ufw|unattended-upgrades|cloud-init|ssh-import-id|systemd-python|python-debian|screen-resolution-extra|xkit|usb-creator|brlapi|cupshelpers|pycups|louis|macaroonbakery|gyp|lazr-\S+|launchpadlib|dbus-python|pygobject)$/,
		'the system Python of Ubuntu',
		'belongs to the system there, and is not on PyPI or does not build',
	],
	[
		/^(?:mkl-fft|mkl-random|mkl-service|mkl|conda|conda-\S+|menuinst|anaconda-\S+|navigator-updater|pycosat|ruamel-yaml-conda|libarchive-c)$/,
		'conda',
		'comes from conda, and is not on PyPI',
	],
];

export type Junk = {readonly requirement: Requirement; readonly from: string; readonly why: string};

/** Requirements that can't be installed on a Linux box whatever its Python; those under a marker that leaves them out don't count. */
export function findJunk(requirements: readonly Requirement[]): Junk[] {
	return requirements.flatMap(requirement => {
		if (requirement.marker && /win32|darwin|Windows|platform_system|sys_platform|os_name/.test(requirement.marker))
			return [];
		if (/^file:/.test(requirement.url ?? '')) {
			const from = /croot|conda|ci_|_build\/|\/tmp\/build|feedstock|opt\/conda/.test(requirement.url ?? '')
				? 'conda'
				: 'another machine';
			return [{requirement, from, why: 'points to a folder that only that machine has'}];
		}

		const known = junk.find(([name]) => name.test(requirement.name));
		// These two are on PyPI as well, for whoever asks for them by hand.
		if (
			!known ||
			(/^(?:dbus-python|pygobject|ufw|conda|systemd-python|pycups)$/.test(requirement.name) &&
				pinOf(requirement.specifier) === undefined)
		)
			return [];
		return [{requirement, from: known[1], why: known[2]}];
	});
}
