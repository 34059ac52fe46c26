import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Trouble} from '../contract/trouble.ts';
import {bootSeconds, openBox} from './box.ts';
import {chooseEngine, engineNamed} from './choose.ts';
import {attempt} from './command.ts';
import type {PracticeEngine} from './engines/engine.ts';
import {identify} from './engines/process.ts';
import {locked} from './lock.ts';
import {address, boxPaths, hosts, type Place, placeIn, servicesPaths} from './place.ts';
import {forgetRecord, freeHost, ownerGone, readRecord, readRecords, writeRecord} from './record.ts';
import {issuingRoot, pebbleConfiguration} from './services/authority.ts';
import {domainOf, forgetScript} from './services/nameserver.ts';
import {servicesPorts} from './services/services.ts';
import {timed} from './timed.ts';
import type {BoxListing, BoxRecord, PracticeBox, PracticeOptions, Progress} from './types.ts';
import {accepts, until} from './wait.ts';

export {chooseEngine, engineNamed} from './choose.ts';
export type {PracticeEngine} from './engines/engine.ts';
export {vagrantfile} from './engines/vagrantfile.ts';
export {practiceFolder} from './place.ts';
export {localRepository} from './services/repository.ts';
export type * from './types.ts';
export {engineNames, releases} from './types.ts';

/** A DNS label that is also an interface's and a folder's name. */
const namePattern = /^[a-z][a-z0-9-]{0,29}(?<!-)$/;

/** Seconds another start or removal in the same folder is waited for. */
const patience = 120;

/**
 * Boots a box as a provider hands it over, with the servers beside it; returns when SSH answers.
 * Boxes that a crash left behind are removed first.
 * @throws Trouble when the name is taken or wrong, when no engine works here, when the engine's packages are missing
 */
export async function startPracticeBox(
	options: PracticeOptions = {},
	progress: Progress = () => undefined,
): Promise<PracticeBox> {
	const name = options.name ?? 'microblog';
	if (!namePattern.test(name)) throw wrongName(name);
	const place = placeIn(options.folder);
	const engine = options.engine ? engineNamed(options.engine) : await chooseEngine();
	await refuseWhenUnready(engine);
	return await locked(boxPaths(place, name).lock, `the practice box ${name}`, 0, async () => {
		await removeLeftBehind(place, progress);
		if (readRecord(place, name)) throw taken(name);
		const release = options.release ?? 'bookworm';
		const image = await engine.ensureImage(place, release, () => readRecords(place).map(box => box.image), progress);
		const wanted = {
			name,
			engine: engine.name,
			release,
			image,
			login: options.login ?? 'password',
			keep: options.keep ?? false,
		};
		const box = await timed(progress, 'Starting the DNS, certificate and git servers', () =>
			register(engine, place, wanted, options.certificateDays),
		);
		try {
			await timed(progress, `Booting ${name}`, () => firstBoot(engine, place, box));
		} catch (error) {
			await remove(engine, place, box);
			throw error;
		}

		return openBox(engine, place, box, () => remove(engine, place, box));
	});
}

/** Opens a box that was kept: the same as its start answered. */
export function openPracticeBox(name: string, folder?: string): PracticeBox {
	const place = placeIn(folder);
	const box = readRecord(place, name);
	if (!box) throw unknown(place, name);
	const engine = engineNamed(box.engine);
	return openBox(engine, place, box, () => remove(engine, place, box));
}

/** The boxes on this machine and whether they run. */
export async function listPracticeBoxes(folder?: string): Promise<BoxListing[]> {
	const place = placeIn(folder);
	return await Promise.all(
		readRecords(place).map(async box => {
			const running = await engineNamed(box.engine).running(place, box);
			const state = ownerGone(box) ? 'left behind' : running ? 'running' : 'stopped';
			return {...box, domain: domainOf(box.name), address: address(place, box.host), state};
		}),
	);
}

/**
 * Removes a box, or with 'all' every one, running or not; answers the names.
 * @throws Trouble when there is no box of that name
 */
export async function removePracticeBox(name: string, folder?: string): Promise<string[]> {
	const place = placeIn(folder);
	const boxes = readRecords(place).filter(box => name === 'all' || box.name === name);
	if (boxes.length === 0 && name !== 'all') throw unknown(place, name);
	for (const box of boxes) {
		// Not while it is being started.
		const {lock} = boxPaths(place, box.name);
		await locked(lock, `the practice box ${box.name}`, patience, () => remove(engineNamed(box.engine), place, box));
	}

	return boxes.map(box => box.name);
}

async function refuseWhenUnready(engine: PracticeEngine): Promise<void> {
	const obstacle = await engine.obstacle();
	const missing = obstacle === undefined ? await engine.missingPackages() : [];
	if (obstacle === undefined && missing.length === 0) return;
	throw new Trouble({
		what: obstacle ?? `${engine.name} needs packages that are not installed: ${missing.join(', ')}.`,
		means: 'No practice box was started.',
		next: obstacle
			? 'Choose another engine, or write a Vagrantfile with --vagrantfile.'
			: 'Start boxwizard practice: it asks, and installs them. With --yes it does not ask.',
		code: obstacle ? 'practice-engine' : 'practice-packages',
	});
}

/** Gives the box its number and record and starts the servers: under one lock, so that no last box takes them away meanwhile. */
async function register(
	engine: PracticeEngine,
	place: Place,
	wanted: Omit<BoxRecord, 'host' | 'created' | 'owner'>,
	certificateDays: number | undefined,
): Promise<BoxRecord> {
	return await locked(servicesPaths(place).lock, 'the practice servers', patience, async () => {
		const host = freeHost(wanted.name, readRecords(place));
		const box = {...wanted, host, created: new Date().toISOString(), owner: identify(process.pid)};
		writeRecord(place, box);
		try {
			await engine.startServices(place, box.image, certificateDays);
			refuseOtherDays(place, certificateDays);
			await servicesReady(place);
			await attempt('Clearing the box’s names', engine.servicesShell(place, forgetScript(domainOf(box.name))));
		} catch (error) {
			forgetRecord(place, box.name);
			if (readRecords(place).length === 0) await engine.stopServices(place);
			throw error;
		}

		return box;
	});
}

/** Servers that run already go on as they were started. @throws Trouble where others are wanted */
function refuseOtherDays(place: Place, days: number | undefined): void {
	if (days === undefined) return;
	const running = readFileSync(join(servicesPaths(place).practice, 'pebble.json'), 'utf8');
	if (running === pebbleConfiguration(days)) return;
	throw new Trouble({
		what: `The practice certificate server runs already, and makes no certificates of ${days} days.`,
		means: 'All practice boxes share it. No box was started.',
		next: 'Remove the other boxes first: boxwizard practice list, boxwizard practice rm NAME',
		code: 'practice-certificates',
	});
}

/** Waits for the servers' ports and writes down what clients of the ACME server shall trust. */
async function servicesReady(place: Place): Promise<void> {
	const server = address(place, hosts.services);
	const {acmeCa, practice} = servicesPaths(place);
	await Promise.all(
		servicesPorts.map(port => until(`port ${port} of the practice servers`, bootSeconds, () => accepts(server, port))),
	);
	const own = readFileSync(join(practice, 'acme-ca.pem'), 'utf8');
	const issuing = await until('the ACME server’s root', 10, () => issuingRoot(server, own).catch(() => undefined));
	writeFileSync(acmeCa, `${own}${issuing}`, {mode: 0o644});
}

async function firstBoot(engine: PracticeEngine, place: Place, box: BoxRecord): Promise<void> {
	await engine.boot(place, box);
	await until('SSH to answer', bootSeconds, () => accepts(address(place, box.host), 22, true));
}

async function remove(engine: PracticeEngine, place: Place, box: BoxRecord): Promise<void> {
	await engine.kill(place, box);
	await locked(servicesPaths(place).lock, 'the practice servers', patience, async () => {
		await engine.erase(place, box);
		forgetRecord(place, box.name);
		if (readRecords(place).length === 0) await engine.stopServices(place);
	});
}

/** Boxes nobody comes back to, and those a restart of this machine switched off. */
async function removeLeftBehind(place: Place, progress: Progress): Promise<void> {
	for (const box of readRecords(place)) {
		if (!ownerGone(box)) continue;
		await timed(progress, `Removing ${box.name}, left behind on ${box.created.slice(0, 10)}`, () =>
			remove(engineNamed(box.engine), place, box),
		);
	}
}

function wrongName(name: string): Trouble {
	return new Trouble({
		what: `“${name}” cannot be a box’s name.`,
		means: 'The name becomes the first part of the box’s domain.',
		next: 'Take small letters, digits and hyphens, beginning with a letter, at most 30.',
		code: 'practice-name',
	});
}

function taken(name: string): Trouble {
	return new Trouble({
		what: `There is already a practice box ${name}.`,
		means: 'It was left as it is.',
		next: `Choose another name, or remove it: boxwizard practice rm ${name}`,
		code: 'practice-name-taken',
	});
}

function unknown(place: Place, name: string): Trouble {
	const names = readRecords(place).map(box => box.name);
	return new Trouble({
		what: `There is no practice box ${name}.`,
		means: names.length === 0 ? 'There is none at all.' : `There are: ${names.join(', ')}.`,
		next: 'See them with: boxwizard practice list',
		code: 'practice-unknown',
	});
}
