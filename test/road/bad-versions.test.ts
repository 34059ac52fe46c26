import {afterAll, beforeAll, expect, test} from 'vitest';
import {type BareBox, bareBox} from './boxes/bare-box.ts';
import {type Changes, versionOnPage, withVersion} from './boxes/samples.ts';
import {ontoSmallDisk, type SmallDisk} from './boxes/small-disk.ts';
import {limitMemory} from './boxes/small-memory.ts';
import {type BadVersion, badVersions, flaskSample, ownServer} from './planted/versions.ts';
import {type Load, startLoad} from './visitors/load.ts';
import type {Ended} from './visitors/person.ts';
import {type LoadReport, reportInWords} from './visitors/report.ts';

/** `npm run test:versions` tries all of them; else the road tries the telling ones. */
const areAll = process.env.VERSIONS === 'all';
const often = 50;
/** Milliseconds that one of them may take on a slow machine. */
const longWork = 15 * 60_000;
/** Megabytes that the box still gets where memory is short: more than the app takes, less than the version that hoards. */
const memoryLeft = 600;

let bare: BareBox;
let disk: SmallDisk;
let load: Load;
let number = 0;
/** The version that visitors get. */
let live = 'first';

const on = async (command: string) => (await bare.box.console(command)).trim();
const publish = (version: string, changes: Changes) =>
	withVersion({...flaskSample, version, changes: {...ownServer.changes, ...changes}}, folder =>
		bare.publish('microblog', folder),
	);

beforeAll(async () => {
	bare = await bareBox('versions');
	disk = await ontoSmallDisk(bare.box);
	const answers = ['app=microblog', 'database=mysql', 'queue=microblog-tasks'];
	const {code, stdout, stderr} = await bare.setUp(
		publish(live, {}),
		answers.flatMap(answer => ['--set', answer]),
	);
	expect(code === 0 ? '' : `${stdout.slice(-4000)}${stderr}`).toBe('');
	load = startLoad({site: bare.box, version: versionOnPage, often});
}, longWork);
afterAll(async () => {
	load?.leave();
	await disk?.remove();
	await bare?.remove();
});

/** What the tables are made of: a migration that failed has left nothing of its own. */
const schema = () =>
	on(
		'mysql --batch --skip-column-names --execute "select table_name, column_name, column_type from information_schema.columns where table_schema = \'microblog\' order by 1, 2; select version_num from microblog.alembic_version"',
	);

type Deployed = Ended & {readonly met: LoadReport};

async function deploy(title: string, changes: Changes, around: Around = {}): Promise<Deployed> {
	publish(title, changes);
	let ended: Ended = {code: -1, stdout: '', stderr: ''};
	const undo = await around.before?.();
	const met = await load.during(async () => {
		ended = await bare.run('deploy', [...(around.words ?? []), '--yes']);
	});
	await undo?.();
	console.log(`${title}: ended with ${ended.code}; ${reportInWords(met)}`);
	return {...ended, met};
}

const seen = ({met: {failed, versions}}: Pick<Deployed, 'met'>) => ({failed, versions});

/** What is done before a deploy and taken back after it, and words of its own. */
type Around = {readonly words?: readonly string[]; readonly before?: () => (() => unknown) | Promise<() => unknown>};

/** What a version needs of the box to be bad, and the way back from it. */
function aroundOf({where}: BadVersion): Around {
	switch (where) {
		case 'little memory':
			return {before: () => limitMemory(bare.box, memoryLeft).lift};
		case 'full disk':
			return {
				before() {
					disk.fill();
					return disk.free;
				},
			};
		case 'own server':
		case undefined:
			return {};
		default:
			return where satisfies never;
	}
}

/** Its server is started by gunicorn as boxwizard sets it up, or by its own command. */
async function startBy(where: BadVersion['where']): Promise<void> {
	const own = where === 'own server';
	const answers = own ? [`start=${ownServer.start}`, 'serverInterface=http'] : ['start=', 'serverInterface=wsgi'];
	const {code, stdout, stderr} = await bare.run('setup', ['--yes', ...answers.flatMap(answer => ['--set', answer])]);
	expect(code === 0 ? '' : `${stdout.slice(-4000)}${stderr}`).toBe('');
}

test.for(badVersions.filter(({isTelling}) => areAll || isTelling))(
	'$name: refused, its cause named, and no visitor meets it; the next version goes live',
	{timeout: longWork},
	async version => {
		number += 1;
		if (version.where === 'own server') await startBy(version.where);
		const tables = await schema();
		const bad = await deploy(`bad-${number}`, version.changes, aroundOf(version));
		const printed = `${bad.stdout}${bad.stderr}`;
		expect.soft(bad.code === 0 ? 'went live' : '').toBe('');
		expect.soft(printed).toMatch(version.says);
		const isMet = version.isMet && bad.met.versions.includes(`bad-${number}`);
		expect.soft(seen(bad)).toEqual({failed: {}, versions: isMet ? [live, `bad-${number}`] : [live]});
		expect.soft(seen({met: await load.watch(1)})).toEqual({failed: {}, versions: [live]});
		expect.soft(await schema()).toBe(tables);
		const good = await deploy(`good-${number}`, {});
		expect(good.code === 0 ? '' : `${good.stdout}${good.stderr}`).toBe('');
		expect(seen(good)).toEqual({failed: {}, versions: [live, `good-${number}`]});
		live = `good-${number}`;
	},
);

test.runIf(areAll)(
	'a version that starts slowly goes live once it may take so long, and no visitor waits for it',
	{timeout: longWork},
	async () => {
		const slow = badVersions.find(({isSlow}) => isSlow);
		const deployed = await deploy('slow', slow?.changes ?? {}, {words: ['--set', 'patience=120']});
		expect(deployed.code === 0 ? '' : `${deployed.stdout}${deployed.stderr}`).toBe('');
		expect(seen(deployed)).toEqual({failed: {}, versions: [live, 'slow']});
		live = 'slow';
	},
);
