/** Names of the programs that an app keeps running: the app's server, and its worker where there is a queue. */
export function programsOf({app, queue}: {readonly app: string; readonly queue: string}): string[] {
	return [app, ...(queue === '' ? [] : [`${app}-worker`])];
}
