#!/usr/bin/env bash
# Gathers in a folder what of this Debian a presence runs on: Python, the libraries that it and its packages are linked
# to, certificates, the user; no shell, no package manager. For an image alone.
#   setup/root.sh FOLDER
# Packages stay listed in var/lib/dpkg/status, with their licences, so that scanners know what is in it.
set -euo pipefail

folder=${1:?a folder}
wanted=(base-files ca-certificates libgomp1 libstdc++6 python3)
# Installed for the sake of others, or to install; nothing that runs opens them.
passed_over=" debconf dpkg gawk gcc-12-base libc-bin libdb5.3 libnsl2 libtirpc3 mailcap media-types openssl readline-common "
left_out='/gconv/|^/usr/share/(man|info|locale|lintian|doc-base|bug|gdb|pixmaps|applications|bash-completion)/'
left_out+='|^/usr/share/doc/.*/(?!copyright)[^/]+$|^/usr/s?bin/(?!python3)|^/usr/lib/python3[^/]*/(test|lib2to3|pydoc_data|ensurepip|distutils)/'
left_out+='|/lib-dynload/(_dbm|nis)\.'
# Compiled while they are loaded, should they ever be.
left_out+='|^/usr/lib/python3[^/]*/(encodings/__pycache__/(?!__init__|aliases|ascii|cp437|idna|latin_1|utf_8)|(curses|dbm|unittest|'
left_out+='venv|wsgiref|xmlrpc)/|__pycache__/(_pydecimal|_pyio|doctest|imaplib|mailbox|nntplib|pdb|pydoc|turtle)).*\.pyc$'

installed() { dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -q '^installed$'; }
asked_for() { dpkg-query -W -f '${Pre-Depends},${Depends}\n' "$1" | tr ',' '\n' | sed 's/[|(:].*//; s/ //g' | sort -u; }

kept=()
waiting=("${wanted[@]}")
while [ ${#waiting[@]} -gt 0 ]; do
  package=${waiting[0]}
  waiting=("${waiting[@]:1}")
  [[ -n "$package" && "$passed_over ${kept[*]} " != *" $package "* ]] && installed "$package" || continue
  kept+=("$package")
  mapfile -t more < <(asked_for "$package")
  waiting+=("${more[@]}")
done

mkdir -p "$folder"
for link in bin sbin lib lib64; do if [ -L "/$link" ]; then cp -P "/$link" "$folder/$link"; fi; done
{
  # Where /lib is a link, packages speak of it as a folder.
  dpkg-query -L "${kept[@]}" | sed -E 's#^/(bin|sbin|lib|lib64)(/|$)#/usr/\1\2#'
  find /usr/lib/python3* -name '*.pyc'
  find /etc/ssl/certs /usr/lib/locale/C.* /usr/lib/ssl
  printf '%s\n' /etc/passwd /etc/group /etc/nsswitch.conf /etc/ssl/openssl.cnf
} | grep -E '^/.' | grep -vP "$left_out" | sort -u | sed 's#^/##' \
  | while IFS= read -r path; do if [ -e "/$path" ] || [ -L "/$path" ]; then printf '%s\0' "$path"; fi; done \
  | tar -C / --create --no-recursion --null --files-from - | tar -C "$folder" --extract --keep-directory-symlink
mkdir -p "$folder/var/lib/dpkg" "$folder/proc" "$folder/sys" "$folder/dev"
dpkg-query -s "${kept[@]}" > "$folder/var/lib/dpkg/status"
printf '%s\n' "${kept[@]}" | sort > "$folder/var/lib/dpkg/kept"
