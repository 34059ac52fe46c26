import type {Warning} from '../../../source/contract/detection.ts';
import {assignment, type Statement} from '../../reading/python.ts';
import {callsIn, type Token, textOf} from '../../reading/tokens.ts';
import {compareVersions, meets, pinOf} from '../../reading/versions.ts';
import type {Requirement} from './dependencies/requirements.ts';
import type {Findings} from './warnings.ts';

/** The first FastAPI that takes Starlette 1: 0.131 asks for starlette<1.0.0 in its pyproject.toml. */
const fastapiWithStarlette1 = '0.132';

/**
 * Pages made in the way that Starlette 1 dropped, TemplateResponse('index.html', {…}), where nothing keeps Starlette below 1.
 * https://www.starlette.io/release-notes/#100-march-22-2026
 */
export function starletteCalls({files, dependencies}: Findings): Warning[] {
	if (!getsStarlette1(dependencies?.requirements ?? [])) return [];
	const called = files.flatMap(({path, statements}) =>
		statements.flatMap(({tokens}) =>
			callsIn(tokens)
				.filter(({name, positional}) => name.endsWith('.TemplateResponse') && isText(positional[0], statements))
				.map(({line}) => `${path}:${line}`),
		),
	);
	if (called.length === 0) return [];
	return [
		{
			code: 'starlette-templates',
			severity: 'fails',
			what: `${called[0]} names the template first, which Starlette 1 takes for the request.`,
			means: 'Nothing keeps Starlette below 1, so the newest is installed, and such a page answers with an error 500.',
			next: `Write starlette<1 into ${dependencies?.file}, or give the request first: TemplateResponse(request, "index.html").`,
			evidence: called.slice(0, 3),
		},
	];
}

/** Whether a value is a text, or a name that stands for one in its file: `template = 'index.html'`. */
function isText(value: readonly Token[] | undefined, statements: readonly Statement[]): boolean {
	if (textOf(value) !== undefined) return true;
	const [name] = value ?? [];
	if (value?.length !== 1 || name?.type !== 'name') return false;
	return statements.map(assignment).some(set => set?.name === name.text && textOf(set.value) !== undefined);
}

/** Whether what is installed has Starlette 1: it is named or comes with FastAPI, and neither is held below. */
function getsStarlette1(requirements: readonly Requirement[]): boolean {
	const isHeldBelow = (name: string, version: string, newest: string) => {
		const specifier = requirements.find(one => one.name === name)?.specifier ?? '';
		const pin = pinOf(specifier);
		return pin === undefined ? specifier !== '' && !meets(newest, specifier) : compareVersions(pin, version) < 0;
	};
	return (
		requirements.some(({name}) => name === 'starlette' || name === 'fastapi') &&
		!isHeldBelow('starlette', '1', '1.999') &&
		!isHeldBelow('fastapi', fastapiWithStarlette1, '0.999')
	);
}
