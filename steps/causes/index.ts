import type {Cause} from '../../source/contract/cause.ts';
import {denied} from './database/denied.ts';
import {forgottenMigration} from './database/forgottenMigration.ts';
import {lostMigration} from './database/lostMigration.ts';
import {readOnly} from './database/readOnly.ts';
import {refused} from './database/refused.ts';
import {unknownDatabase} from './database/unknown.ts';
import {missingFile} from './files/missing.ts';
import {permission} from './files/permission.ts';
import {unwritable} from './files/unwritable.ts';
import {foreignCertificate} from './network/certificate.ts';
import {unknownName} from './network/name.ts';
import {nginxConfiguration} from './nginx/configuration.ts';
import {upstreamCut} from './nginx/cut.ts';
import {nginxDown} from './nginx/down.ts';
import {upstreamRefused} from './nginx/refused.ts';
import {upstreamTimeout} from './nginx/timeout.ts';
import {tooLarge} from './nginx/tooLarge.ts';
import {missingNodeFile} from './node/missingFile.ts';
import {missingNodePackage} from './node/missingPackage.ts';
import {nodeModules} from './node/modules.ts';
import {nodeSyntax} from './node/syntax.ts';
import {wrongNodeVersion} from './node/wrongVersion.ts';
import {missingFolder} from './process/missingFolder.ts';
import {missingProgram} from './process/missingProgram.ts';
import {missingUser} from './process/missingUser.ts';
import {notRestarted} from './process/notRestarted.ts';
import {portInUse} from './process/portInUse.ts';
import {slow} from './process/slow.ts';
import {stale} from './process/stale.ts';
import {changedPackage} from './python/changedPackage.ts';
import {circularImport} from './python/circularImport.ts';
import {encoding} from './python/encoding.ts';
import {missingOwnModule} from './python/missingOwnModule.ts';
import {missingPackage} from './python/missingPackage.ts';
import {syntax} from './python/syntax.ts';
import {template} from './python/template.ts';
import {unicodeName} from './python/unicodeName.ts';
import {wrongEntry} from './python/wrongEntry.ts';
import {wrongVersion} from './python/wrongVersion.ts';
import {disk} from './resources/disk.ts';
import {memory} from './resources/memory.ts';
import {mail} from './services/mail.ts';
import {redis} from './services/redis.ts';
import {missingVariable} from './settings/missingVariable.ts';
import {placeholderSecret} from './settings/placeholder.ts';
import {siteCertificate} from './site/certificate.ts';
import {siteName} from './site/name.ts';
import {siteUnreachable} from './site/unreachable.ts';

/** All that is known to go wrong with apps. Their order counts for nothing: what covers what is said by `over`. */
export const causes: readonly Cause[] = [
	missingPackage,
	missingOwnModule,
	wrongEntry,
	changedPackage,
	circularImport,
	syntax,
	unicodeName,
	encoding,
	wrongVersion,
	template,
	missingVariable,
	placeholderSecret,
	refused,
	denied,
	unknownDatabase,
	forgottenMigration,
	lostMigration,
	readOnly,
	redis,
	mail,
	portInUse,
	missingProgram,
	missingFolder,
	missingUser,
	notRestarted,
	stale,
	slow,
	memory,
	disk,
	permission,
	unwritable,
	missingFile,
	unknownName,
	foreignCertificate,
	missingNodePackage,
	missingNodeFile,
	nodeModules,
	nodeSyntax,
	wrongNodeVersion,
	upstreamRefused,
	upstreamTimeout,
	upstreamCut,
	tooLarge,
	nginxDown,
	nginxConfiguration,
	siteCertificate,
	siteName,
	siteUnreachable,
];
