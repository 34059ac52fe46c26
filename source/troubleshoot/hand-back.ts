import type {Box} from '../box.ts';
import type {AppOnBox} from '../cause.ts';
import {quote} from '../command.ts';

/** Starts an app anew under its keeper, with its configuration as it is now. Answers whether it answers (or, without a port, runs). */
export async function handBack(box: Box, app: AppOnBox): Promise<boolean> {
	const name = quote(app.name);
	const restart =
		app.keeper === 'supervisor'
			? `supervisorctl update ${name}; supervisorctl restart ${name}`
			: `systemctl daemon-reload; systemctl restart ${name}`;
	const {stdout} = await box.run(
		`(${restart}) > /dev/null 2>&1\n${app.port === undefined ? runs(app) : answers(app, app.port)}`,
	);
	return stdout.trim() === 'well';
}

function answers({domain}: AppOnBox, port: number): string {
	return `for try in {1..200}; do
	code=$(curl --silent --noproxy '*' --output /dev/null --max-time 20 --write-out '%{http_code}' --header 'X-Forwarded-Proto: https' --header ${quote(`Host: ${domain ?? 'localhost'}`)} http://127.0.0.1:${port}/) && break
	sleep 0.1
done
case $code in [1-4]??) echo well ;; esac`;
}

function runs({name, keeper}: AppOnBox): string {
	return keeper === 'supervisor'
		? `case $(supervisorctl status ${quote(name)}) in *RUNNING*) echo well ;; esac`
		: `systemctl is-active --quiet ${quote(name)} && echo well`;
}
