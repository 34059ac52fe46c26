/**
 * The answer to what installing postfix asks, for `debconf-set-selections`: its package makes no main.cf, which `mail/postfix` does. It
 * would set one value at a time, and wait two seconds after most of them.
 */
export const postfixSelections = 'postfix postfix/main_mailer_type select No configuration\n';
