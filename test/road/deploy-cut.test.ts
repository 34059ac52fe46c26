import {afterAll, beforeAll, expect, test} from 'vitest';
import {recordId} from '../../source/contract/step-id.ts';
import {jobUnit} from '../../source/remote/jobs.ts';
import {type BareBox, bareBox} from './boxes/bare-box.ts';
import {type Changes, versionOnPage, withVersion} from './boxes/samples.ts';
import {cutPower} from './kills/strike.ts';
import {startWizard, type Told, type Wizard} from './kills/wizard.ts';
import {flaskSample} from './planted/versions.ts';
import {startLoad} from './visitors/load.ts';
import {visit} from './visitors/visitor.ts';

/** Where a deploy is cut off: once its step has said such a line, or has begun. */
type Cut = {
	/** What is killed: the work on the box, the person's machine, or the box's power. */
	readonly by: 'job' | 'laptop' | 'power';
	readonly step: 'app/migrations' | 'process/web' | 'process/worker' | 'process/watch';
	readonly line?: RegExp;
	/** The new version changes tables, which takes its time. */
	readonly migrates?: true;
	/** It is one of those that every run of the road tries. */
	readonly isTelling?: true;
};

const tried = /see whether it answers/;
const switched = /^Live: /;
const cuts: readonly Cut[] = [
	{by: 'job', step: 'app/migrations', line: /^half-way$/, migrates: true, isTelling: true},
	{by: 'power', step: 'app/migrations', line: /^half-way$/, migrates: true, isTelling: true},
	{by: 'laptop', step: 'app/migrations', line: /^half-way$/, migrates: true},
	{by: 'job', step: 'process/web', line: /^\$ link /},
	{by: 'job', step: 'process/web', line: tried, isTelling: true},
	{by: 'power', step: 'process/web', line: tried, isTelling: true},
	{by: 'laptop', step: 'process/web', line: tried},
	{by: 'job', step: 'process/web', line: switched},
	{by: 'power', step: 'process/web', line: switched, isTelling: true},
	{by: 'laptop', step: 'process/web', line: switched},
	{by: 'power', step: 'process/worker'},
	{by: 'job', step: 'process/watch'},
	{by: 'power', step: 'process/watch'},
	{by: 'laptop', step: 'process/watch', isTelling: true},
];
const taken = process.env.CUTS === 'all' ? cuts : cuts.filter(({isTelling}) => isTelling);

/** Milliseconds that one of them may take on a slow machine. */
const longWork = 15 * 60_000;
const waiting = {timeout: 180_000, interval: 300};

let bare: BareBox;
/** The version that is live, and the newest migration that it has. */
let live = 'first';
let head = '0001';
let number = 0;

const on = async (command: string) => (await bare.box.console(command)).trim();
const publish = (version: string, changes: Changes) =>
	withVersion({...flaskSample, version, changes}, folder => bare.publish('microblog', folder));

beforeAll(async () => {
	bare = await bareBox('cut');
	const answers = ['app=microblog', 'database=mysql', 'queue=microblog-tasks'];
	const {code, stdout, stderr} = await bare.setUp(
		publish(live, {}),
		answers.flatMap(answer => ['--set', answer]),
	);
	expect(code === 0 ? '' : `${stdout.slice(-4000)}${stderr}`).toBe('');
}, longWork);
afterAll(() => bare?.remove());

/** Migrations up to this one: each adds a column, and takes its time half-way. */
const migrations: Record<string, string> = {};
function migrationTo(id: string, before: string): Changes {
	migrations[`migrations/versions/${id}.py`] = `from alembic import op
import sqlalchemy as sa

revision = '${id}'
down_revision = '${before}'


def upgrade():
    op.add_column('post', sa.Column('extra_${id}', sa.Integer))
    print('half-way', flush=True)
    op.execute('select sleep(4)')
    op.execute("update post set words = 7 where words is null")
    op.add_column('user', sa.Column('extra_${id}', sa.Integer))


def downgrade():
    op.drop_column('user', 'extra_${id}')
    op.drop_column('post', 'extra_${id}')
`;
	return {...migrations};
}

const shown = async () => versionOnPage.exec((await visit(bare.box, '/')).text)?.[1];
const columns = () =>
	on(
		"mysql --batch --skip-column-names --execute \"select column_name from information_schema.columns where table_schema = 'microblog' and column_name like 'extra%' order by 1; select version_num from microblog.alembic_version\" | paste -sd ' '",
	);

async function strike(wizard: Wizard, {by, step, line}: Cut): Promise<void> {
	const isThere = (told: Told) =>
		line === undefined
			? told.event === 'running' && told.step === step
			: told.event === 'output' && told.step === step && line.test(told.line);
	const met = await wizard.first(isThere);
	expect(
		met === undefined ? `It was never at ${step}: ${wizard.errors()}${JSON.stringify(wizard.told.slice(-3))}` : '',
	).toBe('');
	if (by === 'laptop') return await wizard.kill();
	if (by === 'power') return await cutPower(wizard, bare.box);
	const id = wizard.told.findLast(told => told.event === 'running' && told.step === step);
	const job = {id: id?.event === 'running' ? id.job : '', step: recordId({id: step, app: 'microblog'} as never)};
	await on(`systemctl kill --signal=KILL ${jobUnit(job)} || true`);
	await wizard.ended;
}

test.each(taken)('cut off by $by at $step $line', {timeout: longWork}, async cut => {
	number += 1;
	const version = `cut${number}`;
	const before = await columns();
	const next = cut.migrates ? `c${number}` : head;
	publish(version, cut.migrates ? migrationTo(next, head) : {...migrations});
	const {home} = bare.person;
	const words = ['deploy', `root@${bare.box.address}`, '--json', '--yes'];
	// Each visit is written down by the app: tables that somebody wrote to are not put back without being asked.
	const load = cut.migrates ? undefined : startLoad({site: bare.box, version: versionOnPage, often: 20});
	const work = async () => {
		await strike(startWizard(words, `${home}/boxwizard`, {HOME: home, BOXWIZARD_VAULT: 'memory'}), cut);
		// What the box does by itself comes to its end: a job that runs on without its laptop, and what settles afterwards.
		await expect
			.poll(() => on("systemctl list-units --no-legend 'boxwizard-*' | grep -c running || true"), waiting)
			.toBe('0');
	};
	const met = await (load ? load.during(work) : work().then(() => undefined)).finally(() => load?.leave());
	if (cut.by !== 'power') expect(met?.failed ?? {}).toEqual({});
	const now = await shown();
	expect([live, version]).toContain(now);
	expect(await on('systemctl is-active microblog microblog-second | grep -c ^active || true')).toBe('1');
	// The tables fit what is live: those of before, or those of a migration that was done.
	const tables = await columns();
	expect(now === live && tables !== before ? `${live} is live, with ${tables}` : '').toMatch(
		cut.step === 'app/migrations' && cut.by !== 'laptop' ? /^$/ : /^$| c\d+$/,
	);
	// And the way on is the same command again.
	const {code, stdout, stderr} = await bare.run('deploy', ['--yes']);
	expect(code === 0 ? '' : `${stdout.slice(-3000)}${stderr}`).toBe('');
	expect(await shown()).toBe(version);
	live = version;
	head = next;
	const checked = await bare.run('check');
	expect(checked.code === 0 ? '' : checked.stdout.slice(-2000)).toBe('');
});
