#!/usr/bin/env bash
# Carries out "By hand" of docs/guides/hosting.md, line by line as it stands there, up to a page served with TLS by a
# certificate authority of its own. For a bare Debian root without systemd; it installs packages and takes ports 80 and
# 443, so never run it on a machine that you need.
#   setup/hosting/try.sh REPOSITORY [WORD]     WORD is passed on to setup/python.sh, slim for one
set -euo pipefail
[ "$(id -u)" = 0 ] && [ ! -d /run/systemd/system ] || { echo "This is for root, in a bare root without systemd." >&2; exit 2; }
export REPOSITORY=${1:?the address of the repository} DOMAIN=ada.test ARTIST="Ada Marsh" CADDY_GLOBAL_OPTIONS=local_certs
word=${2:-}
here=$(cd "$(dirname "$0")/../.." && pwd)
grep -q " $DOMAIN\$" /etc/hosts || echo "127.0.0.1 $DOMAIN" >> /etc/hosts

# Plays systemd: the line of the unit that starts, by the user and with the settings that stand there.
unit() { grep "^$1=" /etc/systemd/system/presence.service | cut -d= -f2-; }
systemctl() {
  case "$*" in
    daemon-reload) ;;
    "enable --now presence")
      # shellcheck disable=SC2046
      (cd "$(unit WorkingDirectory)" && umask "$(unit UMask)" && exec setsid setpriv --reuid "$(unit User)" \
        --regid "$(unit Group)" --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
        env -i PATH=/usr/bin:/bin $(unit Environment) $(unit ExecStart)) > /tmp/presence.log 2>&1 < /dev/null &
      echo $! > /tmp/presence.pid ;;
    "restart caddy")
      (. <(sed -n 's/^Environment=/export /p' /etc/systemd/system/caddy.service.d/presence.conf)
        export HOME=/var/lib/caddy; exec setsid caddy run --config /etc/caddy/Caddyfile) > /tmp/caddy.log 2>&1 < /dev/null &
      echo $! > /tmp/caddy.pid ;;
    *) echo "no such play: systemctl $*" >&2; return 1 ;;
  esac
}
stop() { for one in caddy presence; do [ -s /tmp/$one.pid ] && kill "$(cat /tmp/$one.pid)" || true; done; wait || true; }
trap stop EXIT

lines=$(awk '/^## / { inside = ($0 == "## By hand") } inside && /^```$/ { code = 0 } code { print } inside && /^```sh$/ { code = 1 }' \
  "$here/docs/guides/hosting.md")
[ -n "$lines" ] || { echo "The guide has no steps." >&2; exit 1; }
lines=${lines//setup\/python.sh/setup\/python.sh $word}
set -x
eval "$lines"
{ set +x; } 2>/dev/null

for _ in $(seq 240); do
  kill -0 "$(cat /tmp/presence.pid)" || { cat /tmp/presence.log; exit 1; }
  curl -fsS http://localhost:8765/healthz > /dev/null 2>&1 && break
  sleep 1
done
authority=/var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt
for _ in $(seq 60); do [ -s $authority ] && break; sleep 1; done
install -m 644 $authority /tmp/authority.crt  # the doctor looks as the user of the room
curl -fsS --retry 20 --retry-all-errors --cacert /tmp/authority.crt "https://$DOMAIN/" | grep -q "$ARTIST"
echo "The page is served:"
curl -sS --cacert /tmp/authority.crt -o /dev/null -w '%{http_code} %{http_version} %{ssl_verify_result}\n' "https://$DOMAIN/"
presence backup /var/lib/presence/tried.presence-backup < /dev/null || true
presence doctor --public --trust /tmp/authority.crt || true
presence doctor --public --trust /tmp/authority.crt --json > /tmp/doctor.json || true
for check in certificate http headers stream metrics; do
  grep -q "\"check\": \"$check\", \"state\": \"ok\"" /tmp/doctor.json || { echo "not well: $check"; exit 1; }
done
! grep -E '"check": "(stream|headers|requests|metrics)", "state": "wrong"' /tmp/doctor.json
echo "What it takes now:"
grep -h -E '^(Name|VmRSS|RssAnon)' /proc/"$(cat /tmp/presence.pid)"/status
echo "Tried, as it stands in the guide."
