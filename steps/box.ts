import type {Step} from '../source/contract/step.ts';
import {adminUser} from './account/adminUser.ts';
import {authorizedKeys} from './account/authorizedKeys.ts';
import {ufw} from './firewall/ufw.ts';
import {postfix} from './mail/postfix.ts';
import {mysql, postgresql} from './services/database/server.ts';
import {nginx} from './services/nginx.ts';
import {packages} from './services/packages.ts';
import {redis} from './services/redis.ts';
import {elasticsearch} from './services/search/elasticsearch.ts';
import {supervisor} from './services/supervisor.ts';
import {uv} from './services/uv.ts';
import {fail2ban} from './ssh/fail2ban.ts';
import {hardening} from './ssh/hardening.ts';
import {clock} from './system/clock.ts';
import {hostname} from './system/hostname.ts';
import {locale} from './system/locale.ts';
import {ready} from './system/ready.ts';
import {reboot} from './system/reboot.ts';
import {swap} from './system/swap.ts';
import {unattendedUpgrades} from './system/unattendedUpgrades.ts';
import {upgrade} from './system/upgrade.ts';
import {authorityCertificate} from './tls/authorityCertificate.ts';
import {reminder} from './tls/reminder.ts';
import {renewal} from './tls/renewal.ts';

/** What every box goes through, before any app. */
export const box: readonly Step[] = [
	// The box itself.
	ready,
	clock,
	swap,
	locale,
	hostname,
	upgrade,
	packages,
	unattendedUpgrades,
	reboot,
	// Who may come in, and through which doors.
	adminUser,
	authorizedKeys,
	hardening,
	fail2ban,
	ufw,
	// What its apps share.
	postfix,
	mysql,
	postgresql,
	redis,
	elasticsearch,
	supervisor,
	uv,
	nginx,
	authorityCertificate,
];

/** What looks after all apps together, once they are there. */
export const afterApps: readonly Step[] = [renewal, reminder];
