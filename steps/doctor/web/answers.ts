import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import {options} from '../../options/shared.ts';

/** The site as a visitor meets it, at the box's own address, whatever DNS says. */
export const webAnswers = defineExamination({
	id: 'web/answers',
	title: 'The site, as a visitor sees it',
	options: z.object({
		domain: options.domain,
		app: options.app,
		supervisor: options.supervisor,
		leftOut: z.array(z.string()).default([]),
	}),
	async look($, {domain, leftOut}) {
		if (leftOut.includes('web/nginx')) return {status: 0, trouble: ''};
		const address = await $.outside.address();
		try {
			const {status} = await $.outside.fetch(`https://${domain}/`, {address, anyCertificate: true});
			return {status, trouble: ''};
		} catch (error) {
			if (!(error instanceof Trouble)) throw error;
			return {status: 0, trouble: error.what};
		}
	},
	judge({status, trouble}, {domain}) {
		if (trouble !== '') {
			return {
				severity: 'bad',
				title: `https://${domain}/ does not answer`,
				means: 'Visitors see an error of their browser. nginx is down, or a firewall stands before it.',
				evidence: [trouble],
				next: 'boxwizard restart HOST nginx, or look at the other findings first.',
			};
		}

		if (status < 500) return undefined;
		return {
			severity: 'bad',
			title: `https://${domain}/ answers with an error (${status})`,
			means:
				status >= 502 && status <= 504
					? 'nginx runs, but the app behind it does not answer.'
					: 'The app runs, and fails at its first page.',
			evidence: [`GET https://${domain}/ → ${status}`],
			next: 'boxwizard troubleshoot HOST says why.',
		};
	},
	fix({status, trouble}, {app, supervisor}) {
		if (trouble !== '') {
			return {
				title: 'Start nginx',
				why: 'nginx checks its configuration, and starts where it does not run.',
				apply($) {
					$`nginx -t -q`;
					$.service('nginx', 'restart');
				},
				notUndone: 'A web server that runs is left running.',
			};
		}

		// An error of the app's own is as it was after a restart.
		if (status === 500) return undefined;
		return {
			title: `Restart ${app}`,
			why: 'The app starts anew. If it does not stay up, boxwizard troubleshoot HOST says why.',
			apply($) {
				$`${supervisor === 'supervisor' ? 'supervisorctl' : 'systemctl'} restart ${app}`;
			},
			notUndone: 'An app that runs is left running.',
		};
	},
});
