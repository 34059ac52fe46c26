import {useApp} from 'ink';
import {asTrouble} from '../../source/contract/trouble.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import type {Navigation} from '../navigation/navigation.ts';
import {targetOf} from '../navigation/opened-route.ts';
import type {CommandId} from './commands.ts';

type Props = {readonly wizard: Wizard; readonly navigation: Navigation};

/** Does what a command of the box's page or of the palette stands for. */
export function useCommands({wizard, navigation}: Props): (id: CommandId, app?: string) => void {
	const {suspendTerminal} = useApp();
	const {go, say} = navigation;
	const open = async (app: string) => {
		const domain = navigation.seen.status?.apps.find(({name}) => name === app)?.domain;
		if (domain === undefined) return say({text: `${app} has no address`, bad: true});
		const address = `https://${domain}`;
		say({text: (await wizard.browse(address)) ? `Opening ${address} in your browser` : `${app} is at ${address}`});
	};
	/** Gives the terminal to what is run on the box. */
	const handOver = async (run: () => Promise<number>) => {
		try {
			await suspendTerminal(async () => void (await run()));
		} catch (error) {
			say({text: asTrouble(error).what, bad: true});
		}
	};
	const writing = async (write: () => Promise<string>) => {
		try {
			say({text: `Written to ${await write()} in this folder`});
		} catch (error) {
			say({text: asTrouble(error).what, bad: true});
		}
	};
	return (id, named) => {
		const foreign =
			named === undefined ? navigation.foreign : navigation.seen.status?.others.find(({name}) => name === named);
		const app = foreign?.name ?? named ?? navigation.app ?? '';
		const isService = !foreign && !navigation.appNames().includes(app);
		say(undefined);
		navigation.dropNew();
		if (named !== undefined && !isService) navigation.select(named);
		switch (id) {
			case 'deploy':
				navigation.take(app);
				return go({at: 'confirm-deploy', app});
			case 'releases':
				navigation.take(app);
				return go({at: 'releases', app});
			case 'logs':
				return go({at: 'logs', app, ...(foreign && {foreign})});
			case 'restart':
			case 'stop':
			case 'start':
				return go({at: 'confirm-control', app, action: id, ...(foreign && {foreign}), ...(isService && {isService})});
			case 'troubleshoot':
				if (!foreign) navigation.take(app);
				return go({at: 'troubleshoot', app});
			case 'settings':
				return go({at: 'settings', app});
			case 'open':
				navigation.toBox();
				return void open(app);
			case 'remove':
				return go({at: 'confirm-remove', app});
			case 'add':
				return navigation.addApp();
			case 'check':
				return go({at: 'run', kind: 'check'});
			case 'doctor':
				return go({at: 'doctor'});
			case 'undo':
				return go({at: 'confirm-undo'});
			case 'undo-app':
				return go({at: 'confirm-undo-app', app});
			case 'plan':
				if (navigation.app !== undefined) navigation.take(navigation.app);
				return go({at: 'review'});
			case 'plan-all':
				return go({at: 'review-all'});
			case 'shell':
				return void handOver(() => wizard.shell());
			case 'console':
			case 'database':
				navigation.toBox();
				return void handOver(() => wizard.runInApp(app, {run: id}));
			case 'run-in-app':
				return go({at: 'run-in-app', app});
			case 'receipt':
				navigation.toBox();
				return void writing(() => wizard.writeReceipt());
			case 'answers-file':
				navigation.toBox();
				return void writing(() => wizard.writeAnswersFile(navigation.setup.kind));
			case 'run-log':
				return go({at: 'run-log', back: navigation.route});
			case 'start-over':
				return go({at: 'kind'});
			case 'forget': {
				const {opened} = navigation;
				if (opened === undefined) return;
				navigation.leaveBox();
				return go({at: 'forget', target: targetOf(opened)});
			}
			case 'boxes':
				return navigation.leaveBox();
			default:
				return id satisfies never;
		}
	};
}
