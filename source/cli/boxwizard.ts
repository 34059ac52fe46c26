/* What `npx boxwizard` starts. Old syntax and no import before the check: an old Node must get as far as the message. */
var needed = 22;
var found = process.versions.node;
if (Number(found.split('.')[0]) < needed) {
	console.error(`boxwizard needs Node ${needed} or newer, this is ${found}: see https://nodejs.org`);
	process.exit(1);
} else {
	start();
}

/* Node keeps what it compiled: the next start is 0.1 s shorter. In the person's own folder, since it is code that is run. */
async function start() {
	var {enableCompileCache} = await import('node:module');
	var {XDG_CACHE_HOME, HOME} = process.env;
	var cache = XDG_CACHE_HOME || (HOME && `${HOME}/.cache`);
	if (cache && enableCompileCache) enableCompileCache(`${cache}/boxwizard/compiled`);
	await import('./cli.tsx');
}
