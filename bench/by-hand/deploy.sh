# A new version as the guides bring it: stop, pull, install, migrate, start. As root on a box that boxwizard has set up.
# Arguments: USER APP
set -euo pipefail
user=$1 app=$2
cd "/srv/$app/current"
mapfile -t units < <(systemctl list-units --type=service --state=running --plain --no-legend "$app*" | cut -d ' ' -f 1)
systemctl stop "${units[@]}"
runuser -u "$user" -- git pull --quiet
if uv=$(ls /usr/local/lib/uv-*/uv 2> /dev/null); then
	runuser -u "$user" -- "$uv" pip install --quiet --python venv/bin/python --requirement requirements.txt
else
	runuser -u "$user" -- venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
fi
runuser -u "$user" -- venv/bin/python -m babel.messages.frontend compile --directory app/translations 2> /dev/null
runuser -u "$app" -- env -C "/srv/$app/current" HOME="/srv/$app/shared/state" venv/bin/python -m flask db upgrade 2> /dev/null
systemctl start "${units[@]}"
