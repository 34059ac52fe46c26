/*
 * Films a person at the real wizard, on a practice box of this machine, and writes media/*.svg. Needs what
 * `npm run practice` needs; the program is dist/ as it was built last.
 */
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {hostname, release, tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {film, picture} from './picture.ts';
import {type Frame, type Recording, record} from './recording.ts';

const size = {columns: 80, rows: 24};
const title = 'boxwizard';
/** Addresses that may be seen: the app's own, and its repository's. */
const ours = '(?:microblog|git)\\.practice\\.test';
const fileAt = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Everything of this machine that a picture must not show: addresses of package servers, the kernel, its name. */
function discreet(frame: Frame): Frame {
	const cover = (text: string, pattern: RegExp) => text.replace(pattern, found => '…'.padEnd(found.length));
	const named = new RegExp(`\\b${userInfo().username}@${hostname()}\\b`, 'g');
	const secretive = [
		new RegExp(`https?://(?!${ours})\\S*`, 'g'),
		new RegExp(release().replaceAll('.', '\\.'), 'g'),
		named,
	];
	const covered = (text: string) => secretive.reduce(cover, text);
	return {...frame, rows: frame.rows.map(runs => runs.map(run => ({...run, text: covered(run.text)})))};
}

/** @throws Error naming what of this machine stands in a picture in spite of all */
function write(name: string, svg: string): void {
	const address = new RegExp(`https?://(?!${ours})[^<"]*|\\b[\\w-]+\\.(?:org|net|io|internal)\\b`);
	const found = address.exec(svg.replace('http://www.w3.org/2000/svg', ''));
	if (found) throw new Error(`${name} would show ${found[0]}`);
	writeFileSync(fileAt(name), svg);
	console.log(`${name}: ${Math.round(svg.length / 1024)} KB`);
}

/** From the command to the plan. */
async function toThePlan({see, press, type, hold}: Recording): Promise<void> {
	await see(/^\$/m);
	await type('boxwizard practice');
	await press('enter');
	await see('This is what was found', 4);
	hold(2.5);
	await press('enter');
	await see('❯ Git repository');
	hold(1.5);
	await press('enter');
	await see('Go on');
	hold(3.5);
	await press('enter');
	await see('❯ Domain');
	hold(1.8);
	await press('enter');
	await see('❯ Your user');
	hold(1);
	await press('down');
	await press('down');
	await press('enter');
	await see('Paste a public key');
	hold(1.2);
	await press('enter');
	await see('❯ Your e-mail');
	hold(0.8);
	await press('enter');
	await see('The plan');

	await see(/\d+ to do/, 2);
}

const home = mkdtempSync(join(tmpdir(), 'boxwizard-demo-'));
// npm makes this file when it installs the package.
writeFileSync(join(home, 'boxwizard'), `#!/bin/sh\nexec node '${fileAt('../dist/boxwizard.js')}' "$@"\n`, {
	mode: 0o755,
});
const recording = record('bash', ['--norc', '--noprofile', '-i'], size, {
	HOME: home,
	BOXWIZARD_HOME: join(home, 'hosts'),
	PATH: `${home}:${process.env.PATH ?? ''}`,
	PS1: '$ ',
	HISTFILE: '',
	LC_ALL: 'C.UTF-8',
	BASH_SILENCE_DEPRECATION_WARNING: '1',
});
const {see, press, goTo, type, hold, still} = recording;
try {
	await toThePlan(recording);
	hold(2);
	const plan = still();
	await goTo('down', /❯ . Harden SSH/);
	hold(1);
	await press('enter');
	await see('PermitRootLogin no');
	hold(3);
	await press('escape');
	await see('The plan');
	await type('r');
	await see('Guarded', 8);
	await see(/Installs +\d+ packages: python3[\s\S]*(?:Unpacking|Setting up)/, 8);
	const run = still();
	await see('Your app is on the air', 12);
	hold(4);
	const done = still();
	await type('b');
	await see(/✓ up[\s\S]*disk \d+ %/);
	hold(5);
	const box = still();
	const frames = recording.frames();
	await press('escape');
	await see('Your boxes');
	await type('q');
	await see(/Removing [\s\S]*^\$/m);
	write('demo.svg', film(frames.map(discreet), size, title));
	for (const [name, frame] of Object.entries({plan, run, done, box})) {
		write(`${name}.svg`, picture(discreet(frame), size, title));
	}
} finally {
	recording.end();
	rmSync(home, {recursive: true, force: true});
}
