import {z} from 'zod';
import {quote} from '../../source/contract/command.ts';
import {reminderDays} from '../../source/contract/due.ts';
import {fileIs} from '../../source/contract/file-fact.ts';
import {Secret, secretly} from '../../source/contract/secret.ts';
import {defineStep} from '../../source/contract/step.ts';
import {boxName} from '../options/hostname.ts';
import {secret} from '../options/secret.ts';
import {options as shared} from '../options/shared.ts';
import {timerStamp} from '../system/units.ts';
import {isLeftToOther} from '../web/ports.ts';

const scriptPath = '/usr/local/sbin/certificate-reminder';
const webhookPath = '/etc/certificate-reminder.webhook';
const unit = 'certificate-reminder';
const servicePath = `/etc/systemd/system/${unit}.service`;
const timerPath = `/etc/systemd/system/${unit}.timer`;

const stepOptions = {
	domain: shared.domain,
	hostname: shared.hostname,
	sites: shared.sites,
	otherWebServer: shared.otherWebServer,
	email: shared.email,
	mail: shared.mail,
	reminder: z.enum(['mail', 'webhook', 'off']).default('mail').meta({
		title: 'Reminders',
		description: 'How the box warns you itself before a certificate ends: by mail, or to a chat’s webhook.',
		detail: true,
	}),
	reminderWebhook: secret(
		{
			title: 'Webhook',
			description: 'Its https address, as your chat shows it. It is a secret: who knows it can write there.',
			when: {reminder: ['webhook']},
			detail: true,
			recall: () => `sed -n 's/^url = "\\(.*\\)"$/\\1/p' ${webhookPath}`,
		},
		// It stands in a curl configuration file, in quotation marks.
		z
			.instanceof(Secret)
			.refine(address => /^https:\/\/[^\s"\\]{1,500}$/.test(address.reveal()), 'An https address: https://…'),
	),
};

type Answers = {
	readonly domain: string;
	readonly hostname?: string | undefined;
	readonly sites: readonly {readonly domain: string; readonly aliases: readonly string[]}[];
	readonly email: string;
	readonly reminder: string;
	readonly reminderWebhook: Secret;
};

/** The box looks every day itself: a second pair of eyes, for the day your own machine is off. */
export const reminder = defineStep({
	id: 'tls/reminder',
	title: 'Reminders',
	why: 'A renewal that fails makes no noise, and nobody else writes to you. The box looks every day at what it serves, and warns you in time, by a short script that you can read.',
	needs: ['tls/certificate'],
	options: z.object(stepOptions),
	declined: isLeftToOther,
	wanted: ({reminder: way, mail}) => way === 'webhook' || (way === 'mail' && mail !== 'none'),
	async check($, answers) {
		const [script, webhook, service, timer, state] = await Promise.all([
			$.file(scriptPath),
			$.file(webhookPath),
			$.file(servicePath),
			$.file(timerPath),
			$`systemctl is-active ${unit}.timer`,
		]);
		return {
			script: fileIs(script, scriptOf(answers), {mode: '0755'}),
			webhook: answers.reminder === 'webhook' ? fileIs(webhook, webhookFile(answers)) : webhook === null,
			units: fileIs(service, serviceFile) && fileIs(timer, timerFile),
			timer: state === 'active',
		};
	},
	done: ({script, webhook, units, timer}) => script && webhook && units && timer,
	apply($, facts, answers) {
		$.file(scriptPath, scriptOf(answers), {mode: '0755'});
		if (answers.reminder === 'webhook') $.file(webhookPath, webhookFile(answers));
		else if (!facts.webhook) $.remove(webhookPath);
		$.file(servicePath, serviceFile);
		$.file(timerPath, timerFile);
		$`systemctl daemon-reload`;
		$.service(`${unit}.timer`, 'enable');
		// Now, and not tomorrow: whether it works is seen here. It tells only what is due.
		$.service(`${unit}.service`, 'start');
	},
	undo($, before) {
		if (!before.timer) $.service(`${unit}.timer`, 'disable');
		for (const path of [scriptPath, webhookPath, servicePath, timerPath]) $.restore(path);
		$`systemctl daemon-reload`;
		if (!before.timer) $`rm -rf /var/lib/${unit} ${timerStamp(unit)}`;
		// What an earlier version of this step has brought.
		$.removePackages();
	},
	notUndone: 'Reminders that were sent.',
});

function webhookFile({reminderWebhook}: Answers): Secret {
	return secretly`url = "${reminderWebhook}"\n`;
}

const serviceFile = `[Unit]
Description=Warns before a certificate of this box ends

[Service]
Type=oneshot
ExecStart=${scriptPath}
StateDirectory=${unit}
`;

const timerFile = `[Unit]
Description=Looks every day whether a certificate of this box ends soon

[Timer]
OnCalendar=daily
RandomizedDelaySec=1h
Persistent=true

[Install]
WantedBy=timers.target
`;

/** sh, openssl and date do it all. Names hold nothing that the shell knows: see hostnameSchema. */
function scriptOf(answers: Answers): string {
	const {sites, email, reminder: way} = answers;
	const names = [...new Set(sites.flatMap(({domain, aliases}) => [domain, ...aliases]))].join(' ');
	return `#!/bin/sh
# Warns ${reminderDays.join(', ')} days before a certificate that this box serves ends, once each. Run every day by
# ${unit}.timer. What was told stands in /var/lib/${unit}: one file a name, "end days".
set -u
state=/var/lib/${unit}
failed=0

# What the world gets under this name; where nothing is served, what certbot keeps.
certificate() {
	openssl s_client -connect localhost:443 -servername "$1" < /dev/null 2> /dev/null | openssl x509 2> /dev/null ||
		${keptCertificate(sites)}
}

# seconds FIELD < CERTIFICATE: its startdate or enddate since 1970.
seconds() {
	moment=$(openssl x509 -noout "-$1") && date -d "\${moment#*=}" +%s
}

${sendOf(way, email, boxName(answers))}
for name in ${names}; do
	pem=$(certificate "$name") && end=$(echo "$pem" | seconds enddate) && start=$(echo "$pem" | seconds startdate) || {
		echo "No certificate was found for $name." >&2
		failed=1
		continue
	}
	now=$(date +%s)
	days=$(((end - now) / 86400))
	life=$(((end - start) / 86400))
	# certbot renews in the last third of a long life: it gets two days for that.
	first=${reminderDays[0]}
	if [ "$life" -ge 40 ] && [ $((life / 3 - 2)) -lt "$first" ]; then first=$((life / 3 - 2)); fi
	due=
	for threshold in ${reminderDays.join(' ')}; do
		if [ "$days" -le "$threshold" ] && [ "$days" -le "$first" ]; then due=$threshold; fi
	done
	if [ "$end" -lt "$now" ]; then due=0; fi
	if [ -z "$due" ]; then continue; fi
	# Told before: the same certificate, as near to its end or nearer.
	if [ -f "$state/$name" ]; then
		read -r told_end told_due < "$state/$name"
		if [ "$told_end" = "$end" ] && [ "$told_due" -le "$due" ]; then continue; fi
	fi
	if [ "$due" = 0 ]; then what="The certificate of $name is over"; else what="The certificate of $name ends in $days day(s)"; fi
	if send "$what" "Its end is $(date -u -d "@$end" +%F), and it was not renewed. See why: sudo certbot renew --dry-run"; then
		echo "$end $due" > "$state/$name"
	else
		failed=1
	fi
done
exit "$failed"
`;
}

/** What prints the certificate that certbot keeps for a name ("$1"). */
function keptCertificate(sites: Answers['sites']): string {
	const [first, ...others] = sites;
	if (others.length === 0) return `cat "/etc/letsencrypt/live/${first?.domain ?? ''}/cert.pem"`;
	const cases = sites.map(
		({domain, aliases}) => `${[domain, ...aliases].join('|')}) cat "/etc/letsencrypt/live/${domain}/cert.pem" ;;`,
	);
	return `case $1 in ${cases.join(' ')} esac`;
}

/** The function that sends TITLE and BODY. */
function sendOf(way: string, email: string, domain: string): string {
	if (way === 'webhook') {
		return `# The address is a secret: curl reads it from a file. "text" is what Slack and Mattermost show, "content" what Discord does.
send() {
	printf '{"text": "%s. %s", "content": "%s. %s"}' "$1" "$2" "$1" "$2" |
		curl --silent --show-error --fail --max-time 30 --output /dev/null \\
			--config ${webhookPath} --header 'Content-Type: application/json' --data-binary @-
}
`;
	}

	const sender = `root@${domain}`;
	return `send() {
	printf 'From: %s\\nTo: %s\\nSubject: %s\\n\\n%s.\\n%s\\n' ${quote(sender)} ${quote(email)} "$1" "$1" "$2" |
		sendmail -i -f ${quote(sender)} ${quote(email)}
}
`;
}
