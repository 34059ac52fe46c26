import {cpus, release, totalmem} from 'node:os';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {survey} from '../../source/remote/survey.ts';
import {ToyBox} from '../fixtures/toy-box.ts';

let box: ToyBox;

beforeAll(async () => {
	box = await ToyBox.open();
});
afterAll(async () => box.close());

test('a survey sees this machine as it is, in one round trip', async () => {
	await box.peek(`touch /run/reboot-required
{ cat /etc/passwd; echo visitor:x:1500:1500::/:/bin/sh; echo robot:x:500:500::/:/bin/sh; } > /run/passwd
mount --bind /run/passwd /etc/passwd`);
	const seen = await survey(box);
	expect(seen).toMatchObject({kernel: release(), rebootPending: true});
	expect(seen.os.name).not.toBe('');
	expect(seen.cores).toBeGreaterThan(0);
	expect(seen.cores).toBeLessThanOrEqual(cpus().length);
	expect(seen.memory).toBe(totalmem());
	expect(seen.disk.size).toBeGreaterThan(seen.disk.free);
	expect(seen.users).toContain('visitor');
	expect(seen.users).not.toContain('robot');
	expect(seen.users).not.toContain('nobody');
	expect(seen.uptime).toBeGreaterThan(0);
	expect(box.roundTrips).toBe(1);
});
