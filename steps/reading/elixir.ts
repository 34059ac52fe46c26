import {type Token, unescaped} from './tokens.ts';

const pieces =
	/(?<space>[^\S\n]+)|(?<newline>\n)|(?<comment>#[^\n]*)|(?<long>(?:~[a-zA-Z])?(?<fence>"""|''')(?<longText>[\s\S]*?)(?:\k<fence>|$))|(?<sigil>~[a-zA-Z]+(?:\((?<round>[^)]*)\)|\[(?<square>[^\]]*)\]|\{(?<curly>[^}]*)\}|\|(?<bar>[^|]*)\||\/(?<slash>(?:[^/\\]|\\.)*)\/|"(?<quoted>(?:[^"\\]|\\[\s\S])*)"))|(?<double>"(?:[^"\\]|\\[\s\S])*"?)|(?<single>'(?:[^'\\\n]|\\[\s\S])*'?)|(?<number>\d[\w.]*)|(?<name>:?[\p{L}_@][\p{L}\p{N}_]*[?!]?)|(?<sign>->|=>|<-|\|>|\|\||&&|<>|[=!<>]=|.)/uy;

/** An Elixir file as tokens, without comments. An atom keeps its colon: ':app'. */
export function readElixir(text: string): Token[] {
	const tokens: Token[] = [];
	let line = 1;
	pieces.lastIndex = 0;
	while (pieces.lastIndex < text.length) {
		const match = pieces.exec(text);
		const groups = match?.groups;
		if (!match || !groups) break;
		if (groups.space === undefined && groups.newline === undefined && groups.comment === undefined)
			tokens.push(tokenOf(groups, line));
		line += match[0].split('\n').length - 1;
	}

	return tokens;
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, line: number): Token {
	if (groups.name !== undefined) return {type: 'name', text: groups.name, line};
	if (groups.number !== undefined) return {type: 'number', text: groups.number, line};
	if (groups.sign !== undefined) return {type: 'sign', text: groups.sign, line};
	const quoted = groups.double ?? groups.single;
	const raw =
		groups.longText ??
		groups.round ??
		groups.square ??
		groups.curly ??
		groups.bar ??
		groups.slash ??
		groups.quoted ??
		(quoted ?? '').replaceAll(/^["']|["']$/g, '');
	return {type: 'string', text: unescaped(raw), line, ...(raw.includes('#{') && {open: true})};
}
