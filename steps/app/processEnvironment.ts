import {plainText, Secret} from '../../source/contract/secret.ts';

/**
 * A variable as both systemd's EnvironmentFile= (systemd.exec(5)) and a POSIX shell (XCU 2.2.3) read it back byte for byte: in double
 * quotes, where a backslash keeps these four as they are and a line may break. The value is hidden where it is a Secret. Only for
 * values that `dotenvRefuses` lets pass.
 */
export function processLine(name: string, value: string | Secret): string | Secret {
	const escaped = (text: string) => text.replaceAll(/[\\"$`]/g, '\\$&');
	if (!(value instanceof Secret)) return `${name}="${escaped(plainText(value))}"`;
	return new Secret([
		{text: `${name}="`, hidden: false},
		...value.parts.map(({text, hidden}) => ({text: escaped(text), hidden})),
		{text: '"', hidden: false},
	]);
}
