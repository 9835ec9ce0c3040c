#!/usr/bin/env bash
# Weighs what an image is made of, in millions of bytes of its files, and refuses what is heavier than it may be.
#   setup/weigh.sh MEGABYTES FOLDER …
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/say.sh

most=${1:?how many megabytes at most}
shift
[ $# -gt 0 ] || stop "Say which folders: setup/weigh.sh MEGABYTES FOLDER …"
# Found first, summed then: a folder that is missing is an error, and never a light image.
sizes=$(find "$@" -type f -printf '%s\n')
megabytes=$(awk '{ bytes += $1 } END { printf "%d", (bytes + 999999) / 1000000 }' <<< "$sizes")
[ "$megabytes" -le "$most" ] ||
  stop "It weighs $megabytes MB, and may weigh $most. See which folder grew (du -sm), and let setup/slim.sh take out what nothing uses."
say "It weighs $megabytes MB, and may weigh $most."
