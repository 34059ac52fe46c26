/*
 * node bench/public-apps.ts FOLDER… : sets apps of other people up, unmodified, each on a bare practice box with nothing said but repository,
 * domain, key, user and e-mail, and prints a line of a table for each. FOLDER is a clone; FOLDER@trixie takes Debian 13. What an app asks for is
 * given from FOLDER.answers, words of `boxwizard setup` one a line, where there is such a file. As root, after `npm run build`.
 */
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {basename, join, resolve} from 'node:path';
import type {Release} from '../source/practice/index.ts';
import {type BareBox, bareBox} from '../test/road/boxes/bare-box.ts';
import {visit} from '../test/road/visitors/visitor.ts';

const logs = join(process.cwd(), 'public-apps');

/** Names become a box's, so that they are short and plain. */
function boxName(folder: string): string {
	return basename(folder)
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, '-')
		.replace(/^.*-(?=.{3})(?=[a-z])/, match => (match.length > 20 ? '' : match))
		.replace(/^[^a-z]+/, '')
		.slice(0, 25)
		.replace(/-+$/, '');
}

/** The first page: where it leads, what it says. */
async function firstPage({box}: BareBox): Promise<string> {
	const page = await visit(box, '/').catch((error: Error) => ({status: 0, text: error.message}));
	const title = /<title[^>]*>([^<]*)/i.exec(page.text)?.[1]?.trim().replaceAll(/\s+/g, ' ');
	return `${page.status} ${(title ?? page.text.slice(0, 60).replaceAll(/\s+/g, ' ')).slice(0, 60)}`;
}

async function tryApp(word: string): Promise<void> {
	const [folder = '', release = 'bookworm'] = word.split('@');
	const name = boxName(folder);
	const given = existsSync(`${folder}.answers`)
		? readFileSync(`${folder}.answers`, 'utf8').split('\n').filter(Boolean)
		: [];
	const bare = await bareBox(name, release as Release);
	try {
		const repository = bare.publish(name, resolve(folder));
		const begun = Date.now();
		const ended = await bare.setUp(repository, ['--verbose', '--ignore-findings', ...given]);
		const seconds = ((Date.now() - begun) / 1000).toFixed(0);
		const page = ended.code === 0 ? await firstPage(bare) : '';
		const printed = `${ended.stdout}\n--- stderr\n${ended.stderr}`;
		writeFileSync(join(logs, `${name}.log`), printed);
		if (ended.code !== 0) writeFileSync(join(logs, `${name}.box`), await lookInside(bare));
		const why = ended.code === 0 ? '' : ended.stderr.trim().split('\n').slice(-12).join(' / ');
		console.log(
			`| ${basename(folder)} | ${release} | ${ended.code} | ${seconds} s | ${page} | ${given.join(' ')} | ${why} |`,
		);
	} finally {
		await bare.remove();
	}
}

/** What the box says of an app that did not come up. */
async function lookInside({box}: BareBox): Promise<string> {
	return await box
		.console(
			'ls -la /srv/*/ /srv/*/shared 2>&1; tail -n 60 /srv/*/shared/logs/*.log /var/log/supervisor/*.log 2>&1; journalctl --no-pager -n 150 2>&1',
		)
		.catch((error: Error) => error.message);
}

mkdirSync(logs, {recursive: true});
for (const word of process.argv.slice(2)) {
	try {
		await tryApp(word);
	} catch (error) {
		console.log(
			`| ${basename(word)} | - | - | - | - | - | ${error instanceof Error ? error.message : String(error)} |`,
		);
	}
}
