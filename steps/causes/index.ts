import type {Cause} from '../../source/contract/diagnosis/cause.ts';
import {codeGit} from './code/git.ts';
import {databaseConnection} from './database/connection.ts';
import {databaseServers} from './database/servers.ts';
import {databaseTables} from './database/tables.ts';
import {elixirApps} from './elixir/elixir.ts';
import {appFiles} from './files/files.ts';
import {appNetwork} from './network/network.ts';
import {nginxConfiguration} from './nginx/configuration.ts';
import {nginxRequests} from './nginx/requests.ts';
import {nodeCode} from './node/code.ts';
import {nodeInstall} from './node/install.ts';
import {processManagers} from './process/managers.ts';
import {processStart} from './process/start.ts';
import {processUnits} from './process/units.ts';
import {pythonBuild} from './python/build.ts';
import {pythonCode} from './python/code.ts';
import {pythonImports} from './python/imports.ts';
import {pythonInstall} from './python/install.ts';
import {pythonServer} from './python/server.ts';
import {boxResources} from './resources/resources.ts';
import {boxServices} from './services/services.ts';
import {appSettings} from './settings/settings.ts';
import {siteFromOutside} from './site/site.ts';
import {systemAccess} from './system/access.ts';
import {systemPackages} from './system/apt.ts';
import {tlsCertbot} from './tls/certbot.ts';

/** All that is known to go wrong with apps and their box. Their order counts for nothing: what counts more is said by `depth` and `over`. */
export const causes: readonly Cause[] = [
	...pythonImports,
	...pythonCode,
	...pythonServer,
	...pythonInstall,
	...pythonBuild,
	...nodeCode,
	...nodeInstall,
	...elixirApps,
	...appSettings,
	...appFiles,
	...appNetwork,
	...databaseConnection,
	...databaseTables,
	...databaseServers,
	...boxServices,
	...processStart,
	...processUnits,
	...processManagers,
	...boxResources,
	...nginxRequests,
	...nginxConfiguration,
	...tlsCertbot,
	...codeGit,
	...systemPackages,
	...systemAccess,
	...siteFromOutside,
];
