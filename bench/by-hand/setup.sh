# The whole set-up as one script with nothing checked: what `boxwizard setup` does with the same choices on Debian 12, in
# the fewest commands. It runs as root over one ssh. What stands before it, put there by the benchmark: `files`, a folder
# with the configuration files and secrets as they are to be.
# Arguments: DOMAIN USER APP EMAIL REPOSITORY ACME_DIRECTORY UV_FOLDER
set -euo pipefail
domain=$1 user=$2 app=$3 email=$4 repository=$5 acme=$6 uv=$7
root=/srv/$app shared=/srv/$app/shared current=/srv/$app/current
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 HOME=/root
put() { for path in "$@"; do mkdir -p "${path%/*}"; cp -p "$files$path" "$path"; done; }
apt() { apt-get -y -q -o Dpkg::Use-Pty=0 -o Acquire::Languages=none -o Dpkg::Options::=--force-confold "$@"; }

# The system
put /etc/hosts /etc/hostname /etc/mailname
hostname "$domain"
printf 'postfix postfix/main_mailer_type select Internet Site\npostfix postfix/mailname string %s\n' "$domain" | debconf-set-selections
put /etc/fail2ban/jail.d/boxwizard.local
apt update
apt full-upgrade
put /var/lib/boxwizard/upgraded
apt --no-install-recommends install ca-certificates curl sudo ufw unattended-upgrades fail2ban python3-systemd nftables \
	python3 python3-venv git openssh-client openssl nginx logrotate mariadb-server redis-server certbot \
	python3-certbot-nginx postfix
put /etc/apt/apt.conf.d/52boxwizard

# Accounts and doors
useradd --create-home --shell /bin/bash --user-group --groups sudo "$user"
printf '%s:%s' "$user" "$(cat "$files/sudo-password")" | chpasswd
put "/etc/sudoers.d/boxwizard-$user" "/home/$user/.profile" "/home/$user/.ssh/authorized_keys"
chmod 700 "/home/$user/.ssh"
chown -R "$user:$user" "/home/$user"
ssh-keygen -q -t rsa -b 4096 -N '' -C '' -f /etc/ssh/ssh_host_rsa_4096_key
awk '$5 >= 3071' /etc/ssh/moduli > /etc/ssh/moduli-3072
put /etc/ssh/sshd_config.d/00-boxwizard.conf
sshd -t
systemctl reload ssh
systemctl enable --now --quiet fail2ban
ufw allow 22/tcp comment SSH
ufw allow 80,443/tcp comment Web
ufw --force enable

# Mail and database
postconf -e "myhostname = $domain" 'myorigin = /etc/mailname' 'mydestination = $myhostname, localhost.$mydomain, localhost' \
	'inet_interfaces = loopback-only' 'relayhost =' 'smtp_tls_security_level = may' 'smtp_sasl_auth_enable = no' \
	'smtp_sasl_password_maps =' 'smtp_sasl_tls_security_options = noanonymous'
put /etc/aliases
newaliases
systemctl restart postfix
printf 'From: %s <root@%s>\nTo: %s\nSubject: %s can send mail\n\nThis is a test. Nothing needs to be done.\n' "$domain" "$domain" "$email" "$domain" |
	sendmail -i -f "root@$domain" "$email"
put /etc/mysql/mariadb.conf.d/99-boxwizard.cnf
systemctl restart mariadb
mysql <<END
CREATE DATABASE \`$app\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE USER '$app'@'localhost' IDENTIFIED BY '$(cat "$files/database-password")';
GRANT ALL PRIVILEGES ON \`$app\`.* TO '$app'@'localhost';
END

# uv, by the pip that python3-venv brings
put "$uv/requirements.txt" "$uv/run-uv"
python3 "$(ls /usr/share/python-wheels/pip-*.whl)/pip" install --disable-pip-version-check --no-input --progress-bar off --no-cache-dir --no-deps \
	--require-hashes --root-user-action ignore --target "$uv" --requirement "$uv/requirements.txt"

# The app
useradd --system --user-group --home-dir "$shared/state" --no-create-home --shell /usr/sbin/nologin "$app"
install -d -m 0755 -o "$user" -g "$user" "$root" "$root/releases" "$shared"
install -d -m 0750 -o "$app" -g "$app" "$shared/state" "$shared/state/logs" "$shared/state/instance"
release=$root/releases/$(date -u +%Y%m%dT%H%M%S)
put "$shared/.env" "$shared/environment" "$shared/gunicorn.conf.py" "$shared/rq_settings.py"
chown "$app:$app" "$shared/.env" "$shared/environment"
runuser -u "$user" -- env HOME="/home/$user" bash -euo pipefail <<END
git clone --quiet --depth 1 --branch main $repository $release
cd $release
rm -rf .env logs instance
ln -s $shared/.env .env
ln -s $shared/state/logs logs
ln -s $shared/state/instance instance
export UV_NO_PROGRESS=1 UV_COMPILE_BYTECODE=1
$uv/run-uv venv --quiet --seed --python /usr/bin/python3 venv
$uv/run-uv pip install --python venv/bin/python --requirement requirements.txt gunicorn python-dotenv pymysql rq redis
echo "pypi gunicorn python-dotenv pymysql rq redis \$({ cat requirements.txt; ls -d venv/lib/python3*/site-packages/*.dist-info; } | sha256sum | cut -c 1-64)" > venv/installed
venv/bin/python -m babel.messages.frontend compile --directory app/translations
END
ln -s "$release" "$current"
runuser -u "$app" -- env -C "$current" HOME="$shared/state" venv/bin/python -m flask db upgrade
put "/etc/systemd/system/$app.service" "/etc/systemd/system/$app-worker.service"
systemctl daemon-reload
systemctl enable --now "$app" "$app-worker"

# The site and its certificate
mkdir -m 0700 -p "/etc/nginx/ssl/$domain"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=$domain" \
	-addext "subjectAltName=DNS:$domain" -keyout "/etc/nginx/ssl/$domain/key.pem" -out "/etc/nginx/ssl/$domain/cert.pem" 2> /dev/null
put "/etc/nginx/sites-available/$app"
site=/etc/nginx/sites-available/$app
sed -i "s|/etc/letsencrypt/live/$domain/fullchain.pem|/etc/nginx/ssl/$domain/cert.pem|; s|/etc/letsencrypt/live/$domain/privkey.pem|/etc/nginx/ssl/$domain/key.pem|" "$site"
ln -s "$site" "/etc/nginx/sites-enabled/$app"
rm /etc/nginx/sites-enabled/default
nginx -t -q
systemctl reload nginx
put /etc/letsencrypt/acme-ca.pem
export REQUESTS_CA_BUNDLE=/etc/letsencrypt/acme-ca.pem
order=(--nginx --non-interactive --cert-name "$domain" -d "$domain" --key-type ecdsa --server "$acme" --agree-tos --no-eff-email --email "$email")
certbot certonly --dry-run "${order[@]}"
certbot certonly --keep-until-expiring "${order[@]}"
put "$site"
nginx -t -q
systemctl reload nginx
certbot renew --dry-run --no-random-sleep-on-renew --cert-name "$domain" --server "$acme"
put /etc/letsencrypt/renewal-hooks/deploy/reload-nginx /etc/systemd/system/certbot.service.d/boxwizard.conf
/etc/letsencrypt/renewal-hooks/deploy/reload-nginx
put /usr/local/sbin/certificate-reminder /etc/systemd/system/certificate-reminder.service /etc/systemd/system/certificate-reminder.timer
systemctl daemon-reload
systemctl enable --now --quiet certificate-reminder.timer
systemctl start certificate-reminder.service
