import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {installDebian} from '../../fixes/debianPackages.ts';

/** What a compiler or a setup script of a package asks for, and the Debian packages that bring it. */
type Header = {
	/** After 'python/build-'. */
	readonly id: string;
	readonly what: string;
	readonly match: readonly RegExp[];
	readonly packages: readonly string[];
	/** What spares the compiling. */
	readonly instead?: string;
};

const headers: readonly Header[] = [
	{
		id: 'postgresql',
		what: 'psycopg2 is built from source, and the headers of PostgreSQL are missing.',
		match: [
			/pg_config executable not found/,
			/pg_config is required to build psycopg2/,
			/fatal error: libpq-fe\.h: No such file/,
		],
		packages: ['libpq-dev', 'build-essential', 'python3-dev'],
		instead: 'psycopg2-binary comes ready-made',
	},
	{
		id: 'mysql',
		what: 'mysqlclient is built from source, and the headers of MySQL are missing.',
		match: [
			/mysql_config: (?:command )?not found|mysql_config not found/,
			/Can not find valid pkg-config name/,
			/Trying pkg-config --exists (?:mysqlclient|mariadb|libmariadb)/,
			/Specify MYSQLCLIENT_CFLAGS and MYSQLCLIENT_LDFLAGS env vars manually/,
			/fatal error: mysql\.h: No such file/,
		],
		packages: ['default-libmysqlclient-dev', 'pkg-config', 'build-essential', 'python3-dev'],
		instead: 'PyMySQL needs no compiler, and boxwizard installs it',
	},
	{
		id: 'images',
		what: 'Pillow is built from source, and the headers of its image formats are missing.',
		match: [
			/RequiredDependencyException: (?:jpeg|zlib)/,
			/The headers or library files could not be found for (?:jpeg|zlib)/,
			/fatal error: (?:jpeglib|zlib|tiff|png)\.h: No such file/,
		],
		packages: ['libjpeg-dev', 'zlib1g-dev', 'build-essential', 'python3-dev'],
		instead: 'a newer Pillow has a ready-made wheel',
	},
	{
		id: 'xml',
		what: 'lxml or xmlsec is built from source, and the headers of libxml2 and libxslt are missing.',
		match: [
			/Please make sure the libxml2 and libxslt development packages are installed/,
			/fatal error: libxml\/\S+\.h: No such file/,
			/fatal error: libxslt\/\S+\.h: No such file/,
			/Unable to invoke pkg-config|xmlsec1 is not installed or not in path/,
		],
		packages: ['libxml2-dev', 'libxslt1-dev', 'build-essential', 'python3-dev'],
		instead: 'a newer lxml has a ready-made wheel',
	},
	{
		id: 'ffi',
		what: 'A package (cffi, bcrypt, cryptography) is built from source, and the headers of libffi are missing.',
		match: [/fatal error: ffi\.h: No such file/, /No package 'libffi' found/],
		packages: ['libffi-dev', 'build-essential', 'python3-dev'],
	},
	{
		id: 'openssl',
		what: 'A package is built from source, and the headers of OpenSSL are missing.',
		match: [/fatal error: openssl\/\S+\.h: No such file/, /Could not find directory of OpenSSL installation/],
		packages: ['libssl-dev', 'pkg-config', 'build-essential', 'python3-dev'],
		instead: 'a newer cryptography has a ready-made wheel',
	},
	{
		id: 'ldap',
		what: 'python-ldap is built from source, and the headers of OpenLDAP and SASL are missing.',
		match: [/fatal error: (?:lber|ldap|sasl\/sasl|sasl)\.h: No such file/],
		packages: ['libldap2-dev', 'libsasl2-dev', 'build-essential', 'python3-dev'],
	},
	{
		id: 'python-headers',
		what: 'A package is built from source, and the headers of Python are missing.',
		match: [/fatal error: Python\.h: No such file/],
		packages: ['python3-dev', 'build-essential'],
	},
	{
		id: 'geos',
		what: 'A package of maps needs GDAL, GEOS or PROJ of the system.',
		match: [
			/Could not find the GDAL library/,
			/gdal-config: (?:command )?not found|A GDAL API version must be specified/,
			/Could not find lib geos_c\.so|geos-config: (?:command )?not found/,
		],
		packages: ['libgdal-dev', 'gdal-bin', 'libgeos-dev'],
	},
	{
		id: 'cairo',
		what: 'A package of graphics needs Cairo or Pango of the system.',
		match: [
			/no library called "cairo-2" was found|cannot load library 'libcairo/,
			/Dependency "cairo" not found|No package 'cairo' found/,
			/cannot load library '(?:libpango|pango|libgobject|gobject)-[\w.-]+'/,
		],
		packages: ['libcairo2-dev', 'libpango-1.0-0', 'libpangoft2-1.0-0', 'pkg-config'],
	},
	{
		id: 'odbc',
		what: 'pyodbc needs the headers and library of unixODBC.',
		match: [/fatal error: sql\.h: No such file/, /libodbc\.so\.2: cannot open shared object file/],
		packages: ['unixodbc-dev', 'build-essential', 'python3-dev'],
	},
	{
		id: 'memcached',
		what: 'pylibmc needs the headers of libmemcached.',
		match: [/fatal error: libmemcached\/memcached\.h: No such file/],
		packages: ['libmemcached-dev', 'zlib1g-dev', 'build-essential', 'python3-dev'],
	},
	{
		id: 'curl',
		what: 'pycurl is built from source, and the headers of libcurl are missing.',
		match: [/curl-config: (?:command )?not found|Could not run curl-config/],
		packages: ['libcurl4-openssl-dev', 'libssl-dev', 'build-essential', 'python3-dev'],
	},
	{
		id: 'rust',
		what: 'A package is built from source, and it needs the compiler of Rust.',
		match: [
			/can't find Rust compiler|Rust compiler not found|error: cargo, the Rust package manager, is not installed/i,
			/Cargo, the Rust package manager, is not installed or is not on PATH/,
		],
		packages: ['cargo', 'build-essential', 'python3-dev'],
		instead: 'a newer release of it, or of the Python, has a ready-made wheel',
	},
	{
		id: 'fortran',
		what: 'numpy or scipy is built from source, for want of a wheel that fits this Python.',
		match: [
			/No Fortran compiler found|Unknown compiler\(s\): \[\['?gfortran/,
			/No (?:lapack|blas)\/(?:blas|lapack) resources found|Dependency "OpenBLAS" not found/i,
		],
		packages: ['gfortran', 'libopenblas-dev', 'build-essential', 'python3-dev'],
		instead: 'raise the pin: newer releases have a wheel for this Python',
	},
	{
		id: 'compiler',
		what: 'A package is built from source, and the box has no compiler.',
		match: [
			/(?:unable to execute|command) '?[\w./-]{0,60}(?:gcc|cc|g\+\+|c\+\+|clang)'?:? (?:failed: )?No such file/,
			/No such file or directory: '[\w./-]{0,60}(?:gcc|g\+\+|cc|c\+\+)'/,
			/(?:^|[\s:])(?:gcc|cc|g\+\+)(?::|\s) *(?:command )?not found/,
			/need a C compiler|No C compiler|configure: error: no acceptable C compiler found/i,
			/Unknown compiler\(s\): \[\['?cc'?/,
		],
		packages: ['build-essential', 'python3-dev'],
	},
	{
		id: 'distutils',
		what: 'The Python of the box came without the module that makes environments.',
		match: [
			/The virtual environment was not created successfully because ensurepip is not\s?$|ensurepip is not available|No module named '?(?:ensurepip|venv)'?/,
		],
		packages: ['python3-venv', 'python3-pip'],
	},
];

/** The package that was being built: pip and uv say so at the end, or pip began with it. */
const builtPackage = [
	/(?:Failed building wheel for|Failed to build(?: installable wheels for some pyproject\.toml based projects \()?|Failed to build `|Building wheel for) ?(?<name>(?!installable)[\w.-]+)/,
	/^Collecting (?<name>[\w.-]+)/,
];

/** What pip and uv could not compile. */
export const pythonBuild: readonly Cause[] = [
	...headers.map(
		({id, what, match, packages, instead}): Cause => ({
			id: `python/build-${id}`,
			title: ({name = 'A package'}) => what.replace(/^A package(?: \([^)]*\))?/, name),
			adds: builtPackage,
			match,
			over: ['python/build', 'python/build-other-header', 'python/shared-library', 'process/unknown-command'],
			means:
				'There was no ready-made wheel that fits this Python, so the installer compiled it, and what that needs is not on the box. Nothing of the app that runs was touched.',
			next: `${instead === undefined ? '' : `Either ${instead}; or i`}${instead === undefined ? 'I' : ''}nstall ${packages.join(', ')} on the box, and try again.`,
			fixes: () => [
				installDebian(packages, 'What the build asks for comes from the distribution; then the step goes on.'),
			],
		}),
	),
	{
		id: 'python/build-other-header',
		depth: 'kind',
		title: ({header, name = 'A package'}) => `${name} is built from source, and the header ${header} is missing.`,
		adds: builtPackage,
		match: [/fatal error: (?<header>[\w./+-]+\.(?:h|hpp)): No such file or directory/],
		over: ['python/build'],
		means: 'The header belongs to a library whose -dev package is not on the box.',
		next: ({header}) =>
			`The Debian package that has ${header} (most often lib…-dev) must be on the box. Then try again.`,
	},
	{
		id: 'python/use-2to3',
		title: ({name = 'A package'}) => `${name} is pinned too old to be built: it uses use_2to3.`,
		match: [/error in (?<name>[\w.-]+) setup command: use_2to3 is invalid/],
		over: ['python/build'],
		means:
			'setuptools 58 dropped use_2to3, which packages of the time of Python 2 were built with. No setting brings it back.',
		next: ({name}) =>
			`Raise ${name} in requirements.txt to a release that Python 3 can install, push, and deploy again.`,
	},
	{
		id: 'python/too-old-to-build',
		title: ({name = 'A package'}) => `${name} is pinned too old for the Python of the box.`,
		adds: builtPackage,
		match: [
			/AttributeError: module 'pkgutil' has no attribute 'ImpImporter'/,
			/AttributeError: module 'configparser' has no attribute 'SafeConfigParser'/,
			/AttributeError: 'build_ext' object has no attribute 'cython_sources'|AttributeError: cython_sources/,
			/error: (?:longintrepr\.h: No such file|too few arguments to function ‘_PyLong_AsByteArray’|‘PyThreadState’ .*has no member named ‘(?:exc_type|use_tracing)’)/,
			/fatal error: longintrepr\.h: No such file/,
			/PyUnicode_(?:GET_SIZE|AS_UNICODE)|‘Py_UNICODE’ undeclared/,
			/the configured Python interpreter version \((?<has>[\d.]+)\) is newer than PyO3's maximum supported version/,
		],
		over: ['python/build', 'python/build-other-header', 'python/build-compiler'],
		means:
			'It is built from source with the Python of the box, which is newer than that release of the package knows. Headers and compilers are there; it is the pin.',
		next: 'Raise the pin to a release that has a wheel for this Python, or name an older Python in .python-version.',
	},
	{
		id: 'python/sklearn-name',
		title: 'requirements.txt asks for “sklearn”, which is no package.',
		match: [/The 'sklearn' PyPI package is deprecated, use 'scikit-learn'/],
		over: ['python/build'],
		means: 'The name on PyPI is scikit-learn; sklearn is only the module.',
		next: 'Write scikit-learn in place of sklearn, push, and deploy again.',
	},
	{
		id: 'python/build',
		depth: 'after',
		title: ({name = 'A package'}) => `${name} could not be built.`,
		match: [
			/error: command '[^']{1,80}(?:gcc|g\+\+|cc|clang)' failed with exit (?:status|code) 1\b/,
			/ERROR: Failed building wheel for (?<name>[\w.-]+)/,
			/ERROR: Failed to build (?:installable wheels for some pyproject\.toml based projects \()?(?<name>[\w.-]+)/,
			/error: subprocess-exited-with-error/,
			/Getting requirements to build wheel did not run successfully/,
			/(?:Failed to build|Failed to download and build) `(?<name>[\w.-]+)==/,
		],
		unless: /^Successfully installed /,
		means: 'There was no ready-made wheel that fits this Python, and compiling it failed. The lines above say at what.',
		next: 'Read the first error above; often a newer release of the package has a wheel.',
	},
];
