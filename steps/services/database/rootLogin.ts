import type {Conflict} from '../../../source/contract/option.ts';
import {Secret, secretly} from '../../../source/contract/secret.ts';
import type {Hand, Probe} from '../../../source/contract/step.ts';
import type {TroubleParts} from '../../../source/contract/trouble.ts';

/** The server that doesn't let root in through its socket; '' where root comes in, or no server runs. */
export type ShutServer = 'MariaDB' | 'MySQL' | 'PostgreSQL' | '';

/** What clients read of root's when root calls them: mysqldump's manual, "Option files". */
const clientFile = '/root/.my.cnf';
const startFile = '/run/boxwizard-root-login.sql';

/** Root of the box is root of its database, unless somebody gave that account a password: then nothing here gets in. */
export async function readShut($: Probe): Promise<ShutServer> {
	const answer = await $`if command -v mysql > /dev/null; then mysql --execute 'select 1' 2>&1; mysql --version; fi`;
	// ER_ACCESS_DENIED_ERROR and ER_ACCESS_DENIED_NO_PASSWORD_ERROR
	if (!/^ERROR (1045|1698) /m.test(answer)) return '';
	return answer.includes('MariaDB') ? 'MariaDB' : 'MySQL';
}

export async function rootConflict($: Probe): Promise<Conflict | undefined> {
	const shut = await readShut($);
	if (shut === '') return undefined;
	return {
		option: 'databaseRoot',
		what: `${shut}’s root has a password, and this box’s root does not get in without it.`,
		means: 'The app’s database is made, saved and looked at as root.',
		choices: {
			// MySQL knows no account with two ways in.
			...(shut === 'MariaDB' && {
				socket:
					'root of this box gets in as well, through the socket; the password stays as it is. It takes a restart; undo takes it back',
			}),
			password: `you give it (databaseRootPassword), and it is kept in ${clientFile}, which root alone can read; undo takes that away`,
		},
	};
}

/** Lets root in through the socket besides: said by the server itself as it starts, so nobody has to know the password. */
export function letRootIn($: Hand, unit: string): void {
	$.input(socketToo)`install -m 0640 -o root -g mysql /dev/stdin ${startFile}`;
	// MariaDB's unit hands these options on (mariadbd's --init-file).
	$`systemctl set-environment MYSQLD_OPTS=--init-file=${startFile}; code=0; systemctl restart ${unit} || code=$?; systemctl unset-environment MYSQLD_OPTS; rm -f ${startFile}; [ $code = 0 ]`;
}

export function shutRootOut($: Hand): void {
	$.input(socketNoMore)`mysql`;
}

/** Has root's clients give the password. What it replaces is put back where the server refuses it. */
export function keepRootPassword($: Hand, password: Secret): void {
	$.file(clientFile, secretly`[client]\nuser=root\npassword="${escaped(password)}"\n`, {mode: '0600'});
	$`mysql --execute 'select 1' > /dev/null || { restore_kept; false; }`;
}

/** The server does not take the password that was given. */
export function explainRefusal(log: readonly string[]): TroubleParts | undefined {
	const said = log.filter(line =>
		/^ERROR (1045|1698) |no password supplied|FATAL: .*(authentication failed|pg_hba\.conf)/.test(line),
	);
	if (said.length === 0) return undefined;
	return {
		what: 'The database server does not let its administrator in that way.',
		means: 'It was tried once. Nothing of the server was changed, and the file that would keep it is gone again.',
		next: 'Give the right password (databaseRootPassword, postgresAdminPassword), or choose the other way, and retry.',
		evidence: said,
		code: 'database-root-refused',
	};
}

export function forgetRootPassword($: Hand): void {
	$.restore(clientFile);
}

/** A backslash begins an escape in option files; quotes around a value end at the line's last one. */
const escaped = (password: Secret) => new Secret(password.reveal().replaceAll('\\', '\\\\'));

const root = "User = 'root' AND Host = 'localhost'";
const way = "JSON_SEARCH(Priv, 'one', 'unix_socket', NULL, '$.auth_or')";

/** How MariaDB itself keeps “VIA … OR unix_socket” since 10.4 (mysql.global_priv): the first of the list is the account's own way. */
const socketToo = `UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.auth_or', JSON_ARRAY_APPEND(COALESCE(JSON_QUERY(Priv, '$.auth_or'), JSON_ARRAY(JSON_OBJECT())), '$', JSON_OBJECT('plugin', 'unix_socket'))) WHERE ${root} AND ${way} IS NULL;
FLUSH PRIVILEGES;
`;

const socketNoMore = `UPDATE mysql.global_priv SET Priv = JSON_REMOVE(Priv, REPLACE(JSON_UNQUOTE(${way}), '.plugin', '')) WHERE ${root} AND ${way} IS NOT NULL;
FLUSH PRIVILEGES;
`;
