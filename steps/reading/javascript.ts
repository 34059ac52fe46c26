import {type Token, unescaped} from './tokens.ts';

const pieces =
	/(?<space>[^\S\n]+)|(?<newline>\n)|(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<double>"(?:[^"\\\n]|\\[\s\S])*"?)|(?<single>'(?:[^'\\\n]|\\[\s\S])*'?)|(?<template>`)|(?<number>\d[\w.]*)|(?<name>[\p{L}_$#@][\p{L}\p{N}_$]*)|(?<sign>=>|\?\?=?|\?\.(?!\d)|\|\|=?|&&=?|[=!]==?|\.\.\.|.)/uy;
const regularExpression = /\/(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;

/** After these a slash begins a regular expression; after anything else it divides. */
const beforeExpression = new Set('( , = : [ ! & | ? { } ; => && || ?? return typeof case in of do else'.split(' '));

/** A JavaScript or TypeScript file as tokens, without comments. JSX gives whatever can be made of it. */
export function readJavaScript(text: string): Token[] {
	const tokens: Token[] = [];
	let line = 1;
	pieces.lastIndex = 0;
	while (pieces.lastIndex < text.length) {
		const at = pieces.lastIndex;
		if (text[at] === '/' && text[at + 1] !== '/' && text[at + 1] !== '*') {
			const before = tokens.at(-1);
			regularExpression.lastIndex = at;
			if (
				(!before || (before.type !== 'string' && beforeExpression.has(before.text))) &&
				regularExpression.test(text)
			) {
				tokens.push({type: 'string', text: '', line, open: true});
				pieces.lastIndex = regularExpression.lastIndex;
				continue;
			}
		}

		const match = pieces.exec(text);
		if (!match?.groups) break;
		const {newline, space, comment, double, single, template, number, name, sign} = match.groups;
		if (newline !== undefined) line += 1;
		else if (space === undefined && comment === undefined) {
			if (template !== undefined) pieces.lastIndex = readTemplate(text, at, tokens, line);
			else if (double !== undefined || single !== undefined) {
				const quoted = double ?? single ?? '';
				tokens.push({
					type: 'string',
					text: unescaped(quoted.slice(1, quoted.length > 1 && quoted.endsWith(quoted[0] ?? '') ? -1 : undefined)),
					line,
				});
			} else if (name !== undefined) tokens.push({type: 'name', text: name, line});
			else if (number !== undefined) tokens.push({type: 'number', text: number, line});
			else tokens.push({type: 'sign', text: sign ?? '', line});
		}

		if (newline === undefined) line += text.slice(at, pieces.lastIndex).split('\n').length - 1;
	}

	return tokens;
}

/** A template's text is one string, and the code in its ${…} follows it as tokens. Answers where it ends. */
function readTemplate(text: string, start: number, tokens: Token[], line: number): number {
	const inner: string[] = [];
	let at = start + 1;
	let depth = 0;
	let from = at;
	for (; at < text.length; at += 1) {
		const sign = text[at];
		if (sign === '\\') at += 1;
		else if (depth === 0 && sign === '`') break;
		else if (depth === 0 && sign === '$' && text[at + 1] === '{') {
			depth = 1;
			at += 1;
			from = at + 1;
		} else if (depth > 0 && sign === '{') depth += 1;
		else if (depth > 0 && sign === '}') {
			depth -= 1;
			if (depth === 0) inner.push(text.slice(from, at));
		}
	}

	const value = unescaped(text.slice(start + 1, at));
	tokens.push({type: 'string', text: value, line, ...(inner.length > 0 && {open: true})});
	if (start < at) {
		const saved = pieces.lastIndex;
		for (const code of inner) {
			// Between brackets, so that what follows the template is not taken for a part of it.
			tokens.push({type: 'sign', text: ';', line}, ...readJavaScript(code).map(token => ({...token, line})), {
				type: 'sign',
				text: ';',
				line,
			});
		}

		pieces.lastIndex = saved;
	}

	return at + 1;
}
