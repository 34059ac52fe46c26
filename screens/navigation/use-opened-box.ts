import {useState} from 'react';
import type {Setup} from '../../source/contract/ui/setup.ts';
import type {Opened, Wizard} from '../../source/contract/ui/wizard.ts';
import {type Notice, notSeen, type Seen} from './seen.ts';

/** The box that is open: what it carries, how it was seen last, and which of its apps is under the hand. */
export function useOpenedBox(wizard: Wizard) {
	const [opened, setOpened] = useState<Opened>();
	const [seen, setSeen] = useState<Seen>(notSeen);
	const [selected, select] = useState<string>();
	const [notice, say] = useState<Notice>();
	const appNames = () => (seen.status?.apps ?? opened?.apps ?? []).map(({name}) => name);
	const foreign = seen.status?.others.find(({name}) => name === selected);
	return {
		opened,
		/** The box as it was seen last. */
		seen,
		setSeen,
		/** The name of the app under the hand, or of the first where a program is that is not boxwizard's. */
		app: foreign ? appNames()[0] : (selected ?? appNames()[0]),
		/** The program under the hand that is not boxwizard's. */
		foreign,
		select,
		appNames,
		notice,
		say,
		/** It has just been opened. */
		open(box: Opened) {
			setOpened(box);
			setSeen(notSeen);
			select(undefined);
			say(undefined);
		},
		close: () => setOpened(undefined),
		/** All of this set-up is done: the box has its page from now on, and the app its row. */
		carries({kind, answers, leftOut}: Setup) {
			const name = typeof answers.app === 'string' ? answers.app : undefined;
			const domain = typeof answers.domain === 'string' ? {domain: answers.domain} : {};
			select(name);
			setOpened(known => {
				if (!known) return known;
				const title = wizard.kinds().find(one => one.name === kind)?.title ?? kind;
				const isThere = name === undefined || known.apps.some(one => one.name === name);
				return {
					...known,
					apps: isThere ? known.apps : [...known.apps, {name, kind: title, ...domain}],
					resumable: {kind, answers, leftOut, title, done: 1, total: 1, running: false},
				};
			});
		},
		/** The app is off the box: what is left, in its order. */
		dropApp(name: string) {
			const left = (opened?.apps ?? []).filter(one => one.name !== name);
			select(left[0]?.name);
			setSeen(({status, ...rest}) =>
				status ? {...rest, status: {...status, apps: status.apps.filter(one => one.name !== name)}} : rest,
			);
			setOpened(known => (known ? {...known, apps: left} : known));
			return left;
		},
		/** All was taken back. */
		undone() {
			setSeen(notSeen);
			select(undefined);
			setOpened(known => {
				if (!known) return known;
				const {resumable: _gone, ...rest} = known;
				return {...rest, apps: []};
			});
		},
	};
}
