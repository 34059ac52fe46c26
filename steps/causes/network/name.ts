import type {Cause} from '../../../source/contract/cause.ts';

export const unknownName: Cause = {
	id: 'network/name',
	title: ({host = 'a name'}) => `The box finds no address for ${host}.`,
	match: [
		/getaddrinfo (?:ENOTFOUND|EAI_AGAIN) (?<host>[\w.-]+)/,
		/Failed to resolve '(?<host>[^']+)'/,
		/could not translate host name "(?<host>[^"]+)" to address/,
		/Unknown (?:MySQL|MariaDB) server host '(?<host>[^']+)'/,
		/\[Errno -[235]\] (?:Name or service not known|Temporary failure in name resolution|No address associated with hostname)/,
	],
	means: () =>
		'The app asks for another machine by a name that DNS does not know, or the box’s own resolver does not answer.',
	next: ({host = 'deb.debian.org'}) =>
		`Try it on the box: getent hosts ${host}. A wrong name stands in the .env file; a dead resolver in /etc/resolv.conf.`,
};
