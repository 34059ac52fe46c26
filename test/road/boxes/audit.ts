import type {PracticeBox} from '../../../source/practice/index.ts';

/** What ssh-audit says of a box's sshd. */
export type Audit = {
	/** Its findings of level "fail", as it prints them: none where all is well. */
	readonly failures: string;
	/** Whether the sshd follows its hardening guide for the box's release. */
	readonly policy: {readonly passed: boolean; readonly errors: readonly unknown[]};
};

/** As in the README's security section; Debian 12's own package is older than the policies for Debian 12 and 13. */
const version = '3.9.0';

/** Runs ssh-audit on the box, in a folder that goes again. */
export async function audit(box: PracticeBox, policy: string): Promise<Audit> {
	const answer = await box.console(`folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder" && "$folder/bin/pip" install --quiet --no-cache-dir --disable-pip-version-check ssh-audit==${version}
NO_COLOR=1 "$folder/bin/ssh-audit" --level=fail localhost > "$folder/failures" || [ $? -le 3 ]
"$folder/bin/ssh-audit" --json --policy ${JSON.stringify(policy)} localhost > "$folder/policy" || [ $? -le 3 ]
python3 -c 'import json, sys; print(json.dumps({"failures": open(sys.argv[1]).read().strip(), "policy": json.load(open(sys.argv[2]))}))' "$folder/failures" "$folder/policy"`);
	return JSON.parse(answer) as Audit;
}
