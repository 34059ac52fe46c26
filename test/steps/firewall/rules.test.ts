import {describe, expect, test} from 'vitest';
import {letsIn, letsInBySelf, placeBefore} from '../../../steps/firewall/ufwRules.ts';

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

describe('where a rule that lets everybody in has to stand', () => {
	const somebody = rule('deny any any 0.0.0.0/0 any 198.51.100.7');
	const out = '### tuple ### deny tcp 25 0.0.0.0/0 any 0.0.0.0/0 out';
	const shut = rule(`deny tcp 443 ${all}`);
	const shut6 = rule('reject tcp 443 ::/0 any ::/0');
	test.each([
		['at the end of none', '', '', 0],
		['behind what shuts somebody out', somebody, '', 0],
		['ahead of what shuts the port for everybody, and behind what stands before that', `${somebody}\n${shut}`, '', 2],
		['rules for what goes out have numbers too', `${out}\n${shut}`, '', 2],
		['ahead of what shuts every port', rule('deny any any 0.0.0.0/0 any 0.0.0.0/0'), '', 1],
		['another port is no matter', rule(`deny tcp 8080 ${all}`), '', 0],
		['ufw counts those of IPv6 after all of IPv4', `${somebody}\n${somebody}`, shut6, 3],
	])('%s', (_name, v4, v6, expected) => {
		expect(placeBefore([v4, v6], [80, 443])).toBe(expected);
	});
});
