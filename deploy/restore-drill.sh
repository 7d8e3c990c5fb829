#!/bin/sh
# Bring the newest backup back into a folder of its own, examine it, and take it away again.
# HARTA_BACKUPS: where the backups are. HARTA: the command, where it is not on the path. Ends with 0 only where all holds.
set -eu
harta=${HARTA:-/opt/harta/venv/bin/harta}
newest=
for each in "${HARTA_BACKUPS:?}"/harta-????-??-??T*.zip; do newest=$each; done  # in the order of their dates
[ -f "$newest" ] || { echo "no backup in $HARTA_BACKUPS" >&2; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/harta-drill.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
# A database of its own in the folder, whatever the installation uses; and none of its backups.
unset HARTA_DATABASE_URL
HARTA_HOME=$work/home HARTA_BACKUPS=off
export HARTA_HOME HARTA_BACKUPS
began=$(date +%s)
"$harta" restore "$newest" --json
"$harta" doctor --json
echo "restored and sound after $(($(date +%s) - began)) s: $newest"
