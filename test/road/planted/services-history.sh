# A box that others use: a PostgreSQL for all the world whose administrator has a password, a game on a UDP port, a web server of
# its owner's own on port 80, a certbot with a certificate, and systemd listening in sshd's place, as on Ubuntu.
set -e
export DEBIAN_FRONTEND=noninteractive
systemctl is-system-running --wait || true
apt-get update -q > /dev/null
apt-get install -y -q --no-install-recommends postgresql certbot curl socat > /dev/null

rules=$(ls /etc/postgresql/*/main/pg_hba.conf)
runuser -u postgres -- psql -q -c "alter user postgres password 'old secret'" -c 'create database shop' -c "alter system set listen_addresses = '*'"
runuser -u postgres -- psql -q shop -c 'create table orders (id int); insert into orders values (7)'
sed -i -E 's/^(local +all +postgres +)peer/\1scram-sha-256/' "$rules"
echo 'host all all 0.0.0.0/0 scram-sha-256' >> "$rules"
systemctl restart postgresql
(umask 077; echo '*:*:*:postgres:old secret' > /root/.pgpass)

unit() {
	printf '[Unit]\nDescription=%s\n[Service]\nWorkingDirectory=/srv/old\nExecStart=%s\n[Install]\nWantedBy=multi-user.target\n' "$1" "$2" > "/etc/systemd/system/$1.service"
	systemctl daemon-reload
	systemctl enable --quiet --now "$1"
}
mkdir /srv/old
echo 'the old site' > /srv/old/index.html
unit oldsite '/usr/bin/python3 -m http.server 80'
unit game '/usr/bin/socat UDP-LISTEN:27015,fork /dev/null'

folder=/etc/letsencrypt
name=old.example.com
mkdir -p $folder/live/$name $folder/archive/$name $folder/renewal
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 80 -subj /CN=$name -addext subjectAltName=DNS:$name -keyout $folder/archive/$name/privkey1.pem -out $folder/archive/$name/cert1.pem 2> /dev/null
for part in fullchain chain; do cp $folder/archive/$name/cert1.pem $folder/archive/$name/${part}1.pem; done
for part in cert chain fullchain privkey; do ln -s ../../archive/$name/${part}1.pem $folder/live/$name/$part.pem; done
cat > $folder/renewal/$name.conf <<END
archive_dir = $folder/archive/$name
cert = $folder/live/$name/cert.pem
privkey = $folder/live/$name/privkey.pem
chain = $folder/live/$name/chain.pem
fullchain = $folder/live/$name/fullchain.pem
[renewalparams]
authenticator = webroot
server = https://acme-v02.api.letsencrypt.org/directory
END
systemctl enable --quiet --now certbot.timer

systemctl disable --quiet --now ssh.service
systemctl enable --quiet --now ssh.socket
# As after the first login.
systemctl start ssh.service
