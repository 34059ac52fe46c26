import {resumable} from '../plans/setup-plan.ts';
import type {CurrentBox} from './current-box.ts';
import {doctorOf} from './doctor-wizard.ts';
import type {Beginning, JoinedWizard} from './joined-wizard.ts';

/** What a wizard does about a box that is not well: the doctor, and an app that is run in the foreground. */
export function repairsOf(
	box: CurrentBox,
	{catalogue}: Beginning,
): Pick<JoinedWizard, 'examine' | 'previewFix' | 'fix' | 'troubleshoot'> {
	const doctor = doctorOf(
		catalogue,
		() => box.session,
		() => box.known,
	);
	return {
		examine: doctor.examine,
		previewFix: doctor.previewFix,
		async *fix(findings) {
			const before = resumable(box.state, box.catalogue, box.known.answers);
			if (before) box.expectSecrets(before);
			return yield* box.watch(doctor.fix(findings));
		},
		async *troubleshoot(setup, app) {
			const {session} = box;
			const {troubleshootPlan} = await import('../plans/troubleshoot-plan.ts');
			const {troubleshoot} = await import('../../troubleshoot/index.ts');
			box.inForeground = true;
			try {
				const events = troubleshoot(await troubleshootPlan(box.plan(setup), app), session);
				let next = await events.next();
				while (!next.done) {
					const {value} = next;
					if (value.type === 'step' && value.event.type === 'running' && value.event.attached) box.attached();
					next = await events.next(yield value);
				}

				return next.value;
			} finally {
				box.inForeground = false;
			}
		},
	};
}
