import {afterAll, expect, test} from 'vitest';
import {type BareBox, bareBox} from './boxes/bare-box.ts';
import {type DeployedApp, deployedApps, type ProcessManager, processManagers} from './boxes/deployed-apps.ts';
import {versionOnPage, withVersion} from './boxes/samples.ts';
import {startLoad} from './visitors/load.ts';
import {type LoadReport, reportInWords} from './visitors/report.ts';
import {visit} from './visitors/visitor.ts';

/** `npm run test:deploys` deploys each app under both process managers; else the road deploys the telling ones. */
const areAll = process.env.DEPLOYS === 'all';
/** Requests a second, and open streams where an app has them. */
const [often, open] = [200, 50];
/** Seconds in which nothing is done, to compare with. */
const calm = areAll ? 60 : 10;
/** Milliseconds that one of them may take on a slow machine. */
const longWork = 15 * 60_000;

const cases = deployedApps.flatMap(app =>
	(areAll ? processManagers : app.telling).map(manager => ({app, manager, title: `${app.name} under ${manager}`})),
);

let bare: BareBox | undefined;

afterAll(async () => await bare?.remove());

test.for(cases)(
	'$title: a new version goes live, and no visitor notices',
	{timeout: longWork},
	async ({app, manager}) => {
		const isFirst = bare === undefined;
		const on = bare ?? (await bareBox('deploys'));
		bare = on;
		const name = `${app.name}-${manager.slice(0, 3)}`;
		const site = {...on.box, domain: await setUp(on, isFirst, name, app, manager)};
		const load = startLoad({
			site,
			path: app.path,
			version: versionOnPage,
			often,
			...(app.events && {streams: {count: open, path: app.events}}),
		});
		try {
			const before = await load.watch(calm);
			publish(on, name, app, 'two');
			const met = await load.during(async () => {
				const {code, stdout, stderr} = await on.run('deploy', [name, '--yes']);
				expect(code === 0 ? '' : `${stdout}${stderr}`).toBe('');
			});
			console.log(`${name}, before: ${reportInWords(before)}\n${name}, deploy: ${reportInWords(met)}`);
			expect(seenIn(before)).toEqual({failed: {}, refused: {}, versions: ['one']});
			expect(seenIn(met)).toEqual({failed: {}, refused: {}, versions: ['one', 'two']});
			// The old one is not met again.
			expect((await load.watch(1)).versions).toEqual(['two']);
		} finally {
			load.leave();
		}

		if (app.works) expect((await visit(site, app.works)).status).toBe(200);
	},
);

const seenIn = ({failed, streams: {refused}, versions}: LoadReport) => ({failed, refused, versions});

function publish(on: BareBox, name: string, app: DeployedApp, version: string): string {
	return withVersion({...app.version, version}, folder => on.publish(name, folder));
}

/** @returns its domain */
async function setUp(
	on: BareBox,
	isFirst: boolean,
	name: string,
	app: DeployedApp,
	manager: ProcessManager,
): Promise<string> {
	const repository = publish(on, name, app, 'one');
	const words = [...app.answers, `supervisor=${manager}`].flatMap(answer => ['--set', answer]);
	const done = isFirst
		? {...(await on.setUp(repository, [...words, '--set', `app=${name}`])), domain: on.box.domain}
		: await on.add(name, repository, words);
	expect(done.code === 0 ? '' : `${done.stdout.slice(-4000)}${done.stderr}`).toBe('');
	return done.domain;
}
