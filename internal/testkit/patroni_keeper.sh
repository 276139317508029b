# Runs Patroni in the current folder until standard input ends, as it does when the test process is gone. Patroni's
# PostgreSQL is not its child and would outlive it.
exec 3<&0
patroni patroni.yml </dev/null 3<&- &
patroni=$!
echo $patroni >patroni.pid

{
	read -r end || : >ended
	# Again and again, for a Patroni that has only just been started does not hear the first signals.
	while kill -s TERM $patroni; do sleep 0.5; done
} <&3 2>/dev/null &
reader=$!

wait $patroni
kill $reader 2>/dev/null
read -r postgres <data/postmaster.pid && while [ "/proc/$postgres/cwd" -ef data ]; do
	kill -s QUIT "$postgres"
	sleep 0.1
done 2>/dev/null
[ ! -e ended ] || rm -rf "$PWD"
