import {useState} from 'react';
import type {Field} from '../../source/contract/ui/field.ts';
import type {Room} from '../parts/page.tsx';
import {Form} from './form.tsx';

/** Rows of the field, with its note. */
export const nameRows = 4;

/** A name to be typed before something is done that can't be taken back: it takes no other than this one. */
export function NameField({name, room, onTyped}: {name: string; room: Room; onTyped: () => void}) {
	const [typed, setTyped] = useState('');
	const field: Field = {
		name: 'confirm',
		kind: 'text',
		title: 'Its name',
		description: `Type ${name} to do it.`,
		value: typed,
		detail: false,
		optional: false,
		generated: false,
		problem: text => (text === name ? undefined : `It is done only when this says ${name}`),
	};
	return (
		<Form
			fields={[field]}
			room={{...room, height: nameRows}}
			onChange={(_, text) => setTyped(typeof text === 'string' ? text : '')}
			onSubmit={onTyped}
		/>
	);
}
