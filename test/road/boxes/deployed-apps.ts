import {flaskSample} from '../planted/versions.ts';
import {folderOf, samples, type Version} from './samples.ts';

/** An app that is deployed under visitors. */
export type DeployedApp = {
	/** Its name on the box. */
	readonly name: string;
	readonly version: Pick<Version, 'from' | 'titled'>;
	/** Words of `boxwizard setup` beside those that every app gets. */
	readonly answers: readonly string[];
	/** The page that visitors ask for; its title names the version. */
	readonly path: string;
	/** Where it sends events without an end. */
	readonly events?: string;
	/** Answers 200 while its worker does jobs. */
	readonly works?: string;
	/** The process managers under which every run of the road deploys it. */
	readonly telling: readonly ProcessManager[];
};

export type ProcessManager = 'systemd' | 'supervisor';
export const processManagers: readonly ProcessManager[] = ['systemd', 'supervisor'];

/** A sample of its own, by its name. */
function sampleNamed(name: string): Pick<Version, 'from' | 'titled'> {
	const sample = samples.find(one => one.name === name);
	if (!sample) throw new Error(`There is no sample ${name}`);
	return {from: folderOf(sample), titled: sample.titled};
}

export const deployedApps: readonly DeployedApp[] = [
	{
		name: 'flask-mysql',
		version: flaskSample,
		answers: ['database=mysql', 'queue=microblog-tasks'],
		path: '/',
		works: '/health',
		telling: ['systemd'],
	},
	{name: 'flask-postgres', version: flaskSample, answers: ['database=postgresql'], path: '/', telling: []},
	{name: 'flask-sqlite', version: flaskSample, answers: ['database=sqlite'], path: '/', telling: []},
	{name: 'django', version: sampleNamed('django'), answers: [], path: '/', telling: []},
	{
		name: 'fastapi',
		version: sampleNamed('fastapi'),
		answers: [],
		path: '/title',
		events: '/events',
		telling: ['supervisor'],
	},
];
