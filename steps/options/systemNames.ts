/**
 * Accounts and groups that Debian and Ubuntu have (base-passwd) or that the services bring. An app or a person of
 * such a name would be one with it, or could not be made.
 */
const systemNames = new Set(
	`root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody nogroup adm tty disk
kmem dialout fax voice cdrom floppy tape sudo admin audio dip operator src shadow utmp video sasl plugdev staff users
input kvm render crontab netdev lxd docker syslog messagebus sshd ssl-cert certbot fail2ban ufw
mysql mariadb postgres postgresql redis memcache postfix postdrop elasticsearch nginx supervisor chrony ntp ntpsec tss
uuidd landscape pollinate systemd-network systemd-resolve systemd-timesync systemd-journal systemd-coredump`.split(
		/\s+/,
	),
);
/** Whether the system has no account or group of this name. */
export const notOfSystem = (name: string) => !systemNames.has(name);
/** What is said of a name that it has. */
export const ofSystem = 'This name is taken by the system';
