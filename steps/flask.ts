import type {Recipe} from '../source/contract/step.ts';
import {adminUser} from './account/adminUser.ts';
import {authorizedKeys} from './account/authorizedKeys.ts';
import {database} from './app/database.ts';
import {deployKey} from './app/deployKey.ts';
import {environment} from './app/environment.ts';
import {layout} from './app/layout.ts';
import {appOnBox} from './app/onBox.ts';
import {online} from './app/online.ts';
import {release} from './app/release.ts';
import {goLive} from './app/switchRelease.ts';
import {records} from './dns/records.ts';
import {ufw} from './firewall/ufw.ts';
import {postfix} from './mail/postfix.ts';
import {dependencies} from './python/dependencies.ts';
import {rehearsal} from './python/loadCheck.ts';
import {migrations} from './python/migrations.ts';
import {web} from './python/server.ts';
import {translations} from './python/translations.ts';
import {worker} from './python/worker.ts';
import {server} from './services/database/server.ts';
import {packages} from './services/packages.ts';
import {elasticsearch} from './services/search/elasticsearch.ts';
import {fail2ban} from './ssh/fail2ban.ts';
import {hardening} from './ssh/hardening.ts';
import {basePackages} from './system/basePackages.ts';
import {clock} from './system/clock.ts';
import {hostname} from './system/hostname.ts';
import {locale} from './system/locale.ts';
import {ready} from './system/ready.ts';
import {reboot} from './system/reboot.ts';
import {swap} from './system/swap.ts';
import {unattendedUpgrades} from './system/unattendedUpgrades.ts';
import {upgrade} from './system/upgrade.ts';
import {certificate} from './tls/certificate.ts';
import {preflight} from './tls/preflight.ts';
import {reminder} from './tls/reminder.ts';
import {renewal} from './tls/renewal.ts';
import {nginx} from './web/nginx.ts';

/** A Flask app behind nginx, from a bare box to HTTPS. */
export const flask: Recipe = {
	name: 'flask',
	title: 'Flask app',
	description: 'Python, gunicorn, MariaDB, PostgreSQL or SQLite, Redis jobs, nginx and a certificate.',
	steps: [
		// The box itself.
		ready,
		clock,
		swap,
		locale,
		hostname,
		upgrade,
		basePackages,
		unattendedUpgrades,
		reboot,
		// Who may come in, and through which doors.
		adminUser,
		authorizedKeys,
		hardening,
		fail2ban,
		ufw,
		// What the app stands on.
		packages,
		postfix,
		server,
		elasticsearch,
		// The app, made ready beside what runs, then switched to.
		layout,
		deployKey,
		release,
		dependencies,
		environment,
		database,
		translations,
		rehearsal,
		migrations,
		goLive,
		worker,
		web,
		// The way to it.
		nginx,
		records,
		preflight,
		certificate,
		renewal,
		reminder,
		online,
	],
	defaults: {},
	app: appOnBox,
	deploy: [release, dependencies, environment, translations, rehearsal, migrations, goLive, worker, web].map(
		step => step.id,
	),
};
