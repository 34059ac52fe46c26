import type {Examination} from '../../source/contract/diagnosis/examination.ts';
import {accountSudoers} from './account/sudoers.ts';
import {appDjango} from './app/django.ts';
import {processJobs} from './app/jobs.ts';
import {appMigrations} from './app/migrations.ts';
import {appPackages} from './app/packages.ts';
import {processDown} from './app/processDown.ts';
import {processReload} from './app/processReload.ts';
import {appTranslations} from './app/translations.ts';
import {firewallPorts} from './firewall/ports.ts';
import {mailQueue} from './mail/queue.ts';
import {sshDoor} from './ssh/door.ts';
import {sshReload} from './ssh/reload.ts';
import {systemBoot} from './system/boot.ts';
import {systemClock} from './system/clock.ts';
import {systemDisk} from './system/disk.ts';
import {systemFailed} from './system/failed.ts';
import {systemLogs} from './system/logs.ts';
import {systemMemory} from './system/memory.ts';
import {systemOom} from './system/oom.ts';
import {systemReboot} from './system/reboot.ts';
import {systemReload} from './system/reload.ts';
import {systemUpgrades} from './system/upgrades.ts';
import {tlsExpiry} from './tls/expiry.ts';
import {tlsRenewal} from './tls/renewal.ts';
import {tlsServed} from './tls/served.ts';
import {webAnswers} from './web/answers.ts';
import {dnsPoints} from './web/dnsPoints.ts';
import {webReload} from './web/reload.ts';

/** All that the doctor looks at; what is wrong alike is told in this order, and mended in it: what others stand on comes first. */
export const examinations: readonly Examination[] = [
	sshDoor,
	accountSudoers,
	firewallPorts,
	systemDisk,
	systemMemory,
	systemReload,
	systemFailed,
	systemBoot,
	appPackages,
	appMigrations,
	appTranslations,
	processDown,
	processReload,
	processJobs,
	webReload,
	webAnswers,
	dnsPoints,
	tlsExpiry,
	tlsServed,
	tlsRenewal,
	sshReload,
	mailQueue,
	systemClock,
	systemOom,
	systemLogs,
	systemUpgrades,
	systemReboot,
	appDjango,
];
