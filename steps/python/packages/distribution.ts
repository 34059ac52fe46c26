/** Requirements whose Debian package is not simply called python3-NAME. */
const names: Readonly<Record<string, string>> = {
	'flask-wtf': 'python3-flaskext.wtf',
	'psycopg2-binary': 'python3-psycopg2',
	'python-dotenv': 'python3-dotenv',
	'python-dateutil': 'python3-dateutil',
	'python-slugify': 'python3-slugify',
	beautifulsoup4: 'python3-bs4',
	pillow: 'python3-pil',
	pyjwt: 'python3-jwt',
	pyyaml: 'python3-yaml',
	mysqlclient: 'python3-mysqldb',
	gunicorn: 'gunicorn',
};

/** The Debian package of a requirement ('Flask-SQLAlchemy' → 'python3-flask-sqlalchemy'); names are compared as PEP 503 has it. */
export function debianPackage(requirement: string): string {
	const name = requirement.toLowerCase().replaceAll(/[-_.]+/g, '-');
	return names[name] ?? `python3-${name.replace(/^python-/, '')}`;
}

/**
 * Markers that hold on no box: another system, or a Python older than that of any supported release. Exports of uv and
 * poetry write them. Before pip is there nobody can tell of the others: their lines count, and so do those with an `or`.
 */
const elsewhere = [
	/^[^;#]*;(?!.*\bor\b).*\b(?:sys_platform|platform_system|os_name)\s*==\s*["'](?!linux|posix)/i,
	/^[^;#]*;(?!.*\bor\b).*\bpython(?:_full)?_version\s*<=?\s*["'](?:2|3\.\d\b)/,
	/^[^;#]*;(?!.*\bor\b).*\bpython(?:_full)?_version\s*<\s*["']3\.10["']/,
];

/** The names in a requirements.txt, without versions, markers, options and comments (pip: Requirements File Format). */
export function requirementNames(text: string): string[] {
	return text
		.split('\n')
		.filter(line => !elsewhere.some(marker => marker.test(line)))
		.flatMap(line => /^\s*([A-Za-z0-9][\w.-]*)\s*(?:$|[[<>=!~;#@,\s])/.exec(line)?.[1] ?? []);
}
