import type {AppOnBox} from '../../source/contract/diagnosis/cause.ts';
import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';
import {debianPackage} from '../python/packages/distribution.ts';
import {asOwner, pythonOf, slug} from './commands.ts';

/** Modules whose package has another name on PyPI. */
const distributions: Readonly<Record<string, string>> = {
	bs4: 'beautifulsoup4',
	cv2: 'opencv-python-headless',
	dateutil: 'python-dateutil',
	// Left Python with 3.12.
	distutils: 'setuptools',
	dotenv: 'python-dotenv',
	jwt: 'PyJWT',
	MySQLdb: 'mysqlclient',
	PIL: 'Pillow',
	pkg_resources: 'setuptools',
	psycopg2: 'psycopg2-binary',
	serial: 'pyserial',
	sklearn: 'scikit-learn',
	slugify: 'python-slugify',
	yaml: 'PyYAML',
};

/** The name that a module's package has on PyPI, as far as it is known; most have that of the module. */
export function distributionOf(module: string): string {
	const [top = module] = module.split('.');
	return distributions[top] ?? top.replaceAll('_', '-');
}

/** Installs the package of a module that requirements.txt does not name, into the app's virtual environment. */
export function installPackage(app: AppOnBox, module: string): Fix[] {
	const [top = module] = module.split('.');
	const python = pythonOf(app);
	if (python === undefined || !/^[A-Za-z_]\w*$/.test(top)) return [];
	const name = distributionOf(module);
	return [
		fixOf({
			name: `package-${slug(name)}`,
			title: `Install ${name}`.slice(0, 40),
			why: `${name} goes into the app’s own environment. Add it to requirements.txt too, or the next release is without it.`,
			check: async $ => {
				// Never as root: a package may have something run whenever its Python starts. And it leaves no file behind.
				const answer = await $`owner=$(stat -c %U -- ${app.folder}/venv/.); echo "$owner"
own() { runuser -u "$owner" -- env -C ${app.folder} PYTHONDONTWRITEBYTECODE=1 ${python} "$@"; }
own -c ${`import importlib.util; print('there' if importlib.util.find_spec('${top}') else 'missing')`}; if own -m pip --version > /dev/null 2>&1; then echo pip; fi`;
				const [owner = 'root', state, pip] = answer.split('\n');
				return {owner, missing: state === 'missing', pip: pip === 'pip'};
			},
			done: ({missing}) => !missing,
			apply($, {owner, pip}) {
				if (!pip) return $.packages([debianPackage(name)]);
				$.within(
					60,
				)`${asOwner(owner, app.folder)} ${python} -m pip install --disable-pip-version-check --no-input --progress-bar off ${name}`;
			},
			undo($, {owner, pip}) {
				if (!pip) return $.removePackages();
				$`${asOwner(owner, app.folder)} ${python} -m pip uninstall --yes --quiet ${name}`;
			},
		}),
	];
}
