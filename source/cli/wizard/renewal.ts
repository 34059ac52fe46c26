import {renewing} from '../../../steps/tls/renewNow.ts';
import {resolve} from '../../answers/answers.ts';
import type {Event, Reply, Summary} from '../../contract/ui/events.ts';
import type {Answers, Setup} from '../../contract/ui/setup.ts';
import type {Wizard} from '../../contract/ui/wizard.ts';
import {runTasks} from '../../engine/run/run-task.ts';
import type {Session} from '../../engine/session.ts';
import {sendRecords} from '../../outside/index.ts';
import {record} from '../../remote/recorder.ts';
import {title} from '../../remote/script.ts';
import {stepForms} from '../plans/setup-plan.ts';

/** The steps and commands of a renewal by hand, without asking the box. */
export function describeRenewal(
	{answers}: Setup,
	seconds: Readonly<Record<string, number>> = {},
): ReturnType<Wizard['renewal']> {
	const given: Answers = {...answers, force: true};
	const forms = stepForms(renewing, given, {seconds, box: {answers: {}, leftOut: [], steps: {}}, apps: {}});
	const {answers: resolved, problems} = resolve(renewing.steps, renewing.defaults, given);
	// What is missing is asked for when it runs.
	if (problems.length > 0) return {forms, commands: []};
	const operations = renewing.steps.flatMap(step =>
		record(hand => step.apply(hand, undefined as never, resolved as never)),
	);
	return {forms, commands: operations.map(title)};
}

/** A trial and a new certificate, as jobs on the box, outside of its set-up. */
export function renew({answers}: Setup, force: boolean, session: Session): AsyncGenerator<Event, Summary, Reply> {
	return runTasks({...renewing, name: 'renew', answers: {...answers, force}, leftOut: [], sendRecords}, session);
}
