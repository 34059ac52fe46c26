# Real faults, all at once, as time and hurried hands make them. Each is named by the finding it must lead to.
set -eu
live=$(echo /etc/letsencrypt/live/*.test)
domain=${live##*/}
timeout 60 bash -c 'until systemctl is-active --quiet microblog microblog-worker; do sleep 0.2; done'

# system/failed
printf '[Service]\nExecStart=/bin/false\n' > /etc/systemd/system/faulty.service
systemctl daemon-reload
systemctl start faulty.service
# system/boot
systemctl disable --quiet fail2ban
# tls/renewal
systemctl disable --now --quiet certbot.timer
# system/reload
mkdir -p /etc/systemd/system/redis-server.service.d
printf '[Service]\nNice=1\n' > /etc/systemd/system/redis-server.service.d/nice.conf
# firewall/ports
ufw allow 8080/tcp
# account/sudoers
install --mode=0440 /dev/stdin /etc/sudoers.d/zz-hurry <<< 'jessica ALL=(ALL) NOPASSWD: ALL'
# ssh/door, then ssh/reload: sshd writes its pid file when it has read what is there
echo 'PasswordAuthentication yes' > /etc/ssh/sshd_config.d/00-aaa.conf
systemctl reload ssh
timeout 20 bash -c 'until [ /run/sshd.pid -nt /etc/ssh/sshd_config.d/00-aaa.conf ]; do sleep 0.05; done'
until [ /etc/ssh/sshd_config -nt /run/sshd.pid ]; do touch /etc/ssh/sshd_config; done
# web/reload: two seconds after nginx began at the earliest
timeout 20 bash -c 'until echo "# changed" > /etc/nginx/conf.d/changed.conf; [ "$(ps -o etimes= -p "$(pgrep --newest --full "^nginx: worker")")" -gt 3 ]; do sleep 0.2; done'
# process/reload, of the app; process/down, of its worker
touch /srv/microblog/shared/environment
systemctl stop microblog-worker
cd /srv/microblog/current
# app/packages
runuser -u jessica -- venv/bin/python -m pip uninstall --quiet --yes Flask-Babel
# app/migrations
first=$(sed -n "s/^revision = '\(.*\)'/\1/p" migrations/versions/0001*.py)
printf "revision = '0002'\ndown_revision = '%s'\n\n\ndef upgrade():\n    pass\n" "$first" > migrations/versions/0002_more.py
# app/translations
touch app/translations/es/LC_MESSAGES/messages.po
# mail/queue: nobody takes mail on the box's own loopback beside postfix
for number in $(seq 25); do sendmail -f root@localhost "someone$number@[127.0.0.9]" <<< hello; done
# system/reboot
echo linux-image-amd64 > /run/reboot-required.pkgs
touch /run/reboot-required
# system/logs
truncate -s 200M /srv/microblog/shared/state/debug.log
# system/disk
mkdir -p /srv/microblog/shared/uploads
mount -t tmpfs -o size=1m tmpfs /srv/microblog/shared/uploads
head -c 1000000 /dev/zero > /srv/microblog/shared/uploads/file
# system/upgrades: a package with a newer version in a repository of its own
cd /opt
mkdir -p greeter/DEBIAN
for version in 1 2; do
	printf 'Package: greeter\nVersion: %s\nArchitecture: all\nMaintainer: nobody\nDescription: greets\n' "$version" > greeter/DEBIAN/control
	dpkg-deb --build greeter "greeter_$version.deb"
done
dpkg --install greeter_1.deb
digest=$(sha256sum < greeter_2.deb | cut -d ' ' -f 1)
(cat greeter/DEBIAN/control; printf 'Filename: ./greeter_2.deb\nSize: %s\nSHA256: %s\n' "$(stat -c %s greeter_2.deb)" "$digest") > Packages
echo 'deb [trusted=yes] file:/opt ./' > /etc/apt/sources.list.d/local.list
apt-get update -qq -o Dir::Etc::sourcelist=sources.list.d/local.list -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0
# tls/expiry and tls/served: a certificate of the same key, nearly over, that nginx has not read
mkdir authority
: > authority/index
echo 01 > authority/serial
cat > authority/settings <<END
[ca]
default_ca = own
[own]
database = authority/index
serial = authority/serial
new_certs_dir = authority
default_md = sha256
policy = names
x509_extensions = extensions
[names]
commonName = supplied
[extensions]
subjectAltName = DNS:$domain
END
openssl req -new -key "$live/privkey.pem" -subj "/CN=$domain" -out authority/request
openssl ca -batch -config authority/settings -selfsign -keyfile "$live/privkey.pem" -in authority/request \
	-out authority/certificate -notext -startdate "$(date -ud '-80 days' +%y%m%d%H%M%SZ)" -enddate "$(date -ud '+10 days' +%y%m%d%H%M%SZ)"
cat authority/certificate > "$live/fullchain.pem"
cat authority/certificate > "$live/cert.pem"
