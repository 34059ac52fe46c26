/** One way to break the sample app for real, as it happens to people, and what troubleshooting should make of it. */
export type Breakage = {
	readonly name: string;
	/** For bash on the box's console. */
	readonly script: string;
	/** Words of the diagnosis. */
	readonly says: RegExp;
	/** Words of the fix that is taken. */
	readonly fix: RegExp;
};

/** For bash: the name of the program that is live. A fix may have put it into the other slot. */
export const live = '$(if [ -e /srv/microblog/live/second ]; then echo microblog-second; else echo microblog; fi)';
/** As its person would after a change: the app is started anew. Without waiting for what fails. */
const restart = `systemctl restart "${live}" > /dev/null 2>&1 || true`;
const code = 'cd /srv/microblog/current';
const settings = '/srv/microblog/shared/.env';
/** The same variables, as what starts the app reads them. */
const started = '/srv/microblog/shared/environment';

export const breakages: readonly Breakage[] = [
	{
		name: 'a package of requirements.txt is not installed',
		script: `${code}; runuser -u jessica -- venv/bin/python -m pip uninstall --quiet --yes Flask-Babel || apt-get remove -y -q python3-flask-babel > /dev/null; ${restart}`,
		says: /The Python package flask-babel is missing/,
		fix: /Install the packages again/,
	},
	{
		name: 'a variable is missing',
		script: `sed -i /^SECRET_KEY=/d ${settings} ${started}; ${restart}`,
		says: /The variable SECRET_KEY is not set/,
		fix: /Write the \.env file again/,
	},
	{
		name: 'a secret is a placeholder',
		script: `sed -i "s/^SECRET_KEY=.*/SECRET_KEY='you-will-never-guess'/" ${settings} ${started}; ${restart}`,
		says: /SECRET_KEY is a placeholder/,
		fix: /Make a new SECRET_KEY/,
	},
	{
		name: 'the database server is stopped',
		script: 'systemctl stop mariadb',
		says: /The database does not answer/,
		fix: /Start mariadb/,
	},
	{
		name: 'the migrations were forgotten',
		script: `${code}; cat > migrations/versions/0002_likes.py <<'END'
"Likes"
import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'


def upgrade():
    op.add_column('post', sa.Column('likes', sa.Integer))


def downgrade():
    op.drop_column('post', 'likes')
END
sed -i '/words = /a\\    likes = database.Column(database.Integer)' app/models.py
chown -R jessica: migrations; runuser -u jessica -- git add -A; runuser -u jessica -- git -c user.name=j -c user.email=j@x commit -qm likes; ${restart}`,
		says: /The column post\.likes is not in the database/,
		fix: /Run the migrations/,
	},
	{
		name: 'another program has the port',
		script: `systemctl stop microblog; while ss -Hltn 'sport = :8000' | grep -q .; do sleep 0.1; done; systemd-run --quiet --unit=squatter python3 -m http.server --bind 127.0.0.1 8000; while ! ss -Hltn 'sport = :8000' | grep -q . && systemctl is-active --quiet squatter; do sleep 0.1; done; systemctl start --no-block microblog`,
		says: /Another program has port 8000 already/,
		fix: /Stop what else has port 8000/,
	},
	{
		name: 'the .env file belongs to root',
		script: `chown root:root ${settings}; ${restart}`,
		says: /microblog may not use .*\.env/,
		fix: /Let microblog use \.env/,
	},
	{
		name: 'a fault in the code that was edited on the box',
		script: `${code}; sed -i '/^def index/s/:$//' app/pages.py; ${restart}`,
		says: /The code has a fault that Python can’t read/,
		fix: /Take the code as it was committed/,
	},
	{
		name: 'a name of a character that this Python does not know',
		script: `${code}; echo 'PARTY = "\\N{PARTY POPPER HAT}"' >> app/models.py; ${restart}`,
		says: /A \\N\{…\} name is one that this Python does not know/,
		fix: /Take the code as it was committed/,
	},
	{
		name: 'the wrong working directory',
		script: `sed -i 's|^WorkingDirectory=.*|WorkingDirectory=/srv/microblog|; s| --chdir [^ ]*| --chdir /srv/microblog|' "/etc/systemd/system/${live}.service"; systemctl daemon-reload; ${restart}`,
		says: /microblog is not found in \/srv\/microblog/,
		fix: /Write the app server’s settings again/,
	},
	{
		name: 'nginx asks another port',
		script: `sed -i 's|127.0.0.1:8000|127.0.0.1:8001|; s|127.0.0.1:8400|127.0.0.1:8401|' /etc/nginx/sites-available/microblog; nginx -s reload`,
		says: /nginx asks port 8[04]01, but the app listens on 8[04]00/,
		fix: /Write the site’s settings again/,
	},
	{
		name: 'Redis is stopped',
		script: `systemctl stop redis-server; ${code}; sed -i '/^def index/a\\    current_app.queue and current_app.queue.count' app/pages.py; ${restart}`,
		says: /Redis does not answer/,
		fix: /Start redis-server/,
	},
	{
		name: 'the certificate has expired',
		script: `mkdir -p /root/expired; cd /root/expired; live=$(echo /etc/letsencrypt/live/*/); domain=$(basename "$live")
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out request.pem -subj "/CN=$domain" 2> /dev/null
printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=index\\nserial=serial\\nnew_certs_dir=.\\ndefault_md=sha256\\npolicy=p\\nx509_extensions=x\\n[p]\\ncommonName=supplied\\n[x]\\nsubjectAltName=DNS:%s\\n' "$domain" > ca.conf
: > index; echo 01 > serial
openssl ca -batch -notext -selfsign -config ca.conf -keyfile key.pem -in request.pem -out cert.pem -startdate 20250101000000Z -enddate 20250401000000Z 2> /dev/null
cp cert.pem "$(readlink -f "$live/cert.pem")"; cp cert.pem "$(readlink -f "$live/fullchain.pem")"; cp key.pem "$(readlink -f "$live/privkey.pem")"; rm -r /root/expired; nginx -s reload`,
		says: /The certificate of \S+ has expired/,
		fix: /Get the certificate anew/,
	},
	{
		name: 'the state folder belongs to root, and the app writes there',
		script: `${code}; sed -i "1i open('logs/app.log', 'a').close()" app/pages.py; chown root:root /srv/microblog/shared/state/logs; ${restart}`,
		says: /microblog may not use .*logs\/app\.log/,
		fix: /Let microblog use app\.log/,
	},
	{
		name: 'the app was stopped, and never started again',
		script: `systemctl stop "${live}"`,
		says: /microblog is stopped under systemd, but well by itself/,
		fix: /Restart microblog under systemd/,
	},
	{
		name: 'nginx is stopped',
		script: 'systemctl stop nginx',
		says: /nginx does not run/,
		fix: /Start nginx/,
	},
];
