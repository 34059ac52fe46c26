import {z} from 'zod';
import {defineExamination} from '../../source/examination.ts';
import {dependencies} from '../app/dependencies.ts';
import {debianPackage, requirementNames} from '../app/distribution.ts';
import {as, placesOf, readRelease} from '../app/places.ts';
import {options} from '../options.ts';
import {atMost, linesOf, several} from './words.ts';

/** A package that was added to requirements.txt and never installed: the app dies at its next start. */
export const appPackages = defineExamination({
	id: 'app/packages',
	title: 'Python packages',
	options: z.object({app: options.app, user: options.user, pythonPackages: dependencies.options.shape.pythonPackages}),
	async look($, {app}) {
		const {current, next} = placesOf(app);
		const [release, requirements, source, installed] = await Promise.all([
			readRelease($, app),
			$`cd ${next} || cd ${current} || exit; cat requirements.txt`,
			$`cd ${next} || cd ${current} || exit; cut -d ' ' -f 1 venv/installed; grep include-system-site-packages venv/pyvenv.cfg`,
			$`cd ${next} || cd ${current} || exit; ls venv/lib/python3*/site-packages; grep -qs 'packages = true' venv/pyvenv.cfg && ls /usr/lib/python3/dist-packages`,
		]);
		const distribution = source.includes('= true');
		const versions = installedVersions(installed);
		return {
			release,
			distribution,
			missing: requirementNames(requirements).filter(name => !versions.has(normal(name))),
			// The distribution has its own versions: there the names count.
			different: distribution
				? []
				: pinned(requirements).filter(({name, version}) => ![undefined, version].includes(versions.get(normal(name)))),
		};
	},
	judge({missing, different, release}) {
		if (missing.length + different.length === 0) return undefined;
		const found = missing.length + different.length;
		return {
			severity: missing.length > 0 ? 'bad' : 'warning',
			title: `${several(found, 'package')} of requirements.txt ${found === 1 ? 'is' : 'are'} not installed as it says`,
			means:
				missing.length > 0
					? 'The app dies at its next start: “No module named …”.'
					: 'The app runs with other versions than it was tried with.',
			evidence: atMost([
				...missing.map(name => `${name}: not in ${release}/venv`),
				...different.map(({name, version}) => `${name}: not ${version}`),
			]),
		};
	},
	fix: ({missing, release, distribution}, answers) => ({
		title: 'Install what requirements.txt names',
		why: 'They are installed into the app’s own environment. The app uses them from its next start on.',
		apply($) {
			if (distribution) $.packages(missing.map(debianPackage));
			else
				$`${as(answers.user, release)} venv/bin/python -m pip install --disable-pip-version-check --no-input --progress-bar off --requirement requirements.txt`;
		},
		undo($) {
			$.removePackages();
		},
		keeps: 'Python packages in the app’s own environment.',
	}),
});

/** PEP 503: 'Flask_SQLAlchemy' is 'flask-sqlalchemy'. */
function normal(name: string): string {
	return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

/** Versions by name, of folders such as 'Flask_SQLAlchemy-3.1.1.dist-info' (PEP 376) and '….egg-info'. */
function installedVersions(listing: string): ReadonlyMap<string, string> {
	const found = linesOf(listing).flatMap(line => {
		const [, name, version] =
			/^([\w.]+?(?:-[a-z][\w.]*)*)-(\d[^-/]*)(?:-py[\d.]+)?\.(?:dist|egg)-info$/i.exec(line) ?? [];
		return name === undefined || version === undefined ? [] : [[normal(name), version] as const];
	});
	return new Map(found);
}

/** Requirements that name one version: 'Flask==3.0.0'. */
function pinned(requirements: string): {name: string; version: string}[] {
	return linesOf(requirements).flatMap(line => {
		const [, name, version] =
			/^\s*([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*==\s*([\w.+!-]+)\s*(?:$|[;#])/.exec(line) ?? [];
		return name === undefined || version === undefined ? [] : [{name, version}];
	});
}
