import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {nginx} from '../../web/nginx.ts';

export const nginxConfiguration: Cause = {
	id: 'nginx/configuration',
	title: () => 'nginx refuses its own configuration.',
	match: [/\[emerg\] (?:\d+#\d+: )?(?<what>.+)$/],
	from: ['box'],
	look: async $ => $`if command -v nginx > /dev/null; then nginx -t 2>&1 | grep -F '[emerg]' | tail -n 1; fi`,
	over: ['nginx/down'],
	means: ({what}) => `It goes on with what it read last, or does not start at all: ${what}`,
	next: () => 'Mend the line that it names, then: nginx -t && systemctl reload nginx',
	fixes: (_, {isOwn}) => (isOwn ? [fixByStep(nginx, 'Write the site’s settings again')] : []),
};
