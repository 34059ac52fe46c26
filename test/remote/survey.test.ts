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
	expect(seen.disk.enough).toBe(seen.disk.free >= 1_024_000_000);
	expect(seen.users).toContain('visitor');
	expect(seen.users).not.toContain('robot');
	expect(seen.users).not.toContain('nobody');
	expect(seen.uptime).toBeGreaterThan(0);
	expect(box.roundTrips).toBe(1);
});

test('a disk that is too small, and what Docker keeps open, are told', async () => {
	await box.peek(`printf '#!/bin/sh\\necho Size Avail; echo 10000000000 104857600\\n' > /run/toy/bin/df
cat > /run/toy/bin/ss <<'END'
#!/bin/sh
echo 'LISTEN 0 4096 0.0.0.0:8081 0.0.0.0:* users:(("docker-proxy",pid=7,fd=4))'
echo 'LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=8,fd=3))'
END
chmod +x /run/toy/bin/df /run/toy/bin/ss`);
	const seen = await survey(box);
	expect(seen.disk).toEqual({size: 10_000_000_000, free: 104_857_600, enough: false});
	expect(seen.pastFirewall).toEqual([8081]);
});
