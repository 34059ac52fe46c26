import {describe, expect, test} from 'vitest';
import {letsIn, letsInBySelf} from '../../../steps/firewall/ufwRules.ts';

const rule = (words: string) => `### tuple ### ${words} in`;
const rules = (...lines: readonly string[]) => lines.map(rule).join('\n');
const all = '0.0.0.0/0 any 0.0.0.0/0';
const office = '0.0.0.0/0 any 203.0.113.0/24';

describe('what ufw’s rules let in: the first that matches decides', () => {
	test.each([
		['an open port', rules(`allow tcp 22 ${all}`), true],
		['nothing', '', false],
		['another port', rules(`allow tcp 80,443 ${all}`), false],
		['a range', rules(`allow tcp 20:30 ${all}`), true],
		['a limit', rules(`limit tcp 22 ${all}`), true],
		['shut first, opened later', rules(`deny any 22 ${all}`, `allow tcp 22 ${all}`), false],
		['opened first, shut later', rules(`allow tcp 22 ${all}`, `deny any 22 ${all}`), true],
		['UDP only', rules(`allow udp 22 ${all}`), false],
		['for the office only', rules(`allow tcp 22 ${office}`), false],
	])('%s', (_name, text, expected) => {
		expect(letsIn(text, 22)).toBe(expected);
	});

	test.each([
		['their network, and nobody else', rules(`allow tcp 22 ${office}`, `deny any 22 ${all}`), '203.0.113.9', true],
		['their network, shut for all before', rules(`deny any 22 ${all}`, `allow tcp 22 ${office}`), '203.0.113.9', false],
		['another network', rules(`allow tcp 22 ${office}`), '198.51.100.4', false],
		['everybody, not just them', rules(`allow tcp 22 ${all}`), '203.0.113.9', false],
		['their IPv6 network', rules('allow tcp 22 ::/0 any 2001:db8::/32'), '2001:db8:1::5', true],
		['their one address', rules('allow tcp 22 0.0.0.0/0 any 203.0.113.9'), '203.0.113.9', true],
		['the other family', rules(`allow tcp 22 ${office}`), '2001:db8::1', false],
	])('a client by a rule of their own: %s', (_name, text, client, expected) => {
		expect(letsInBySelf(text, 22, client)).toBe(expected);
	});
});
