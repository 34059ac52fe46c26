import {z} from 'zod';
import {fileIs} from '../../source/contract/file-fact.ts';
import {defineStep} from '../../source/contract/step.ts';
import {boxName} from '../options/hostname.ts';
import {options} from '../options/shared.ts';
import {removeLeftovers} from '../services/leftovers.ts';
import {postfixSelections} from '../services/postfixSelections.ts';
import {readUnits} from '../system/units.ts';
import {outgoingRoute} from './outgoingRoute.ts';
import {passwordFile, passwordLine, relayAddress, relayOptions} from './relay.ts';

const main = '/etc/postfix/main.cf';
const service = 'postfix.service';

/** Mail from the app and from the box goes out; none comes in. */
export const postfix = defineStep({
	id: 'mail/postfix',
	title: 'Outgoing mail',
	why: 'The app sends mail (a forgotten password) through the box, and the box writes to you when something needs you. It takes no mail from outside.',
	needs: ['system/hostname', 'services/packages'],
	options: z.object({
		domain: options.domain,
		hostname: options.hostname,
		email: options.email,
		mail: options.mail,
		...relayOptions,
	}),
	wanted: ({mail}) => mail !== 'none',
	// As its package has it, it would take mail from everywhere.
	packages: answers => [
		{name: 'postfix', startsLater: service, selections: postfixSelections},
		...(answers.mail === 'relay' ? ['libsasl2-modules'] : []),
	],
	async check($, answers) {
		const relayed = answers.mail === 'relay';
		const [found, settings, aliases, alias, password, units] = await Promise.all([
			$.file(main),
			$`postconf ${Object.keys(mainSettings(answers))}`,
			$.file('/etc/aliases'),
			$`grep -x ${`root: ${answers.email}`} /etc/aliases`,
			$.file(passwordFile),
			readUnits($),
		]);
		return {
			configured: found !== null,
			settings: settings.split('\n'),
			aliases: aliases !== null,
			alias: alias !== '',
			password: relayed ? fileIs(password, passwordLine(answers)) : password === null,
			active: units[service].active,
			running: units[service].enabled && units[service].active,
		};
	},
	done: (facts, answers) =>
		facts.running &&
		facts.alias &&
		facts.password &&
		settingLines(answers).every(line => facts.settings.includes(line)),
	apply($, {active, aliases, password, configured}, answers) {
		if (answers.mail === 'relay') $.file(passwordFile, passwordLine(answers));
		else if (!password) $.remove(passwordFile);
		$.backup(main);
		if (configured) $`postconf -e ${settingLines(answers)}`;
		else $`bash -c ${makeMain} bash ${[...packageSettings, ...settingLines(answers)]}`;
		// It is whole. Postfix's programs would wait for two seconds before they believe that (dict_load_file_xt() in its util/dict.c).
		$`touch --date=${'5 seconds ago'} ${main}`;
		if (!aliases) $.line('/etc/aliases', 'postmaster: root', '^postmaster:');
		$.line('/etc/aliases', `root: ${answers.email}`, '^root:');
		$`newaliases`;
		$`systemctl unmask --quiet ${service}`;
		$.service(service, 'enable');
		// A reload does not change the addresses that it listens on.
		if (active) $.service(service, 'restart');
		$.input(testMail(answers))`sendmail -i -f ${`root@${boxName(answers)}`} ${answers.email}`;
		// What became of it, for the log: the answer of the other side, if it comes soon.
		const outcome = `to=<${answers.email}>.* status=`;
		$`grep --max-count=1 ${outcome} <(timeout 10 journalctl --follow --since=-5s --output=cat SYSLOG_FACILITY=2) || echo 'Queued: no answer yet.'`;
	},
	undo($, {aliases, running, configured = true, ...before}) {
		// An earlier version of this step brought packages of its own; the first one did not say what was there already.
		const {missing = [], residue} = before as Brought;
		for (const path of [main, '/etc/aliases', passwordFile]) $.restore(path);
		// The package makes both files and leaves them behind; Debian 13's leaves even the server running.
		if (!aliases) $`rm -f /etc/aliases /etc/aliases.db`;
		if (missing.includes('postfix')) $`systemctl stop ${service} || true`;
		// Without its settings there was nothing yet that it would have read.
		else if (aliases && !configured) $`rm -f /etc/aliases.db`;
		else if (aliases) $`newaliases`;
		$.removePackages();
		if (residue) removeLeftovers($, missing, residue);
		$.service(service, running ? 'restart' : 'disable');
	},
	notUndone:
		'Mail that is already sent stays sent. Where the mail server came with this step, mail that still waits in its queue goes with it.',
	verify: outgoingRoute,
});

/** The settings that its package makes on a new box, beside those that it has in files (postfix.postinst of Debian 12 and 13). */
const packageSettings = [
	'smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination',
	'alias_maps = hash:/etc/aliases',
	'alias_database = hash:/etc/aliases',
	'mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128',
	'mailbox_size_limit = 0',
	'recipient_delimiter = +',
	'inet_protocols = all',
];

/** main.cf as its package makes it, with the settings that are this script's arguments: all of it, or none. */
const makeMain = `set -e; draft=/etc/postfix/boxwizard; stock=/usr/share/postfix
mkdir -p "$draft"
{ cat "$stock/main.cf.debian"; if [ -f /etc/ssl/private/ssl-cert-snakeoil.key ]; then cat "$stock/main.cf.tls"; fi; } > "$draft/main.cf"
postconf -c "$draft" -e "$@"
sync "$draft/main.cf"
mv "$draft/main.cf" ${main}
rm -r "$draft"`;

type Brought = {readonly missing?: readonly string[]; readonly residue?: readonly string[]};

type Answers = {
	readonly domain: string;
	readonly hostname?: string | undefined;
	readonly email: string;
	readonly mail: string;
	readonly relayHost: string;
	readonly relayPort: number;
};

/** Settings of postconf(5). */
function mainSettings({email, mail, ...answers}: Answers): Record<string, string> {
	const domain = boxName(answers);
	// Mail to your own address must leave the box, also where your mailbox has the app's domain.
	const own = email.endsWith(`@${domain}`) ? '' : '$myhostname, ';
	const relayed = mail === 'relay';
	return {
		myhostname: domain,
		myorigin: '/etc/mailname',
		mydestination: `${own}localhost.$mydomain, localhost`,
		inet_interfaces: 'loopback-only',
		relayhost: relayed ? relayAddress(answers) : '',
		smtp_tls_security_level: relayed ? 'encrypt' : 'may',
		smtp_sasl_auth_enable: relayed ? 'yes' : 'no',
		smtp_sasl_password_maps: relayed ? `texthash:${passwordFile}` : '',
		smtp_sasl_tls_security_options: 'noanonymous',
	};
}

/** As postconf writes them. */
function settingLines(answers: Answers): string[] {
	return Object.entries(mainSettings(answers)).map(([name, value]) => `${name} = ${value}`.trimEnd());
}

function testMail({email, ...answers}: Answers): string {
	const domain = boxName(answers);
	return [
		`From: ${domain} <root@${domain}>`,
		`To: ${email}`,
		`Subject: ${domain} can send mail`,
		'',
		'This is a test. Nothing needs to be done.',
		'',
	].join('\n');
}
