// Command peers measures a built lobby beside what a user might pick instead: PocketBase, with the same people, the same
// requests and commits that are as durable, and Prism, which mocks the published description and keeps nothing. Rounds are
// interleaved. It is a module of its own, so that the server does not depend on PocketBase, which it starts by running itself.
// It must not know more of Lobby than its command line and its HTTP.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
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
	binary := flags.String("server", "bin/lobby", "the `binary` of Lobby")
	contacts := flags.Int("contacts", 100_000, "number of contacts in the databases")
	visitors := flags.Int("visitors", 3000, "number of visitors to convert in each measurement, at most")
	rounds := flags.Int("rounds", 3, "number of rounds")
	callers := flags.Int("callers", 16, "number of concurrent requests")
	description := flags.String("description", "", "the `file` that Prism mocks, the published description 2.7 of the API; without it Prism is not measured")
	names := flags.String("peers", "PocketBase,Prism", "what to measure beside Lobby, of these")
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
	peers := map[string]func(folder string, people crowd) (*server, error){"PocketBase": startPocketBase, "Prism": func(folder string, people crowd) (*server, error) {
		return startPrism(folder, *description, people)
	}}
	wanted := strings.Split(*names, ",")
	if *description == "" {
		wanted = slices.DeleteFunc(wanted, func(name string) bool { return name == "Prism" })
	}
	people := crowd{*contacts, *visitors * *rounds * len(wanted)}
	lobby, err := startLobby(*binary, folder+"/lobby", people)
	if err != nil {
		return err
	}
	defer lobby.stop()
	for i, name := range wanted {
		start := peers[name]
		if start == nil {
			return fmt.Errorf("-peers: there is no %q", name)
		}
		if err := beside(lobby, func() (*server, error) { return start(folder+"/"+name, people) }, measured{*rounds, *visitors, i * *rounds, load{*callers, *window}}); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// measured is what is measured with one peer. Each round uses visitors up, and before is the number of earlier rounds.
type measured struct {
	rounds, visitors, before int
	under                    load
}

// beside starts a peer, compares it with Lobby, and stops it.
func beside(lobby *server, start func() (*server, error), m measured) error {
	other, err := start()
	if err != nil {
		return err
	}
	defer other.stop()
	return m.compare(lobby, other)
}

// compare measures every operation that two servers have in turn, and prints the CPU time a request.
func (m measured) compare(lobby, other *server) error {
	fmt.Printf("%-22s %14s %14s %8s\n", "CPU time a request", lobby.name, other.name, "ratio")
	for _, name := range operations {
		if other.requests[name].of == nil {
			continue
		}
		var ours, theirs, ratios []float64
		for round := range m.rounds {
			pair, first := [2]float64{}, (m.before+round)*m.visitors
			for i, s := range []*server{lobby, other} {
				cost, err := m.under.measure(s, s.requests[name], first, first+m.visitors)
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
