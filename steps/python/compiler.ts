import type {TroubleParts} from '../../source/contract/trouble.ts';

/** What a build by pip misses, and what brings it. The patterns are messages of pip, compilers and the packages' own setup scripts. */
type Lack = {readonly pattern: RegExp; readonly what: string; readonly next: string};

const buildTools = 'Let boxwizard install them: the option buildTools (--set buildTools=true), then try again.';

/** Each of them is needed beside the compiler, so they come first. */
const lacks: readonly Lack[] = [
	{
		pattern: /pg_config executable not found|libpq-fe\.h: No such file/,
		what: 'the headers of PostgreSQL',
		next: 'Write psycopg2-binary in requirements.txt in place of psycopg2: it comes ready-made. Or keep it, with `apt-get install libpq-dev` on the box and --set buildTools=true.',
	},
	{
		pattern: /mysql_config|Can not find valid pkg-config name|MYSQLCLIENT_CFLAGS|mysql\.h: No such file/,
		what: 'the headers of MySQL',
		next: 'Take mysqlclient out of requirements.txt: boxwizard installs PyMySQL, which needs no compiler. Or keep it, with `apt-get install default-libmysqlclient-dev pkg-config` on the box and --set buildTools=true.',
	},
	{pattern: /Python\.h: No such file/, what: 'the headers of Python', next: buildTools},
	...headers({
		'ffi.h': 'libffi-dev',
		'openssl/': 'libssl-dev',
		'libxml/': 'libxml2-dev libxslt1-dev',
		'libxslt/': 'libxml2-dev libxslt1-dev',
		'jpeglib.h': 'libjpeg-dev zlib1g-dev',
		'zlib.h': 'zlib1g-dev',
		'lber.h': 'libldap2-dev libsasl2-dev',
		'ldap.h': 'libldap2-dev libsasl2-dev',
		'sasl/': 'libldap2-dev libsasl2-dev',
	}),
	{
		pattern: /\.h: No such file or directory/,
		what: 'a header file',
		next: 'The last lines name it: `apt-get install` the -dev package it belongs to on the box, then try again.',
	},
	{
		pattern:
			/(?:unable to execute|command) '?[\w./-]*(?:gcc|cc|g\+\+|c\+\+|clang)'?:? (?:failed: )?No such file|No such file or directory: '[\w./-]*(?:gcc|g\+\+|cc|c\+\+)'|(?:gcc|cc|g\+\+|make): (?:command )?not found|need a C compiler|No C compiler|C compiler cannot|Unknown compiler/i,
		what: 'a compiler',
		next: buildTools,
	},
];

function headers(packages: Readonly<Record<string, string>>): Lack[] {
	return Object.entries(packages).map(([header, names]) => ({
		pattern: new RegExp(`\\b${header.replace('.', '\\.')}\\S*: No such file`),
		what: `the header files of ${names.replaceAll(/-dev|\d/g, '').replace(' ', ' and ')}`,
		next: `\`apt-get install ${names}\` on the box, and --set buildTools=true, then try again.`,
	}));
}

/** Why pip could not build what came without a ready-made wheel; undefined where the log says nothing of it. */
export function explainBuild(log: readonly string[]): TroubleParts | undefined {
	const lack = lacks.find(({pattern}) => log.some(line => pattern.test(line)));
	if (!lack) return undefined;
	const name = nameOf(log);
	const first = log.findIndex(line => lack.pattern.test(line));
	return {
		what: `${name ?? 'A package of requirements.txt'} has to be compiled, and the box has not got ${lack.what}.`,
		means:
			'PyPI has no ready-made wheel of it for this Python, so pip tried to build it. Nothing of the app that runs was touched.',
		next: lack.next,
		evidence: log
			.slice(first, first + 6)
			.map(line => line.trim())
			.filter(line => line !== ''),
		code: 'needs-compiler',
	};
}

/** The package that was being built: pip says so at the end, or began with it. */
function nameOf(log: readonly string[]): string | undefined {
	const failed = log.findLast(line => /Failed (?:building wheel for|to build) /.test(line));
	const said = /Failed (?:building wheel for|to build(?: installable wheels)?) (?!installable)(\S+)/.exec(
		failed ?? '',
	)?.[1];
	const collected = log.findLast(line => line.startsWith('Collecting '));
	return said ?? /^Collecting ([\w.-]+)/.exec(collected ?? '')?.[1];
}
