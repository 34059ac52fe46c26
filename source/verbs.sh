# The verbs of a recorded apply, for bash as root. $step_state is the step's folder below /var/lib/boxwizard: what stood
# before the step first touched it is kept there. $guard_state is set while a guard is armed (see guard.ts).
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 HOME=/root
umask 022

# Keeps the first original of a path, or notes that there was none.
keep_original() {
	local path=$1 state
	for state in "$step_state" ${guard_state:+"$guard_state"}; do
		if [ -e "$state/original$path" ] || [ -L "$state/original$path" ] || [ -e "$state/absent$path" ]; then continue; fi
		if [ -e "$path" ] || [ -L "$path" ]; then
			mkdir -p "$state/original${path%/*}"
			cp -a --no-target-directory -- "$path" "$state/original$path.keeping"
			mv -T -- "$state/original$path.keeping" "$state/original$path"
		else
			mkdir -p "$state/absent${path%/*}"
			: > "$state/absent$path"
		fi
	done
}

# Makes the folders above a path; those that are new are noted for `restore_file`.
make_parents() {
	local folder=${1%/*} state
	[ -n "$folder" ] && [ ! -d "$folder" ] || return 0
	make_parents "$folder"
	mkdir -m 0755 -- "$folder"
	for state in "$step_state" ${guard_state:+"$guard_state"}; do
		mkdir -p "$state"
		printf '%s\n' "$folder" >> "$state/folders"
	done
}

# put_file [-n] MODE OWNER PATH < content; -n: the last newline of the input is not part of the file.
put_file() {
	local trim= temporary
	if [ "$1" = -n ]; then trim=yes; shift; fi
	keep_original "$3"
	make_parents "$3"
	temporary=$(mktemp "${3%/*}/.${3##*/}.XXXXXX")
	if { if [ -n "$trim" ]; then head -c -1; else cat; fi > "$temporary"; } &&
		chown "$2" "$temporary" && chmod "$1" "$temporary" && sync "$temporary" && mv -T -- "$temporary" "$3"
	then return 0; fi
	rm -f -- "$temporary"
	return 1
}

# put_folder MODE OWNER PATH
put_folder() {
	make_parents "$3/"
	chown "$2" "$3"
	chmod "$1" "$3"
}

# set_line PATH LINE [PATTERN]: the first line that PATTERN matches becomes LINE, else LINE is added at the end.
set_line() {
	if [ -f "$1" ] && grep -qxF -e "$2" -- "$1"; then return 0; fi
	local permissions='0644 root:root' temporary
	if [ -f "$1" ]; then permissions=$(stat -c '0%a %U:%G' -- "$1"); fi
	temporary=$(mktemp)
	{ cat -- "$1" 2>/dev/null || true; } | LINE=$2 PATTERN=${3-} awk '
		BEGIN { line = ENVIRON["LINE"]; pattern = ENVIRON["PATTERN"] }
		pattern != "" && !set && $0 ~ pattern { print line; set = 1; next }
		{ print }
		END { if (!set) print line }' > "$temporary"
	put_file ${permissions% *} "${permissions#* }" "$1" < "$temporary"
	rm -f -- "$temporary"
}

# put_link PATH TARGET
put_link() {
	keep_original "$1"
	make_parents "$1"
	ln -s -- "$2" "$1.boxwizard-new"
	mv -T -- "$1.boxwizard-new" "$1"
}

take_away() {
	keep_original "$1"
	rm -f -- "$1"
}

# A path as it was before the step first touched it. Nothing where the step never touched it.
restore_file() {
	local state=${restore_from:-$step_state} folder
	if [ -e "$state/original$1" ] || [ -L "$state/original$1" ]; then
		mkdir -p "${1%/*}"
		cp -a --no-target-directory -- "$state/original$1" "$1.boxwizard-old"
		mv -T -- "$1.boxwizard-old" "$1"
		rm -rf -- "$state/original$1"
	elif [ -e "$state/absent$1" ]; then
		rm -f -- "$1" "$state/absent$1"
	fi
	[ -f "$state/folders" ] || return 0
	tac "$state/folders" | while IFS= read -r folder; do
		rmdir -- "$folder" 2>/dev/null || true
	done
}

apt_get() {
	apt-get -y -q -o DPkg::Lock::Timeout=900 -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 -o Acquire::Languages=none \
		-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" < /dev/null
}

installed_packages() {
	dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' | awk '/^.i/ {print $2}' | sort -u
}

# The package lists, at most an hour old. A mirror caught in the middle of a change is asked again, with new lists.
refresh_lists() {
	local pause
	if [ -n "$(find /var/lib/boxwizard/lists-read -mmin -60 2>/dev/null)" ]; then return 0; fi
	for pause in 15 30 60 0; do
		if apt_get update; then break; fi
		[ "$pause" != 0 ] || return 1
		echo "The package lists could not be read; they are cleared and asked for again in $pause s."
		rm -rf /var/lib/apt/lists/*
		sleep "$pause"
	done
	: > /var/lib/boxwizard/lists-read
}

# install_packages NAME…: what it will add is noted before it is added, so that a crash in between loses nothing.
install_packages() {
	if [ -n "$(dpkg --audit)" ]; then dpkg --configure -a; fi
	refresh_lists
	mkdir -p "$step_state"
	apt-get -s -q -o Debug::NoLocking=1 --no-install-recommends install "$@" 2>/dev/null |
		awk '/^Inst / && $3 !~ /^\[/ {print $2}' >> "$step_state/packages"
	apt-mark showmanual | sort > "$step_state/manual.new"
	[ -f "$step_state/manual" ] || mv "$step_state/manual.new" "$step_state/manual"
	rm -f "$step_state/manual.new"
	apt_get --no-install-recommends install "$@"
}

# Takes off what this step's install_packages added, and the accounts those packages made.
remove_packages() {
	[ -f "$step_state/packages" ] || return 0
	local added
	if [ -n "$(dpkg --audit)" ]; then dpkg --configure -a; fi
	added=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' | awk '!/^un/ {print $2}' | sort -u | comm -12 - <(sort -u "$step_state/packages"))
	if [ -n "$added" ]; then apt_get purge $added; fi
	if [ -f "$step_state/manual" ]; then apt-mark showmanual | sort | comm -13 "$step_state/manual" - | xargs -r apt-mark auto > /dev/null; fi
	rm -f "$step_state/packages" "$step_state/manual"
}

# service ACTION UNIT
service() {
	case $1 in
		enable | disable) systemctl "$1" --now --quiet -- "$2" ;;
		*) systemctl "$1" -- "$2" ;;
	esac
}
