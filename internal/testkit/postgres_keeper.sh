# Runs PostgreSQL in the current folder until standard input says "crash" or ends, as it does when the test process is
# gone. $1 is the folder of the binaries, the rest are options for postgres.
bin=$1
shift

[ -e data/PG_VERSION ] ||
	"$bin/initdb" -D data -U postgres -A scram-sha-256 --pwfile=password -E UTF8 --locale=C --no-sync || exit

exec 3<&0
"$bin/postgres" -D data "$@" </dev/null 3<&- &
postgres=$!

{
	read -r crash || : >ended
	# Again and again, for a PostgreSQL that has only just been started does not hear the first signals.
	while kill -s QUIT $postgres; do sleep 0.1; done
} <&3 2>/dev/null &
reader=$!

wait $postgres
kill $reader 2>/dev/null
[ ! -e ended ] || rm -rf "$PWD"
