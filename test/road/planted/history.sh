# A box that somebody has lived on: Apache on port 80, an nginx with a site of its own, a MariaDB whose root has a password
# and whose socket systemd holds, jobs in a Redis that has a password, programs of supervisor and systemd, rules of a firewall, and a list of who may log in.
set -e
export DEBIAN_FRONTEND=noninteractive
systemctl is-system-running --wait || true
apt-get update -q > /dev/null
apt-get install -y -q --no-install-recommends nginx mariadb-server redis-server supervisor ufw curl > /dev/null
rm /etc/nginx/sites-enabled/default
printf 'server {\n\tlisten 127.0.0.1:8088;\n\tlocation / { return 200 "another site\\n"; }\n}\n' > /etc/nginx/sites-available/own
ln -s /etc/nginx/sites-available/own /etc/nginx/sites-enabled/own
systemctl restart nginx
apt-get install -y -q --no-install-recommends apache2 > /dev/null
# It runs until the next boot only.
systemctl stop apache-htcacheclean
echo 'the old site' > /var/www/html/index.html
mkdir /var/www/html/folder
mysql -e "alter user root@localhost identified via mysql_native_password using password('old secret')
; create database shop; create table shop.orders (id int); insert into shop.orders values (7)"
(umask 077; printf '[client]\nuser=root\npassword="old secret"\n' > /root/old.cnf)
systemctl stop mariadb
systemctl enable --quiet --now mariadb.socket
systemctl start mariadb
redis-cli set basket full > /dev/null
redis-cli save > /dev/null
echo 'requirepass "red secret"' >> /etc/redis/redis.conf
systemctl restart redis-server
printf '[Unit]\nDescription=The shop\n[Service]\nDynamicUser=yes\nExecStart=/usr/bin/sh -c "echo open; exec sleep infinity"\n[Install]\nWantedBy=multi-user.target\n' > /etc/systemd/system/shop.service
printf '[program:crawler]\ncommand=/usr/bin/sh -c "echo crawled; exec sleep infinity"\nuser=nobody\nstdout_logfile=/var/log/supervisor/crawler.log\n' > /etc/supervisor/conf.d/crawler.conf
systemctl daemon-reload
systemctl enable --quiet --now shop
supervisorctl update > /dev/null
ufw allow 22/tcp > /dev/null
ufw deny from 198.51.100.7 > /dev/null
ufw allow 8443/tcp > /dev/null
ufw deny 443/tcp > /dev/null
ufw --force enable > /dev/null
echo 'AllowUsers root' > /etc/ssh/sshd_config.d/10-mine.conf
systemctl reload ssh
