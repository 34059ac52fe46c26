import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {earlierCode} from '../../fixes/code.ts';
import {locale} from '../../system/locale.ts';

export const encoding: Cause = {
	id: 'python/encoding',
	title: () => 'A text is read or written in an encoding that does not hold all of its characters.',
	match: [
		/Unicode(?:Decode|Encode)Error: '(?<codec>ascii|latin-1|charmap)' codec can't/,
		/SyntaxError: Non-UTF-8 code starting with/,
		/locale\.Error: unsupported locale setting/,
		/Click will abort further execution because Python was configured to use ASCII/,
	],
	over: ['python/syntax'],
	means: () => 'The program runs in a locale without UTF-8, or a file is saved in another encoding.',
	next: () =>
		"Open files with encoding='utf-8', save your sources as UTF-8, and see that the box’s locale is a UTF-8 one (`locale`).",
	fixes: (_, app) => [...(app.isOwn ? [fixByStep(locale, 'Set the box’s locale again')] : []), ...earlierCode(app)],
};
