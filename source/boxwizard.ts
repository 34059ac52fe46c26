/* What `npx boxwizard` starts. Old syntax and no import before the check: an old Node must get as far as the message. */
var needed = 22;
var found = process.versions.node;
if (Number(found.split('.')[0]) < needed) {
	console.error(`boxwizard needs Node ${needed} or newer, this is ${found}: see https://nodejs.org`);
	process.exit(1);
} else {
	import('./cli.tsx');
}
