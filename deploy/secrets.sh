#!/bin/sh
# Makes the secrets of compose.yaml, each only if it is not there: deploy/secrets.sh [FOLDER]
# The folder is closed to others. The files in it are not, since the programs in the containers are no owners of them.
set -eu
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

random() { od -An -N20 -tx1 /dev/urandom | tr -d ' \n'; }

[ -e database_password ] || random >database_password
[ -e database_url ] || echo "postgres://lobby:$(cat database_password)@postgres:5432/lobby?sslmode=disable" >database_url
[ -e access_token ] || random >access_token
chmod 644 database_password database_url access_token
