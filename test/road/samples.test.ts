import {afterAll, expect, test} from 'vitest';
import {type BareBox, bareBox} from './boxes/bare-box.ts';
import {folderOf, type Sample, samples, withVersion} from './boxes/samples.ts';
import {visit, visitWhile} from './visitors/visitor.ts';

/** `npm run test:samples` gives each app a bare box of its own; else those of `npm run road` come one after the other onto one box. */
const isEachAlone = process.env.SAMPLES === 'alone';
/** Milliseconds that one of them may take on a slow machine. */
const longWork = 15 * 60_000;
const ofTheRoad = ['pipfile', 'celery', 'uv'];

let shared: BareBox | undefined;

afterAll(async () => await shared?.remove());

test.for(samples.filter(({name}) => isEachAlone || ofTheRoad.includes(name)))(
	'$name: from its address to its page over HTTPS',
	{timeout: longWork},
	async sample => {
		const isFirst = shared === undefined;
		const bare = isEachAlone ? await bareBox(`sample-${sample.name}`) : (shared ?? (await bareBox('samples')));
		if (!isEachAlone) shared = bare;
		try {
			const repository = bare.publish(sample.name, folderOf(sample));
			const alone = isEachAlone || isFirst;
			const done = alone
				? {...(await bare.setUp(repository)), domain: bare.box.domain}
				: await bare.add(sample.name, repository);
			expect(done.code === 0 ? '' : `${done.stdout}${done.stderr}`).toBe('');
			await proves(bare, sample, done.domain);
		} finally {
			if (isEachAlone) await bare.remove();
		}
	},
);

async function proves(bare: BareBox, sample: Sample, domain: string): Promise<void> {
	const site = {...bare.box, domain};
	const count = async () => {
		const {status, text} = await visit(site, '/');
		expect({status, text}).toEqual({status: 200, text: expect.stringMatching(sample.page)});
		return Number(sample.page.exec(text)?.[1]);
	};
	const before = await count();
	if (sample.counts) {
		await bare.box.console(`curl -s -k -X POST --resolve ${domain}:443:127.0.0.1 https://${domain}${sample.counts}`);
		await expect.poll(count, {timeout: 60_000, interval: 500}).toBe(before + 1);
	} else expect(await count()).toBe(before + 1);

	expect((await visit(site, sample.file)).status).toBe(200);
	// The app could have handed it out itself: nginx says in its own words where the file lies.
	const place = sample.file.split('/')[1];
	expect(await bare.box.console(`nginx -T 2>/dev/null | sed -n '/server_name ${domain}/,/^}/p'`)).toMatch(
		new RegExp(`location [^{]*/${place}/ \\{[^}]*(?:alias|root) /srv/`),
	);
	expect(await installed(bare, sample.builtWith ?? [])).toBe('');
	const check = await bare.run('check');
	expect({code: check.code, printed: check.code === 0 ? '' : check.stdout}).toEqual({code: 0, printed: ''});

	const next = {from: folderOf(sample), titled: sample.titled, version: 'two'};
	withVersion(next, folder => bare.publish(sample.name, folder));
	const statuses = await visitWhile(site, '/', async () => {
		const {code, stdout, stderr} = await bare.run('deploy', [sample.name, '--yes']);
		expect(code === 0 ? '' : `${stdout}${stderr}`).toBe('');
	});
	expect(statuses).toEqual([200]);
	expect((await visit(site, '/')).text).toContain(' two</title>');
}

async function installed({box}: BareBox, packages: readonly string[]): Promise<string> {
	if (packages.length === 0) return '';
	return await box.console(
		`dpkg-query --show --showformat='\${db:Status-Abbrev}\${Package}\\n' ${packages.join(' ')} 2>/dev/null | grep '^ii' || true`,
	);
}
