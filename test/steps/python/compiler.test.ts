import {expect, test} from 'vitest';
import {dependencies} from '../../../steps/python/dependencies.ts';

/** Lines as pip 23 printed them on a Debian 12 without a compiler. */
const logs = [
	{
		name: 'psycopg2',
		log: [
			'Collecting psycopg2==2.9.9',
			'      Error: pg_config executable not found.',
			'error: metadata-generation-failed',
		],
		what: 'psycopg2 has to be compiled, and the box has not got the headers of PostgreSQL.',
		next: 'psycopg2-binary',
	},
	{
		name: 'mysqlclient',
		log: [
			'Collecting mysqlclient==2.2.4',
			'      /bin/sh: 1: pkg-config: not found',
			'      Exception: Can not find valid pkg-config name.',
			'error: subprocess-exited-with-error',
		],
		what: 'mysqlclient has to be compiled, and the box has not got the headers of MySQL.',
		next: 'PyMySQL',
	},
	{
		name: 'uwsgi',
		log: [
			'Collecting uwsgi==2.0.24',
			'      Exception: you need a C compiler to build uWSGI',
			'error: legacy-install-failure',
		],
		what: 'uwsgi has to be compiled, and the box has not got a compiler.',
		next: 'buildTools=true',
	},
	{
		name: 'python-ldap',
		log: [
			'Collecting pyasn1',
			"      error: [Errno 2] No such file or directory: 'x86_64-linux-gnu-gcc'",
			'  ERROR: Failed building wheel for python-ldap',
			'Failed to build python-ldap',
		],
		what: 'python-ldap has to be compiled, and the box has not got a compiler.',
		next: 'buildTools=true',
	},
	{
		name: 'a compiler without the headers of Python',
		log: [
			'      foo.c:1:10: fatal error: Python.h: No such file or directory',
			"      error: command '/usr/bin/x86_64-linux-gnu-gcc' failed with exit code 1",
			'Failed to build foo',
		],
		what: 'foo has to be compiled, and the box has not got the headers of Python.',
		next: 'buildTools=true',
	},
	{
		name: 'the header of a library',
		log: ['      c/_cffi.c:15:10: fatal error: ffi.h: No such file or directory', 'Failed to build cffi'],
		what: 'cffi has to be compiled, and the box has not got the header files of libffi.',
		next: 'libffi-dev',
	},
	{
		name: 'any other header',
		log: ['      x.c:1:10: fatal error: hdf5.h: No such file or directory', 'Failed to build h5py'],
		what: 'h5py has to be compiled, and the box has not got a header file.',
		next: '-dev package',
	},
];

test.each(logs)('a build that fails is told by what is missing: $name', ({log, what, next}) => {
	expect(dependencies.explain?.(log)).toMatchObject({
		what,
		next: expect.stringContaining(next),
		code: 'needs-compiler',
	});
});

test('another failure is not taken for one', () => {
	const log = ['Collecting nothing-such', 'ERROR: No matching distribution found for nothing-such'];
	expect(dependencies.explain?.(log)).toBeUndefined();
});
