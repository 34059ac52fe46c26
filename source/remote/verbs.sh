# The verbs of a recorded apply, for bash as root. $step_state is the step's folder below /var/lib/boxwizard: what stood
# before the step first touched it is kept there. $guard_state is set while a guard is armed (see guard.ts).
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 HOME=/root
umask 022
: "${step_state:?}"

# Each stops at its own first failure, also where `set -e` doesn't count: the revert of a guard runs without it.

# Keeps the first original of a path, or notes that there was none.
keep_original() {
	keep_in "$step_state" "$1" && { [ -z "${guard_state-}" ] || keep_in "$guard_state" "$1"; }
}

# keep_in FOLDER PATH
keep_in() {
	if [ -e "$1/original$2" ] || [ -L "$1/original$2" ] || [ -f "$1/absent$2" ]; then return 0; fi
	if [ -e "$2" ] || [ -L "$2" ]; then
		mkdir -p "$1/original${2%/*}" && copy_whole "$2" "$1/original$2.keeping" &&
			mv -T -- "$1/original$2.keeping" "$1/original$2"
	else
		mkdir -p "$1/absent${2%/*}" && : > "$1/absent$2"
	fi
}

# copy_whole FROM TO: on disk when it returns, so that a power cut leaves no empty copy.
copy_whole() {
	cp -a --remove-destination --no-target-directory -- "$1" "$2" && { [ -L "$2" ] || sync "$2"; }
}

# Makes the folders above a path; those that are new are noted first, for `restore_file`.
make_parents() {
	local folder=${1%/*} state
	if [ -z "$folder" ] || [ -d "$folder" ]; then return 0; fi
	make_parents "$folder" || return 1
	for state in "$step_state" ${guard_state:+"$guard_state"}; do
		mkdir -p "$state" && printf '%s\n' "$folder" >> "$state/folders" || return 1
	done
	mkdir -m 0755 -- "$folder"
}

# put_file [-n] MODE OWNER PATH < content; -n: the last newline of the input is not part of the file.
put_file() (
	content=(cat)
	if [ "$1" = -n ]; then content=(head -c -1); shift; fi
	# One that is there already was left by a power cut.
	rm -f -- "${3%/*}/.${3##*/}.boxwizard-"?????? || exit 1
	keep_original "$3" && make_parents "$3" && temporary=$(mktemp "${3%/*}/.${3##*/}.boxwizard-XXXXXX") || exit 1
	trap 'rm -f -- "$temporary"' EXIT
	"${content[@]}" > "$temporary" && chown "$2" "$temporary" && chmod "$1" "$temporary" && sync "$temporary" &&
		mv -T -- "$temporary" "$3"
)

# put_folder MODE OWNER PATH
put_folder() {
	make_parents "$3/" && chown "$2" "$3" && chmod "$1" "$3"
}

# set_line PATH LINE [PATTERN]: the first line that PATTERN matches becomes LINE, else LINE is added at the end.
set_line() (
	set -o pipefail
	if [ -f "$1" ] && grep -qxF -e "$2" -- "$1"; then exit 0; fi
	permissions='0644 0:0'
	if [ -f "$1" ]; then permissions=$(stat -L -c '0%a %u:%g' -- "$1") || exit 1; fi
	temporary=$(mktemp) || exit 1
	trap 'rm -f -- "$temporary"' EXIT
	if [ -e "$1" ]; then cat -- "$1"; fi | LINE=$2 PATTERN=${3-} awk '
		BEGIN { line = ENVIRON["LINE"]; pattern = ENVIRON["PATTERN"] }
		pattern != "" && !set && $0 ~ pattern { print line; set = 1; next }
		{ print }
		END { if (!set) print line }' > "$temporary" &&
		put_file "${permissions% *}" "${permissions#* }" "$1" < "$temporary"
)

# put_link PATH TARGET
put_link() (
	temporary=${1%/*}/.${1##*/}.boxwizard
	trap 'rm -f -- "$temporary"' EXIT
	keep_original "$1" && make_parents "$1" && ln -sfT -- "$2" "$temporary" && mv -T -- "$temporary" "$1"
)

take_away() {
	keep_original "$1" && rm -f -- "$1"
}

# A path as it was before the step first touched it. Nothing where the step never touched it.
restore_file() (
	original=$step_state/original$1
	if [ -e "$original" ] || [ -L "$original" ]; then
		[ -z "${guard_state-}" ] || keep_in "$guard_state" "$1" || exit 1
		# One and the same where an earlier attempt was cut off here.
		if [ -L "$original" ] || [ -L "$1" ] || [ ! "$1" -ef "$original" ]; then
			temporary=${1%/*}/.${1##*/}.boxwizard
			trap 'rm -f -- "$temporary"' EXIT
			# A link needs no room, and a full disk has none. It does not reach across file systems.
			mkdir -p "${1%/*}" && rm -f -- "$temporary" &&
				{ ln -PT -- "$original" "$temporary" 2> /dev/null || copy_whole "$original" "$temporary"; } &&
				mv -T -- "$temporary" "$1" || exit 1
		fi
		rm -rf -- "$original"
	elif [ -f "$step_state/absent$1" ]; then
		[ -z "${guard_state-}" ] || keep_in "$guard_state" "$1" || exit 1
		rm -f -- "$1" && rm -f -- "$step_state/absent$1" || exit 1
	fi
	drop_folders
)

# Everything that is kept, as it was.
restore_kept() {
	local path
	while IFS= read -r -d '' path; do restore_file "$path"; done < <(
		find "$step_state/original" "$step_state/absent" ! -type d ! -name '*.keeping' -printf '/%P\0' 2> /dev/null
	)
}

# Removes the folders that the step made and that are empty again; what is gone is noted no more.
drop_folders() {
	[ -f "$step_state/folders" ] || return 0
	local folder left=
	while IFS= read -r folder; do
		rmdir -- "$folder" 2> /dev/null || [ ! -d "$folder" ] || left=$folder$'\n'$left
	done < <(tac "$step_state/folders")
	printf %s "$left" > "$step_state/folders"
}

# The programs that hold a lock of dpkg's or apt's, a line each: PID FILE NAME. They are those with a lock of fcntl(2)'s that
# have such a file open. The inodes in proc_locks(5) are no help: on overlayfs they are not those that stat(1) tells.
package_lock_holders() {
	local pid file
	awk '$2 == "POSIX" && !seen[$5]++ {print $5}' /proc/locks | while read -r pid; do
		file=$({ readlink "/proc/$pid/fd/"* || true; } 2> /dev/null |
			grep -m 1 -xE '/var/(lib/dpkg/lock(-frontend)?|lib/apt/lists/lock|cache/apt/archives/lock)') || continue
		echo "$pid $file $(cat "/proc/$pid/comm" 2> /dev/null || true)"
	done
}

# Seconds that others may keep those locks.
package_patience=900

# await_package_locks [END]: until nobody holds one of them, or END on bash's clock is over. apt waits for dpkg's alone
# (apt.conf(5), DPkg::Lock::Timeout): at those of its lists and its archives it fails at once.
await_package_locks() {
	local pid file name told='' end=${1:-$((SECONDS + package_patience))}
	while read -r pid file name < <(package_lock_holders); do
		if [ "$SECONDS" -ge "$end" ]; then
			echo "$name ($pid) has held $file for $((package_patience / 60)) minutes: it is waited for no longer"
			return 1
		fi
		if [ "$told" != "$pid" ]; then echo "$name ($pid) is at work on the packages: waiting for it"; fi
		told=$pid
		sleep 1
	done
}

apt_get() (
	set -o pipefail
	said=/run/boxwizard/apt
	end=$((SECONDS + package_patience))
	mkdir -p -m 0700 /run/boxwizard
	while await_package_locks "$end"; do
		code=0
		apt-get -y -q -o DPkg::Lock::Timeout=60 -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 -o Acquire::Languages=none \
			-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" < /dev/null 2>&1 | tee "$said" || code=$?
		# Somebody may have taken a lock since it was looked at.
		if [ "$code" = 0 ] || ! grep -qE 'Could not get lock|Unable to lock' "$said" || [ "$SECONDS" -ge "$end" ]; then exit "$code"; fi
	done
	exit 100
)

installed_packages() {
	dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' | awk '/^.i/ {print $2}' | sort -u
}

# Also those that are half installed, or removed and not purged.
known_packages() {
	dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' | awk '!/^un/ {print $2}' | sort -u
}

# Those that came only because others need them: all else is wanted by somebody. `apt-mark showauto` reads every package list for it.
auto_packages() {
	[ -f /var/lib/apt/extended_states ] || return 0
	awk '$1 == "Package:" {name = $2} $1 == "Auto-Installed:" && $2 == 1 {print name}' /var/lib/apt/extended_states | sort -u
}

# The package lists, at most an hour old. A mirror caught in the middle of a change is asked again, with new lists.
refresh_lists() {
	local pause
	if [ -n "$(find /var/lib/boxwizard/lists-read -mmin -60 2>/dev/null)" ]; then return 0; fi
	mkdir -p -m 0700 /run/boxwizard
	for pause in 15 30 60 0; do
		if apt_get update 2>&1 | tee /run/boxwizard/lists; then break; fi
		# No waiting sets a clock, and what others hold is not taken away from under them.
		if [ "$pause" = 0 ] || grep -qE 'is not valid yet|waited for no longer|Could not get lock' /run/boxwizard/lists; then return 1; fi
		echo "The package lists could not be read; they are cleared and asked for again in $pause s."
		rm -rf /var/lib/apt/lists/*
		sleep "$pause"
	done
	: > /var/lib/boxwizard/lists-read
}

# Ends what a power cut interrupted: dpkg's own journal (files in updates), and packages that are unpacked but not configured. What
# dpkg then leaves, half unpacked or without a package that was still to come, is for apt to bring.
mend_packages() {
	await_package_locks || return 1
	if [ -z "$(dpkg --audit; ls /var/lib/dpkg/updates)" ]; then return 0; fi
	dpkg --configure -a || true
	if [ -z "$(dpkg --audit)" ]; then return 0; fi
	apt_get --fix-broken --no-install-recommends install
}

# install_packages NAME…: what is new is noted before it is unpacked, so that a crash in between loses nothing.
install_packages() {
	# What an undo that was cut off was about to take away is wanted again.
	rm -rf "$step_state/going"
	mend_packages
	refresh_lists
	mkdir -p "$step_state"
	installed_packages > "$step_state/installed"
	# To ask apt for one that came with others says that somebody wants it: `remove_packages` takes that back.
	printf '%s\n' "$@" | sort -u | comm -12 - <(auto_packages) >> "$step_state/automatic"
	# apt hands the hook the archives that dpkg will be given (apt.conf(5)); a run only to ask for them takes half a second.
	local note="sed 's|.*/||; s|_.*||' | sort -u | comm -23 - '$step_state/installed' >> '$step_state/packages' && sync '$step_state/packages'"
	if apt_get -o "DPkg::Pre-Install-Pkgs::=$note" --no-install-recommends install "$@"; then return 0; fi
	# The mirror may have changed since its lists were read: a retry reads them anew.
	rm -f /var/lib/boxwizard/lists-read
	return 1
}

# forget_configuration FILE: some packages are purged and still stand in the books of ucf(1). FILE has their names.
forget_configuration() {
	local package path
	command -v ucfr > /dev/null || return 0
	while read -r package path; do
		if grep -qxF -e "$package" "$1"; then ucfr --force --purge "$package" "$path"; fi
	done < <(cat /var/lib/ucf/registry 2> /dev/null)
}

# Takes off what this step's install_packages added, and the accounts those packages made.
remove_packages() {
	[ -f "$step_state/packages" ] || return 0
	local added
	mend_packages
	added=$(known_packages | comm -12 - <(sort -u "$step_state/packages"))
	if [ -n "$added" ]; then
		# Not every package stops its services when it is purged (Debian 13's postfix, unattended-upgrades).
		# shellcheck disable=SC2086 # Names of packages are plain words.
		dpkg -L $added 2>/dev/null | sed -n 's|.*/systemd/system/\([^@/]*\.service\)$|\1|p' | sort -u | xargs -r systemctl stop -- 2>/dev/null || true
		# shellcheck disable=SC2086
		apt_get purge $added
	fi
	forget_configuration "$step_state/packages"
	if [ -f "$step_state/automatic" ]; then
		sort -u "$step_state/automatic" | comm -12 - <(installed_packages) | xargs -r apt-mark auto > /dev/null
	fi
	rm -rf "$step_state/going"
	rm -f "$step_state/packages" "$step_state/automatic" "$step_state/installed"
}

# remove_some_packages FOLDER PATTERN…: of what the step of that folder added, these, and what of it nobody needs without them.
# Nothing where $others says what is there that is not ours. What goes is noted before it does: cut off in the middle, nobody is
# there any more to say who else needs it, or what it has brought along.
remove_some_packages() {
	local folder=$1 going=$1/going/$2 gone loose name pattern
	shift
	if [ ! -f "$going" ] || dpkg-query -W -f='${db:Status-Status}' "$1" 2> /dev/null | grep -qx installed; then
		if [ -n "${others-}" ]; then
			echo "It stays on the box for: $others"
			rm -f "$going"
			return 0
		fi
		[ -f "$folder/packages" ] || return 0
		mend_packages
		gone=$(sort -u "$folder/packages" | comm -12 - <(known_packages) | while read -r name; do
			for pattern; do
				# shellcheck disable=SC2053 # A pattern it is.
				if [[ $name == $pattern ]]; then echo "$name"; fi
			done
		done)
		[ -n "$gone" ] || return 0
		note_going "$going" "$gone" || return 1
	fi
	purge_going "$going" || return 1
	# To suggest is not to need: apt itself suggests dpkg-dev, which would keep a whole compiler.
	loose=$(apt-get -s -q -o Debug::NoLocking=1 -o APT::AutoRemove::SuggestsImportant=false autoremove | sed -n 's/^Remv \([^ ]*\).*/\1/p' | sort -u | comm -12 - <(sort -u "$folder/packages"))
	if [ -n "$loose" ]; then note_going "$going" "$loose" && purge_going "$going" || return 1; fi
	sort -u "$folder/packages" | comm -12 - <(installed_packages) > "$folder/packages.new" && mv "$folder/packages.new" "$folder/packages" &&
		rm -f "$going"
}

# note_going FILE NAMES: on disk when it returns.
note_going() {
	mkdir -p "${1%/*}" && { cat "$1" 2> /dev/null || true; printf '%s\n' "$2"; } > "$1.new" && sync "$1.new" && mv -T -- "$1.new" "$1"
}

# purge_going FILE: what of its packages dpkg still knows.
purge_going() {
	local known
	mend_packages || return 1
	known=$(sort -u "$1" | comm -12 - <(known_packages))
	# shellcheck disable=SC2086 # Names of packages are plain words.
	if [ -n "$known" ]; then apt_get purge $known; fi
}

# remove_account NAME [--remove]: a user, with its home folder where that is asked for, and the group of the same name. userdel(8),
# cut off between its files, leaves the group; and it refuses a user who has a process still.
remove_account() {
	free_account_files
	if getent passwd "$1" > /dev/null; then
		end_processes "$1" && userdel "${@:2}" "$1" || return 1
	fi
	if getent group "$1" > /dev/null; then groupdel "$1"; fi
}

# end_processes USER: SIGKILL, until none is left. They start others while they are being ended.
end_processes() {
	local try
	for try in {1..100}; do
		if ! getent passwd "$1" > /dev/null || ! pgrep -u "$1" > /dev/null; then return 0; fi
		pkill -KILL -u "$1" || true
		sleep 0.1
	done
	echo "$1 has processes that can't be ended: $(pgrep -d ' ' -u "$1")"
	return 1
}

# A power cut leaves the locks of the tools that edit accounts: empty ones, which those tools never take, and ones with the number
# of a process that is another one by now. They wait for neither (shadow's lib/commonio.c, do_lock_file).
free_account_files() {
	local file pid
	for file in /etc/{passwd,shadow,group,gshadow,subuid,subgid}.lock; do
		[ -e "$file" ] || continue
		pid=$(tr -cd '0-9' < "$file" || true)
		case $(cat "/proc/${pid:-none}/comm" 2> /dev/null || true) in
			user* | group* | gpasswd | passwd | chpasswd | chgpasswd | chage | chfn | chsh | newusers | vipw) ;;
			*) rm -f -- "$file" ;;
		esac
	done
}

# Whether systemd knows no such unit any more; one whose file alone is gone is stopped first. An undo that was cut off comes
# here again, and what it has taken away already can't be switched off once more.
is_gone() {
	systemctl daemon-reload
	[ "$(systemctl show -P LoadState -- "$1")" = not-found ] || return 1
	if systemctl is-active --quiet -- "$1"; then systemctl stop -- "$1"; fi
}

# within MINUTES COMMAND…: a program that may hang. It is ended when its time is over, with all that it has started.
within() {
	local code=0 begun=$SECONDS
	timeout --kill-after=30 "$1m" "${@:2}" || code=$?
	# 137 says that it had to be killed; but also that the kernel did, for want of memory.
	if [ "$code" = 137 ] && [ $((SECONDS - begun)) -ge $(($1 * 60)) ]; then code=124; fi
	if [ "$code" = 124 ]; then echo "It had not come to an end after $1 minutes, and was ended."; fi
	return "$code"
}

# service ACTION UNIT
service() {
	local before=
	# To enable again what is enabled takes up to half a second where a unit has an init script beside it.
	if [ "$1" = enable ] && systemctl is-enabled --quiet -- "$2"; then
		if systemctl is-active --quiet -- "$2"; then return 0; fi
		before=enabled
	fi
	case $1 in
		enable)
			if systemctl enable --now --quiet -- "$2"; then return 0; fi
			# One that can't start now is not left to try it at the next boot, in the way of what runs.
			[ -n "$before" ] || systemctl disable --quiet -- "$2"
			return 1
			;;
		disable) systemctl disable --now --quiet -- "$2" || is_gone "$2" ;;
		stop | try-restart) systemctl "$1" -- "$2" || is_gone "$2" ;;
		*) systemctl "$1" -- "$2" ;;
	esac
}

# hand_over stop|restart UNIT OTHER…: the others are stopped and disabled, or restarted with the settings that they have now, and UNIT
# starts in their place. Where it can't, all files that the step touched are put back, and everything runs as before.
hand_over() {
	local how=$1 unit=$2
	shift 2
	note_running "$unit" "$@" || return 1
	if give_way "$how" "$@" && systemctl unmask --quiet -- "$unit" && service enable "$unit" &&
		{ [ ! -f "$step_state/handed/$unit.running" ] || systemctl restart -- "$unit"; }; then return 0; fi
	echo "$unit could not take over: what ran before is started again."
	restore_kept
	hand_back "$unit" "$@"
	return 1
}

# hand_back UNIT OTHER…: all run, and start with the box, as before the first hand_over. Nothing where there was none.
hand_back() {
	[ -d "$step_state/handed" ] || return 0
	local unit
	for unit in "$@"; do
		if [ -f "$step_state/handed/$unit.enabled" ]; then systemctl enable --quiet -- "$unit"; else systemctl disable --quiet -- "$unit"; fi || return 1
		if [ -f "$step_state/handed/$unit.running" ]; then systemctl restart -- "$unit"; else systemctl stop -- "$unit"; fi || return 1
	done
	rm -rf -- "$step_state/handed"
}

# Which of these units run, and start with the box, before the first of them is touched.
note_running() {
	[ ! -d "$step_state/handed" ] || return 0
	local unit folder=$step_state/handed.new
	rm -rf -- "$folder" && mkdir -p "$folder" || return 1
	for unit in "$@"; do
		if systemctl is-enabled --quiet -- "$unit"; then : > "$folder/$unit.enabled"; fi
		if systemctl is-active --quiet -- "$unit"; then : > "$folder/$unit.running"; fi
	done
	mv -T -- "$folder" "$step_state/handed"
}

# give_way stop|restart UNIT…
give_way() {
	local how=$1 unit
	shift
	for unit in "$@"; do
		if [ "$how" = stop ]; then systemctl disable --now --quiet -- "$unit"; else systemctl restart -- "$unit"; fi || return 1
	done
}
