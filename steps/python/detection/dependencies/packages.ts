import type {DetectedPackage} from '../../../../source/contract/detection.ts';
import {compareVersions, pinOf} from '../../../reading/versions.ts';
import {distributions, markerHolds} from './markers.ts';
import {topOf} from './pins.ts';
import type {Requirement} from './requirements.ts';

/** What a Python package needs of Debian and Ubuntu. */
type Need = {
	/** Header files and tools, while it is compiled. */
	readonly build?: string;
	/** Libraries and programs, while it runs. */
	readonly run?: string;
	/**
	 * The first release with ready-made wheels for Linux and Python 3.11: pinned below it, it is compiled. 'never' has none at all. Left out:
	 * there have always been some.
	 */
	readonly wheelsSince?: string;
};

/** By the names of PyPI. From the packages' own install pages and the files that PyPI lists for them. */
const needs: Readonly<Record<string, Need>> = {
	psycopg2: {build: 'libpq-dev', run: 'libpq5', wheelsSince: 'never'},
	'psycopg-c': {build: 'libpq-dev', run: 'libpq5', wheelsSince: 'never'},
	psycopg: {run: 'libpq5'},
	'psycopg2-binary': {build: 'libpq-dev', run: 'libpq5', wheelsSince: '2.9.5'},
	mysqlclient: {build: 'default-libmysqlclient-dev pkg-config', run: 'libmariadb3', wheelsSince: 'never'},
	pymssql: {build: 'freetds-dev', wheelsSince: '2.2.6'},
	pyodbc: {build: 'unixodbc-dev', run: 'unixodbc', wheelsSince: '4.0.35'},
	pillow: {build: 'libjpeg-dev zlib1g-dev libfreetype6-dev libwebp-dev libtiff-dev', wheelsSince: '9.3.0'},
	cffi: {build: 'libffi-dev', wheelsSince: '1.16'},
	cryptography: {build: 'libssl-dev libffi-dev pkg-config', wheelsSince: '3.0'},
	lxml: {build: 'libxml2-dev libxslt1-dev', wheelsSince: '4.9.2'},
	bcrypt: {build: 'libffi-dev', wheelsSince: '3.1.7'},
	'argon2-cffi': {build: 'libffi-dev', wheelsSince: '20.1.0'},
	pynacl: {build: 'libffi-dev libsodium-dev', wheelsSince: '1.4.0'},
	'python-ldap': {build: 'libldap2-dev libsasl2-dev libssl-dev', run: 'libldap-common', wheelsSince: 'never'},
	'django-auth-ldap': {build: 'libldap2-dev libsasl2-dev libssl-dev', wheelsSince: 'never'},
	'flask-simpleldap': {build: 'libldap2-dev libsasl2-dev libssl-dev', wheelsSince: 'never'},
	pycairo: {build: 'libcairo2-dev pkg-config', run: 'libcairo2', wheelsSince: 'never'},
	cairocffi: {build: 'libffi-dev', run: 'libcairo2'},
	cairosvg: {run: 'libcairo2'},
	rlpycairo: {build: 'libcairo2-dev pkg-config', run: 'libcairo2', wheelsSince: 'never'},
	svglib: {build: 'libcairo2-dev pkg-config'},
	pygobject: {build: 'libgirepository1.0-dev libcairo2-dev pkg-config', wheelsSince: 'never'},
	'dbus-python': {build: 'libdbus-1-dev libglib2.0-dev pkg-config', wheelsSince: 'never'},
	weasyprint: {run: 'libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0'},
	'django-weasyprint': {run: 'libpango-1.0-0 libpangoft2-1.0-0'},
	xhtml2pdf: {build: 'libcairo2-dev pkg-config', run: 'libcairo2', wheelsSince: 'never'},
	pdfkit: {run: 'wkhtmltopdf'},
	'django-wkhtmltopdf': {run: 'wkhtmltopdf'},
	imgkit: {run: 'wkhtmltopdf'},
	uwsgi: {build: '', wheelsSince: 'never'},
	pycurl: {build: 'libcurl4-openssl-dev libssl-dev', wheelsSince: '7.45.3'},
	pygraphviz: {build: 'libgraphviz-dev pkg-config', run: 'graphviz', wheelsSince: 'never'},
	graphviz: {run: 'graphviz'},
	pydot: {run: 'graphviz'},
	xmlsec: {build: 'libxmlsec1-dev pkg-config', run: 'libxmlsec1-openssl', wheelsSince: '1.3.14'},
	'python3-saml': {build: 'libxmlsec1-dev pkg-config', run: 'libxmlsec1-openssl'},
	pysaml2: {run: 'xmlsec1'},
	djangosaml2: {run: 'xmlsec1'},
	'python-magic': {run: 'libmagic1'},
	pytesseract: {run: 'tesseract-ocr'},
	pdf2image: {run: 'poppler-utils'},
	pdftotext: {build: 'libpoppler-cpp-dev pkg-config', run: 'libpoppler-cpp0v5', wheelsSince: 'never'},
	pyzbar: {run: 'libzbar0'},
	'opencv-python': {run: 'libgl1 libglib2.0-0'},
	'opencv-contrib-python': {run: 'libgl1 libglib2.0-0'},
	'opencv-python-headless': {run: 'libglib2.0-0'},
	pydub: {run: 'ffmpeg'},
	'ffmpeg-python': {run: 'ffmpeg'},
	moviepy: {run: 'ffmpeg'},
	'openai-whisper': {run: 'ffmpeg'},
	wand: {run: 'libmagickwand-6.q16-6'},
	gdal: {build: 'libgdal-dev', run: 'gdal-bin', wheelsSince: 'never'},
	shapely: {build: 'libgeos-dev', wheelsSince: '2.0'},
	rasterio: {build: 'libgdal-dev', wheelsSince: '1.3.4'},
	fiona: {build: 'libgdal-dev', wheelsSince: '1.8.22'},
	h5py: {build: 'libhdf5-dev pkg-config', wheelsSince: '3.8'},
	pyaudio: {build: 'portaudio19-dev', run: 'libportaudio2', wheelsSince: 'never'},
	soundfile: {run: 'libsndfile1'},
	librosa: {run: 'libsndfile1'},
	'python-snappy': {build: 'libsnappy-dev', wheelsSince: '0.7'},
	'confluent-kafka': {build: 'librdkafka-dev', wheelsSince: '1.9.2'},
	gmpy2: {build: 'libgmp-dev libmpfr-dev libmpc-dev', wheelsSince: '2.1.5'},
	'python-systemd': {build: 'libsystemd-dev pkg-config', wheelsSince: 'never'},
	'systemd-python': {build: 'libsystemd-dev pkg-config', wheelsSince: 'never'},
	pykerberos: {build: 'libkrb5-dev', wheelsSince: 'never'},
	kerberos: {build: 'libkrb5-dev', wheelsSince: 'never'},
	gssapi: {build: 'libkrb5-dev', run: 'libgssapi-krb5-2', wheelsSince: 'never'},
	'requests-kerberos': {build: 'libkrb5-dev'},
	m2crypto: {build: 'libssl-dev swig', wheelsSince: 'never'},
	pylibmc: {build: 'libmemcached-dev zlib1g-dev', run: 'libmemcached11', wheelsSince: '1.6.3'},
	rrdtool: {build: 'librrd-dev', run: 'librrd8', wheelsSince: 'never'},
	pysqlcipher3: {build: 'libsqlcipher-dev', wheelsSince: 'never'},
	bjoern: {build: 'libev-dev', wheelsSince: 'never'},
	gevent: {build: 'libffi-dev', wheelsSince: '22.10.2'},
	greenlet: {build: '', wheelsSince: '2.0.0'},
	numpy: {build: '', wheelsSince: '1.23.2'},
	scipy: {build: 'libopenblas-dev gfortran pkg-config', wheelsSince: '1.9.2'},
	pandas: {build: '', wheelsSince: '1.5.0'},
	matplotlib: {build: 'libfreetype6-dev pkg-config', wheelsSince: '3.6.1'},
	pyyaml: {build: 'libyaml-dev', wheelsSince: '6.0'},
	markupsafe: {build: '', wheelsSince: '2.1.1'},
	regex: {build: '', wheelsSince: '2022.9.11'},
	psutil: {build: '', wheelsSince: '5.7.0'},
	aiohttp: {build: '', wheelsSince: '3.8.3'},
	uvloop: {build: '', wheelsSince: '0.17.0'},
	httptools: {build: '', wheelsSince: '0.5.0'},
	asyncpg: {build: '', wheelsSince: '0.27.0'},
	orjson: {build: 'cargo', wheelsSince: '3.8.0'},
	reportlab: {build: 'libfreetype6-dev', wheelsSince: '3.6.12'},
	pycrypto: {build: '', wheelsSince: 'never'},
	ujson: {build: '', wheelsSince: '5.5.0'},
	'python-levenshtein': {build: '', wheelsSince: '0.20.3'},
	'scikit-learn': {build: '', wheelsSince: '1.1.3'},
	grpcio: {build: 'libssl-dev zlib1g-dev', wheelsSince: '1.49.1'},
	'backports-zoneinfo': {build: '', wheelsSince: 'never'},
	'zope-interface': {build: '', wheelsSince: '5.5.0'},
	rcssmin: {build: '', wheelsSince: '1.1.1'},
	rjsmin: {build: '', wheelsSince: '1.2.1'},
	hiredis: {build: '', wheelsSince: '2.0.0'},
	cchardet: {build: '', wheelsSince: 'never'},
	bitarray: {build: '', wheelsSince: '2.6.0'},
	lz4: {build: '', wheelsSince: '4.0.2'},
	pyjnius: {build: 'default-jdk-headless', wheelsSince: '1.5'},
	jpype1: {run: 'default-jre-headless'},
	tabula: {run: 'default-jre-headless'},
	'tabula-py': {run: 'default-jre-headless'},
	pypandoc: {run: 'pandoc'},
	pyenchant: {run: 'libenchant-2-2'},
	'python-nmap': {run: 'nmap'},
};

/** What every build of a C extension needs beside its own headers. */
const compiler = ['build-essential', 'python3-dev'];

/**
 * Packages of the distribution that these dependencies need to compile or to run. Where a lock file says that there is no ready-made package,
 * that counts; else the first release that had one.
 */
export function readPackages(requirements: readonly Requirement[]): DetectedPackage[] {
	const found: DetectedPackage[] = [];
	const add = (names: string | undefined, of: string, when: DetectedPackage['when']) => {
		for (const name of (names ?? '').split(' ').filter(Boolean))
			if (!found.some(one => one.name === name && one.when === when)) found.push({name, for: of, when});
	};
	for (const requirement of requirements.filter(isInstalled)) {
		const need = needs[requirement.name];
		if (isCompiled(requirement, need)) {
			for (const name of compiler) add(name, requirement.written, 'build');
			add(need?.build, requirement.written, 'build');
		}

		if (requirement.name !== 'psycopg' || !requirement.extras.includes('binary'))
			add(need?.run, requirement.written, 'run');
		if (requirement.name === 'psycopg' && requirement.extras.includes('c'))
			for (const name of [...compiler, 'libpq-dev']) add(name, 'psycopg[c]', 'build');
		if (/^git\+/.test(requirement.url ?? '')) add('git', requirement.written, 'build');
	}

	return found;
}

/** Whether the Python of any distribution installs it. */
function isInstalled({marker}: Requirement): boolean {
	return marker === undefined || Object.keys(distributions).some(python => markerHolds(marker, python));
}

function isCompiled(requirement: Requirement, need: Need | undefined): boolean {
	if (need?.wheelsSince === 'never') return true;
	if (requirement.hasWheel !== undefined) return need?.build !== undefined && !requirement.hasWheel;
	const version = pinOf(requirement.specifier) ?? topOf(requirement.specifier);
	if (!need?.wheelsSince || version === undefined) return false;
	return compareVersions(version, need.wheelsSince) < 0;
}
