#!/bin/bash
# What a careful administrator would write by hand to look a Flask box over: every fact that `boxwizard check` reads, over
# one ssh, with what is seen from outside asked meanwhile. It only reads; it judges nothing.
# check.sh ADDRESS DOMAIN USER APP NAMESERVER CA IDENTITY KNOWN_HOSTS < the sudo password
set -u
address=$1 domain=$2 user=$3 app=$4 nameserver=$5 ca=$6 identity=$7 known_hosts=$8
read -r password
zone=${domain#*.}

outside() {
	dig +noall +answer @"$nameserver" "$domain" A "$domain" AAAA "$zone" NS "$domain" CAA "$zone" CAA
	curl --silent --head --resolve "$domain:80:$address" "http://$domain/"
	curl --silent --output /dev/null --write-out '%{http_code}\n' --cacert "$ca" --resolve "$domain:443:$address" "https://$domain/"
	local address6
	address6=$(dig +short @"$nameserver" "$domain" AAAA)
	[ -n "$address6" ] || return 0
	curl --silent --head --resolve "$domain:80:[$address6]" "http://$domain/"
	curl --silent --output /dev/null --write-out '%{http_code}\n' --cacert "$ca" --resolve "$domain:443:[$address6]" "https://$domain/"
}

inside() {
	cat <<'END'
look() {
	domain=$1 user=$2 app=$3
	shared=/srv/$app/shared
	export LC_ALL=C.UTF-8

	# The system
	cat /etc/os-release /etc/default/locale /etc/hosts
	readlink -m /etc/default/locale
	locale -a
	command -v locale-gen
	uname --nodename
	nproc
	df --output=target,avail,iavail / /var
	grep -E '^(MemTotal|SwapTotal):' /proc/meminfo
	systemd-detect-virt --container
	ls -d /run/cloud-init/enabled /run/reboot-required /etc/cloud/cloud.cfg.d
	find /boot -maxdepth 1 -name 'vmlinuz-*' -newer /proc/1
	fuser /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock
	dpkg --audit
	dpkg-query --show --showformat='${db:Status-Abbrev}${Package}\n'
	systemctl show --property=LoadState,UnitFileState,ActiveState systemd-timesyncd chrony ntpsec openntpd \
		apt-daily.timer apt-daily-upgrade.timer fail2ban ufw firewalld postfix nginx redis-server mariadb mysql \
		postgresql certbot.timer certificate-reminder.timer
	ip -json address show scope global

	# Accounts and doors
	getent passwd "$user" "$app"
	id "$user"
	passwd -S "$user"
	cat "/home/$user/.ssh/authorized_keys"
	for who in "$user" root; do sshd -T -C "user=$who,host=client.example,addr=192.0.2.1"; done
	systemctl show --property=ActiveState,Listen ssh.socket
	ssh -Q kex
	for key in rsa rsa_4096; do ssh-keygen -l -f "/etc/ssh/ssh_host_${key}_key.pub"; done
	cat /etc/ssh/sshd_config
	grep -HE '^[[:space:]]*Port[[:space:]]' /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf
	cat /etc/ufw/ufw.conf /etc/default/ufw
	grep -F '### tuple ###' /etc/ufw/user.rules /etc/ufw/user6.rules
	iptables -S INPUT
	sed -n 's/^ignoreip = //p' /etc/fail2ban/jail.d/boxwizard.local

	# Mail and database
	postconf myhostname myorigin mydestination inet_interfaces relayhost smtp_tls_security_level \
		smtp_sasl_auth_enable smtp_sasl_password_maps smtp_sasl_tls_security_options
	grep '^root:' /etc/aliases
	ss -Hltn '( sport = :3306 or sport = :33060 or sport = :5432 )'
	password=$(sed -n "s|^DATABASE_URL='[^:]*://[^:]*:\([^@]*\)@.*|\1|p" "$shared/.env")
	mysql --defaults-extra-file=<(printf '[client]\npassword="%s"\n' "$password") --user="$app" --batch --execute 'select version_num from alembic_version' "$app"

	# The app
	cd "/srv/$app/current" || return
	pwd -P
	ls -d "/srv/$app/next"
	cat .git/HEAD .git/config requirements.txt venv/installed venv/pyvenv.cfg
	ls -d /usr/local/lib/uv-*/run-uv
	readlink .env logs instance
	{ cat requirements.txt; ls -d venv/lib/python3*/site-packages/*.dist-info; } | sha256sum
	sed -n 's/^FLASK_APP=//p' .flaskenv
	grep -oHE '^(app|application) *=|^def (create_app|make_app)[(]' ./*.py ./*/__init__.py
	grep -m 1 '^export FLASK_APP=' "/home/$user/.profile"
	find . -path ./venv -prune -o -path '*/LC_MESSAGES/messages.*' -printf '%T@ %p\n'
	grep -hE '^(down_)?revision *[:=]' migrations/versions/*.py
	stat -c '%n %a %U:%G' "/srv/$app" "/srv/$app/releases" "$shared" "$shared/state" "$shared/state/logs" "$shared/state/instance"
	for pattern in 'rq.cli worker' 'gunicorn --config'; do
		pid=$(pgrep --oldest --uid "$app" --full "$pattern") || continue
		readlink "/proc/$pid/cwd"
		stat -c '%Y %n' "/proc/$pid" "$shared/.env" "$shared/rq_settings.py" "$shared/gunicorn.conf.py" venv/installed
	done

	# The site and its certificate
	cat "/etc/nginx/sites-available/$app"
	readlink -e "/etc/nginx/sites-enabled/$app"
	ls -d /etc/nginx/sites-enabled/default "/etc/nginx/ssl/$domain/cert.pem" "/etc/nginx/ssl/$domain/key.pem" app/static /proc/net/if_inet6
	nginx -v
	readlink -e /usr/bin/certbot /snap/bin/certbot
	openssl x509 -in "/etc/letsencrypt/live/$domain/fullchain.pem" -noout -issuer -dates -fingerprint -sha256 -ext subjectAltName
	cat "/etc/letsencrypt/renewal/$domain.conf"

	# The files whose whole content counts
	set -- /etc/hostname /etc/mailname /var/lib/boxwizard/upgraded /etc/apt/apt.conf.d/52boxwizard \
		"/etc/sudoers.d/boxwizard-$user" /etc/ssh/sshd_config.d/00-boxwizard.conf /etc/fail2ban/jail.d/boxwizard.local \
		/etc/aliases /etc/postfix/sasl_passwd /etc/mysql/mariadb.conf.d/99-boxwizard.cnf "$shared/.env" "$shared/environment" \
		"$shared/rq_settings.py" "$shared/gunicorn.conf.py" "/etc/systemd/system/$app.service" \
		"/etc/systemd/system/$app-worker.service" /etc/letsencrypt/acme-ca.pem \
		/etc/letsencrypt/renewal-hooks/deploy/reload-nginx /etc/systemd/system/certbot.service.d/boxwizard.conf \
		/usr/local/sbin/certificate-reminder /etc/systemd/system/certificate-reminder.service \
		/etc/systemd/system/certificate-reminder.timer
	stat -L -c '%a %U:%G %n' "$@"
	sha256sum "$@"
}
END
	printf 'look %q %q %q < /dev/null\n' "$domain" "$user" "$app"
}

outside &
{
	printf '%s\n' "$password"
	inside
} | ssh -i "$identity" -o UserKnownHostsFile="$known_hosts" -o BatchMode=yes "$user@$address" "sudo -S -p '' bash"
wait
