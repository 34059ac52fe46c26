/** The answers to the questions that installing postfix asks, for `debconf-set-selections`. */
export function postfixSelections(domain: string): string {
	return `postfix postfix/main_mailer_type select Internet Site\npostfix postfix/mailname string ${domain}\n`;
}
