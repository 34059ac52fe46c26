import {useState} from 'react';
import {afterEach, expect, test, vi} from 'vitest';
import {Form} from '../../screens/form/form.tsx';
import {ThemeContext, themeOf} from '../../screens/parts/theme.ts';
import {stepForms} from '../../source/cli/plans/setup-plan.ts';
import type {Conflict} from '../../source/contract/option.ts';
import type {FieldValue} from '../../source/contract/ui/field.ts';
import {withConflicts} from '../../source/engine/run/conflicts.ts';
import {catalogue} from '../../steps/index.ts';
import {cleanup, render} from './ink.ts';

afterEach(cleanup);

const conflict: Conflict = {
	option: 'otherWebServer',
	what: 'apache2 listens on port 80 on this box.',
	means: 'nginx needs both ports.',
	choices: {stop: 'it is stopped', skip: 'it stays'},
};
const {box: steps} = withConflicts(catalogue, [conflict]);
const arrow = '\u001b[C';

/** The form of the web server's step, as the screens make it of its options. */
function Asked({onSubmit}: {onSubmit: () => void}) {
	const [answers, setAnswers] = useState<Record<string, FieldValue>>({});
	const forms = stepForms({steps, defaults: {}}, answers, undefined);
	const asking = forms.filter(form => form.fields.some(({name}) => name === 'otherWebServer'));
	const fields = asking.flatMap(form => form.fields).filter(({name}) => name === 'otherWebServer');
	const change = (name: string, value: FieldValue) => setAnswers({...answers, [name]: value});
	return <Form fields={fields} room={{width: 76, height: 12}} onChange={change} onSubmit={onSubmit} />;
}

test('what was found is asked in the form of its step: nothing is chosen until the person chooses', async () => {
	const submit = vi.fn();
	const app = render(
		<ThemeContext value={themeOf({LANG: 'C.UTF-8'}, 'linux')}>
			<Asked onSubmit={submit} />
		</ThemeContext>,
	);
	const see = (text: string) =>
		vi.waitFor(() => expect(app.lastFrame()).toContain(text), {timeout: 15_000, interval: 10});
	const press = async (keys: string, then: string) => {
		await new Promise(setImmediate);
		app.stdin.write(keys);
		await see(then);
	};

	await see('apache2 listens on port 80 on this box.');
	await press('\r', 'Other web server is needed');
	expect(submit).not.toHaveBeenCalled();
	await press(arrow, 'it is stopped');
	await press(arrow, 'it stays');
	app.stdin.write('\r');
	await vi.waitFor(() => expect(submit).toHaveBeenCalledOnce());
});
