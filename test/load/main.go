// Command load measures a built lobby under load, beside baselines: programs that do the same work with as little as
// possible. Its sub-command hot simulates one hot workspace among many on several servers, growth measures with several
// numbers of people, soak watches the memory for a long time, and watch has open pages beside busy sites. make bench, make hot,
// make bench-growth, make bench-memory and make bench-live run it, and tests run it with small numbers. It starts the baselines
// by running itself.
// It must not know more of the product than its command line, its HTTP and the tables that it fills.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// options say what to measure and for how long.
type options struct {
	server   string // path of the binary
	people   int    // number of visitors; 0 skips the scenarios with visitors
	contacts []int  // numbers of contacts, each measured on a database of its own
	// conversations are numbers of conversations, measured in the same rounds.
	conversations []int
	databases     []string
	rounds        int
	starts        int
	window        time.Duration // of one measurement
	connections   []int
	scenarios     []string
	// base is the path of a second binary, to compare the server with; empty measures the server beside baselines.
	base string
	// save is the file for the figures, empty for none. Commit and baseCommit are told there.
	save, commit, baseCommit string
}

// simulations are the sub-commands.
var simulations = map[string]func(ctx context.Context, args []string, out io.Writer) error{"hot": runHot, "growth": runGrowth, "soak": runSoak, "watch": runWatch}

func main() {
	// The callers share the machine with the server. One thread for every four cores leaves it the others.
	runtime.GOMAXPROCS(max(1, runtime.NumCPU()/4))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	if len(args) > 0 && baselines[args[0]] != nil {
		// A baseline ends when its input does, and so whenever the program that started it does.
		signal.Ignore(syscall.SIGINT, syscall.SIGTERM)
		runtime.GOMAXPROCS(runtime.NumCPU())
		return baselines[args[0]](args[1:], in, out)
	}
	if len(args) > 0 && simulations[args[0]] != nil {
		return simulations[args[0]](ctx, args[1:], out)
	}
	o, err := parse(args)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "lobby-bench-run-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // what is left lies among the temporary files
	b := &bench{options: o, data: dataset{o.people}, dir: dir}
	err = b.run(ctx, out)
	if ctx.Err() != nil { // everything fails then, one after the other
		return ctx.Err()
	}
	return err
}

func parse(args []string) (options, error) {
	o := options{}
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.StringVar(&o.server, "server", "bin/lobby", "the `binary` to measure")
	flags.IntVar(&o.people, "people", 1_000_000, "number of visitors in the database, with a tenth as many users; 0 skips the scenarios with visitors")
	contacts := flags.String("contacts", "10000,100000", "numbers of contacts in the databases; empty skips the scenarios with contacts")
	conversations := flags.String("conversations", "10000,100000", "numbers of conversations in the databases; empty skips the scenarios with conversations")
	databases := flags.String("databases", strings.Join(allDatabases, ","), "which databases hold the contacts and the conversations, of these")
	flags.IntVar(&o.rounds, "rounds", 5, "number of rounds; each measures everything once")
	flags.IntVar(&o.starts, "starts", 20, "number of starts to time")
	seconds := flags.Float64("seconds", 2.5, "duration of one measurement")
	connections := flags.String("connections", "1,8,64", "numbers of concurrent requests")
	known := slices.Concat(namesOf(scenarios(dataset{})), namesOf(contactScenarios(0)), namesOf(conversationScenarios(1)))
	names := flags.String("scenarios", strings.Join(known, ","), "what to measure, of these")
	flags.StringVar(&o.base, "base", "", "a second `binary`, built from another commit, to compare the server with instead of with baselines")
	flags.StringVar(&o.save, "save", "", "the `file` to write the figures to, as JSON")
	flags.StringVar(&o.commit, "commit", "", "the commit of the server, for the file")
	flags.StringVar(&o.baseCommit, "base-commit", "", "the commit of the second binary, for the file")
	quick := flags.Bool("quick", false, "a short run with fewer people, unless their number is given")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if *quick && o.base != "" { // many short rounds, because what else the machine does changes from second to second
		preset(flags, map[string]string{"people": "20000", "contacts": "2000", "conversations": "", "rounds": "7", "seconds": "0.25"})
	} else if *quick {
		preset(flags, map[string]string{"people": "20000", "contacts": "2000", "conversations": "1000,4000", "rounds": "2", "seconds": "1", "starts": "3"})
	}
	if o.base != "" {
		preset(flags, map[string]string{"connections": "64", "databases": "sqlite"})
	}
	o.window = time.Duration(*seconds * float64(time.Second))
	var err error
	if o.connections, err = numbers("connections", *connections, 1, 1<<10); err != nil {
		return o, err
	}
	if o.contacts, err = numbers("contacts", *contacts, 2*plans, 1<<24); err != nil {
		return o, err
	}
	if o.conversations, err = numbers("conversations", *conversations, 100, 800_000); err != nil {
		return o, err
	}
	if o.databases, err = words("databases", *databases, allDatabases); err != nil {
		return o, err
	}
	if o.scenarios, err = words("scenarios", *names, known); err != nil {
		return o, err
	}
	switch {
	case o.people != 0 && o.people < 1000 || o.people > 1<<24:
		return o, errors.New("-people: between 1000 and 16777216, or 0")
	case o.connections == nil:
		return o, errors.New("-connections: give some")
	case o.rounds < 1 || o.starts < 1 || o.window <= 0:
		return o, errors.New("-rounds, -starts and -seconds must be positive")
	}
	return o, nil
}

// preset sets the values of flags that were not given.
func preset(flags *flag.FlagSet, values map[string]string) {
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for name, value := range values {
		if !given[name] {
			flags.Set(name, value) //nolint:errcheck // they are valid
		}
	}
}

// numbers parses a list of numbers from low to high; nil when it is empty.
func numbers(option, list string, low, high int) (all []int, err error) {
	for text := range strings.SplitSeq(list, ",") {
		if list == "" {
			return nil, nil
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < low || n > high {
			return nil, fmt.Errorf("-%s: %q is not between %d and %d", option, text, low, high)
		}
		all = append(all, n)
	}
	return all, nil
}

// words parses a list of known words.
func words(option, list string, known []string) ([]string, error) {
	all := strings.Split(list, ",")
	for _, word := range all {
		if !slices.Contains(known, word) {
			return nil, fmt.Errorf("-%s: there is no %q", option, word)
		}
	}
	return all, nil
}
