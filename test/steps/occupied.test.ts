import {once} from 'node:events';
import {type AddressInfo, createServer} from 'node:net';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {derivedOfApp} from '../../source/cli/plans/derived.ts';
import {withPlace, withSetup} from '../../source/cli/plans/setup-plan.ts';
import {quote} from '../../source/contract/command.ts';
import {createProbe} from '../../source/remote/probe.ts';
import type {JournalState} from '../../source/state/journal-state.ts';
import {catalogue} from '../../steps/index.ts';
import {nothingOccupied, type Occupied, readOccupied} from '../../steps/process/occupied.ts';
import {ToyBox} from '../fixtures/toy-box.ts';

let box: ToyBox;

beforeAll(async () => {
	box = await ToyBox.open();
});
afterAll(async () => await box.close());

test('a box without foreign programs has nothing that an app could meet, and is asked in one round trip', async () => {
	const asked = box.scripts.length;
	expect((await readOccupied(createProbe(box))).redisDatabases).toEqual([]);
	expect(box.scripts.length - asked).toBe(1);
});

test('ports are told with the user of their program, databases with the app that names them', async () => {
	// Of a program outside of its namespace the toy box sees no more than the port.
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	const listener = `const server = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port));`;
	const own = await box.peek(`setsid ${process.execPath} -e ${quote(listener)} > /run/toy/port 2>&1 < /dev/null &
until [ -s /run/toy/port ]; do sleep 0.01; done; cat /run/toy/port`);
	// What redis-cli 7.0 printed on a box; a line that is none of its own is no database.
	await box.peek(`mkdir -p /srv/blog/shared; printf 'SECRET_KEY=x\\nREDIS_URL=redis://localhost:6379/2\\n' > /srv/blog/shared/.env
printf '#!/bin/sh\\nprintf "# Keyspace\\\\r\\\\ndb0:keys=3,expires=1,avg_ttl=225985\\\\r\\\\ndb2:keys=1,expires=0,avg_ttl=0\\\\r\\\\ndb:9\\\\r\\\\n"\\n' > /run/toy/bin/redis-cli
chmod +x /run/toy/bin/redis-cli`);
	const found = await readOccupied(createProbe(box));
	server.close();
	expect(found.ports).toContainEqual({port, user: ''});
	expect(found.ports).toContainEqual({port: Number(own), user: 'root'});
	expect(found.redisDatabases).toEqual([{database: 2, app: 'blog'}, {database: 0}]);
});

const [kind] = catalogue.kinds;
const occupied: Occupied = {
	ports: [
		{port: 8000, user: 'www-data'},
		{port: 8001, user: 'blog'},
		{port: 8003, user: ''},
	],
	redisDatabases: [{database: 0}, {database: 1, app: 'blog'}],
};
const placesFor = (name: string, answers = {}) => {
	if (!kind) throw new TypeError('There is no kind');
	return derivedOfApp([{name, kind, answers}], name, occupied);
};

test.each([
	['shop', {}, {appPort: 8002, redisDatabase: 2}],
	// On a box that another machine has set up, what is its own is no hindrance.
	['blog', {}, {appPort: 8001, redisDatabase: 1}],
	['shop', {appPort: 8000, redisDatabase: 0}, {appPort: 8000, redisDatabase: 0}],
])('%s with %j gets %j', (name, answers, expected) => {
	expect(placesFor(name, answers)).toMatchObject(expected);
});

test('what an app was given is kept with it, whatever is found later', () => {
	const state: JournalState = {
		version: 5,
		host: '203.0.113.7',
		port: 22,
		user: 'root',
		box: {answers: {}, leftOut: [], steps: {}},
		apps: {},
	};
	const setup = {kind: kind?.name ?? '', answers: {app: 'shop', domain: 'shop.example.com'}, leftOut: []};
	const begun = withSetup(catalogue, state, withPlace(catalogue, setup, state, occupied));
	expect(begun.apps.shop?.answers).toMatchObject({appPort: 8002, redisDatabase: 2});
	const again = withPlace(catalogue, {...setup, answers: begun.apps.shop?.answers ?? {}}, begun, nothingOccupied);
	expect(again.answers).toMatchObject({appPort: 8002, redisDatabase: 2});
});
