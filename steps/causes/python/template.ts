import type {Cause} from '../../../source/contract/cause.ts';
import {earlierCode} from '../../fixes/code.ts';

export const template: Cause = {
	id: 'python/template',
	title: ({name}) => `The template ${name} is not there.`,
	match: [/jinja2\.exceptions\.TemplateNotFound: (?<name>\S+)/, /TemplateDoesNotExist(?: at \S+|: )\s*(?<name>\S+)/],
	means: () =>
		'A page wants a template that this release does not have: it was not committed, or its name differs in capital letters, which count on Linux.',
	next: ({name}) =>
		`Compare the name letter by letter with the file in templates/: ${name}. Then commit, push, and deploy again.`,
	fixes: (_, app) => earlierCode(app),
};
