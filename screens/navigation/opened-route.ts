import {formatEndpoint} from '../../source/contract/address.ts';
import type {Opened, Start} from '../../source/contract/ui/wizard.ts';
import type {Route} from './route.ts';

/** The place where the screens begin. */
export function startRoute(start: Start): Route {
	if (start.at === 'practice') return {at: 'practice'};
	if (start.at === 'home') return {at: 'home'};
	const {target} = start;
	if (start.at === 'troubleshoot')
		return {at: 'connect', target, failing: start.app === undefined ? {} : {app: start.app}};
	return {at: 'connect', target, ...(start.resume && {resume: true}), ...(start.to && {next: start.to})};
}

/** The box as a command takes it: 'jessica@203.0.113.7', with its port where that is not 22. */
export function targetOf({user, host, port}: Pick<Opened, 'user' | 'host' | 'port'>): string {
	return `${user}@${port === 22 ? host : formatEndpoint({host, port})}`;
}

/** Whether a set-up that was begun is over: what was taken back since, such as an app, is no set-up that stopped. */
export function isSetUp({resumable}: Pick<Opened, 'resumable'>): boolean {
	return resumable !== undefined && resumable.stoppedAt === undefined && !resumable.running;
}

/** The place of an opened box: its own page once it is set up, the plan of a set-up that stopped, else what was found. */
export function routeOfBox(opened: Pick<Opened, 'resumable' | 'survey'>): Route {
	if (!opened.resumable || !opened.survey.os.supported) return {at: 'survey'};
	return isSetUp(opened) ? {at: 'box'} : {at: 'review'};
}

/** Where the person goes when a box is open that they asked for at this place. */
export function routeAfter(route: Route, opened: Opened): Route {
	const {resumable, survey} = opened;
	if (route.at !== 'connect') return routeOfBox(opened);
	if (route.failing && resumable) return {at: 'troubleshoot', ...route.failing};
	if (route.next === 'renew') return {at: 'renew', confirmed: false};
	if (route.next === 'doctor') return {at: 'doctor'};
	if (route.next === 'add' && opened.apps.length > 0) return {at: 'repository'};
	const goesOn = route.resume && resumable && !isSetUp(opened) && survey.os.supported;
	return goesOn ? {at: 'run', kind: 'run'} : routeOfBox(opened);
}
