import type {Examination} from '../../source/examination.ts';
import {accountSudoers} from './accountSudoers.ts';
import {appMigrations} from './appMigrations.ts';
import {appPackages} from './appPackages.ts';
import {appTranslations} from './appTranslations.ts';
import {dnsPoints} from './dnsPoints.ts';
import {firewallPorts} from './firewallPorts.ts';
import {mailQueue} from './mailQueue.ts';
import {processDown} from './processDown.ts';
import {processReload} from './processReload.ts';
import {sshDoor} from './sshDoor.ts';
import {sshReload} from './sshReload.ts';
import {systemBoot} from './systemBoot.ts';
import {systemClock} from './systemClock.ts';
import {systemDisk} from './systemDisk.ts';
import {systemFailed} from './systemFailed.ts';
import {systemLogs} from './systemLogs.ts';
import {systemMemory} from './systemMemory.ts';
import {systemOom} from './systemOom.ts';
import {systemReboot} from './systemReboot.ts';
import {systemReload} from './systemReload.ts';
import {systemUpgrades} from './systemUpgrades.ts';
import {tlsExpiry} from './tlsExpiry.ts';
import {tlsRenewal} from './tlsRenewal.ts';
import {tlsServed} from './tlsServed.ts';
import {webAnswers} from './webAnswers.ts';
import {webReload} from './webReload.ts';

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
];
