import {expect, test} from 'vitest';
import type {Argument, Probe} from '../../../source/contract/step.ts';
import {elasticsearch} from '../../../steps/services/search/elasticsearch.ts';

/** A bare box with so much memory, in kilobytes. */
function boxWith(memory: number): Probe {
	const run = async (pieces: TemplateStringsArray, ..._values: readonly Argument[]) =>
		pieces.join('').includes('/proc/meminfo') ? `MemTotal:  ${memory} kB\nSwapTotal: 0 kB` : '';
	return Object.assign(run, {file: async () => null, outside: {} as Probe['outside']});
}

test('a box below 2 GB is refused, with what to do instead', async () => {
	const refused = expect(elasticsearch.check(boxWith(1_000_000), {services: ['elasticsearch']})).rejects;
	await refused.toMatchObject({code: 'too-little-memory', next: expect.stringContaining('ELASTICSEARCH_URL')});
	// What a provider sells as 2 GB: the kernel keeps a little for itself.
	await expect(elasticsearch.check(boxWith(2_014_000), {services: ['elasticsearch']})).resolves.toMatchObject({
		memory: 2048,
	});
});

test('a failed set-up is told by its cause', () => {
	const unsigned = 'Err:1 … NO_PUBKEY D27D666CD88E42B4';
	expect(elasticsearch.explain?.(['$ apt_get update', unsigned])?.code).toBe('search-not-signed');
	const unreached = 'curl: (6) Could not resolve host: artifacts.elastic.co';
	expect(elasticsearch.explain?.(['$ curl --fail', unreached])?.code).toBe('search-unreachable');
	expect(elasticsearch.explain?.(['No space left on device'])).toBeUndefined();
});
