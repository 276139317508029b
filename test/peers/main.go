// Command peers measures a built lobby beside PocketBase, which a user might pick instead: the same people, the same requests,
// commits that are as durable, in interleaved rounds. It is a module of its own, so that the server does not depend on
// PocketBase, which it starts by running itself. It must not know more of Lobby than its command line and its HTTP.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"
)

func main() {
	err := run(os.Args[1:])
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) > 0 && args[0] == "pocketbase" {
		return servePocketBase(args[1], args[2])
	}
	flags := flag.NewFlagSet("peers", flag.ContinueOnError)
	server := flags.String("server", "bin/lobby", "the `binary` of Lobby")
	contacts := flags.Int("contacts", 100_000, "number of contacts in the databases")
	visitors := flags.Int("visitors", 3000, "number of visitors to convert in each measurement, at most")
	rounds := flags.Int("rounds", 3, "number of rounds")
	callers := flags.Int("callers", 16, "number of concurrent requests")
	window := flags.Duration("window", 2*time.Second, "duration of one measurement")
	if err := flags.Parse(args); err != nil {
		return err
	}
	// The callers share the machine with the servers.
	runtime.GOMAXPROCS(1)
	folder, err := os.MkdirTemp("", "lobby-peers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // what is left lies among the temporary files
	people := crowd{*contacts, *visitors * *rounds}
	lobby, err := startLobby(*server, folder+"/lobby", people)
	if err != nil {
		return err
	}
	defer lobby.stop()
	pocketBase, err := startPocketBase(folder+"/pocketbase", people)
	if err != nil {
		return err
	}
	defer pocketBase.stop()
	return compare(lobby, pocketBase, *rounds, *visitors, load{*callers, *window})
}

// compare measures every operation of two servers in turn, and prints the CPU time a request.
func compare(lobby, other *server, rounds, visitors int, under load) error {
	fmt.Printf("%-22s %14s %14s %8s\n", "CPU time a request", "Lobby", "PocketBase", "ratio")
	for _, name := range operations {
		var ours, theirs, ratios []float64
		for round := range rounds {
			pair := [2]float64{}
			for i, s := range []*server{lobby, other} {
				cost, err := under.measure(s, s.requests[name], round*visitors, (round+1)*visitors)
				if err != nil {
					return fmt.Errorf("%s, %s: %w", s.name, name, err)
				}
				pair[i] = cost
			}
			ours, theirs, ratios = append(ours, pair[0]), append(theirs, pair[1]), append(ratios, pair[1]/pair[0])
		}
		fmt.Printf("%-22s %11.3f ms %11.3f ms %7.1f×\n", name, 1000*median(ours), 1000*median(theirs), median(ratios))
	}
	return nil
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
