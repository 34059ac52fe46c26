import {z} from 'zod';
import {fileIs} from '../../source/contract/file-fact.ts';
import type {Options} from '../../source/contract/option.ts';
import {defineStep} from '../../source/contract/step.ts';
import {options as shared} from '../options/shared.ts';
import {readUnits} from '../system/units.ts';
import {isLeftToOther} from '../web/ports.ts';
import {authorityOptions, certbotCommand, certbotEnvironment, serverWords} from './authority.ts';
import {readCertbot} from './facts.ts';

/** certbot runs what lies here after each renewal; without it nginx goes on with the old certificate. */
const hookPath = '/etc/letsencrypt/renewal-hooks/deploy/reload-nginx';

const hook = `#!/bin/sh
# nginx reads certificates only when it starts or reloads.
nginx -t && systemctl reload nginx
`;

const timers = {apt: 'certbot.timer', snap: 'snap.certbot.renew.timer'} as const;

const stepOptions = z.object({domain: shared.domain, otherWebServer: shared.otherWebServer, ...authorityOptions});

type StepOptions = Options<(typeof stepOptions)['shape']>;

/** The certificate is renewed by itself, and nginx takes it up. */
export const renewal = defineStep({
	id: 'tls/renewal',
	title: 'Renewal',
	why: 'Certificates live for weeks, and nobody writes to you any more before they end. A timer renews them and nginx takes the new one up; both are tried now, not in two months.',
	needs: ['tls/certificate'],
	options: stepOptions,
	declined: isLeftToOther,
	async check($, options) {
		const [found, units, hooked, apt, snap] = await Promise.all([
			readCertbot($),
			readUnits($),
			$.file(hookPath),
			$.file(dropInPath('apt')),
			$.file(dropInPath('snap')),
		]);
		const certbot: keyof typeof timers = found === 'snap' ? 'snap' : 'apt';
		const timer = timers[certbot];
		const dropIn = {apt, snap}[certbot];
		const environment = dropInLines(options);
		return {
			certbot,
			timer: units[timer].enabled && units[timer].active,
			hooked: fileIs(hooked, hook, {mode: '0755'}),
			environment: environment === '' ? dropIn === null : fileIs(dropIn, environment),
		};
	},
	done: facts => facts.timer && facts.hooked && facts.environment,
	apply($, facts, options) {
		// First of all, so that a renewal that can't work is never taken for one in place. A dry run leaves the hooks out.
		$`${certbotCommand(options)} renew --dry-run --no-random-sleep-on-renew --cert-name ${options.domain} ${serverWords(options)}`;
		$.file(hookPath, hook, {mode: '0755'});
		$`${hookPath}`;
		const environment = dropInLines(options);
		if (environment !== '') $.file(dropInPath(facts.certbot), environment);
		else if (!facts.environment) $.remove(dropInPath(facts.certbot));
		if (!facts.environment) $`systemctl daemon-reload`;
		if (!facts.timer) $.service(timers[facts.certbot], 'enable');
	},
	undo($, before) {
		$.restore(hookPath);
		$.restore(dropInPath(before.certbot));
		$`systemctl daemon-reload`;
		if (!before.timer) $.service(timers[before.certbot], 'disable');
	},
});

function dropInPath(certbot: keyof typeof timers): string {
	return `/etc/systemd/system/${timers[certbot].replace('.timer', '.service')}.d/boxwizard.conf`;
}

/** The renewal trusts the CA as the first issue did (systemd.exec(5), Environment=). */
function dropInLines(options: StepOptions): string {
	const environment = certbotEnvironment(options);
	return environment.length === 0
		? ''
		: ['[Service]', ...environment.map(word => `Environment=${word}`), ''].join('\n');
}
