import {dotenvLine, dotenvRefuses, parseDotenv} from '../../../steps/reading/dotenv.ts';
import type {DetectedVariable} from '../../contract/detection.ts';
import {joinLines, plainText, Secret} from '../../contract/secret.ts';
import type {Field} from '../../contract/ui/field.ts';
import type {FoundApp} from '../../contract/ui/found-app.ts';
import type {Answers} from '../../contract/ui/setup.ts';

/** More variables than this are given as lines, among the app's settings. */
const mostDetails = 30;

/**
 * A field for each variable that only the person knows: those that the app fails without, and as details those that it can do without. All
 * may be left empty. Pure.
 */
export function variableFields({app}: FoundApp, answers: Answers): readonly Field[] {
	const given = new Map(variablesIn(answers).map(({name, value}) => [name, value]));
	const own = (app?.variables ?? []).filter(({filledWith}) => filledWith === undefined);
	const required = own.filter(isNeeded);
	const others = own.filter(one => !isNeeded(one)).slice(0, mostDetails);
	return [...required, ...others].map(variable => fieldOf(variable, given.get(variable.name)));
}

/** Whether the app fails as long as nobody gives a value. */
export function isNeeded({required, filledWith, default: otherwise}: DetectedVariable): boolean {
	return required && filledWith === undefined && otherwise === undefined;
}

function fieldOf(variable: DetectedVariable, value: string | undefined): Field {
	const {name, where, default: otherwise} = variable;
	const shortDefault = otherwise?.replaceAll(/\s+/g, ' ').slice(0, 40);
	const without = isNeeded(variable)
		? 'The app fails without it.'
		: otherwise === undefined
			? 'The app can do without it.'
			: `Otherwise ${shortDefault}.`;
	return {
		name,
		kind: 'secret',
		title: name,
		description: `Read in ${where}. ${without}`,
		placeholder: isNeeded(variable) ? 'the app needs it' : (shortDefault ?? 'not set'),
		value: value === undefined ? undefined : new Secret(value),
		detail: !isNeeded(variable),
		optional: true,
		generated: false,
		problem: typed => (typed instanceof Secret ? dotenvRefuses(typed.reveal()) : undefined),
	};
}

/** The answers with these variables among the person's own: one that stands there already gets the new value. Pure. */
export function withVariables(answers: Answers, values: Readonly<Record<string, Secret>>): Answers {
	const entries = Object.entries(values).filter(([, value]) => value.reveal() !== '');
	if (entries.length === 0) return answers;
	const {environment: before} = answers;
	const lines = before instanceof Secret ? before.reveal().split('\n') : ['# The person’s own variables.'];
	const isOther = (line: string) => !parseDotenv(line).variables.some(({name}) => values[name] !== undefined);
	const kept = lines.filter(line => line.trim() !== '' && isOther(line));
	const added = entries.map(([name, value]) => dotenvLine(name, value));
	return {...answers, environment: new Secret(plainText(joinLines([...kept, ...added])))};
}

function variablesIn({environment}: Answers) {
	return environment instanceof Secret ? parseDotenv(environment.reveal()).variables : [];
}
