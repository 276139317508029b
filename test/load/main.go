// Command load measures a built lobby under load, beside yardsticks that do the least a server of its kind could do.
// make bench calls it, and a test runs it small so that it stays alive; it starts the yardsticks by calling itself.
// It must not know more of the product than its command line, its HTTP and the tables it fills.
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
	server      string // path of the binary
	people      int
	rounds      int
	starts      int
	window      time.Duration // of one measurement
	connections []int
	scenarios   []string
}

func main() {
	// The callers share the machine with the server: one thread for a few cores leaves it the others.
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
	if len(args) > 0 && yardsticks[args[0]] != nil {
		// A yardstick ends when its input does, and so whenever the program that started it does.
		signal.Ignore(syscall.SIGINT, syscall.SIGTERM)
		runtime.GOMAXPROCS(runtime.NumCPU())
		return yardsticks[args[0]](args[1:], in, out)
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
	b := &bench{options: o, crowd: crowd{o.people}, dir: dir}
	r, err := b.run(ctx)
	switch {
	case ctx.Err() != nil: // everything fails then, one after the other
		return ctx.Err()
	case err != nil:
		return err
	}
	return r.print(out)
}

func parse(args []string) (options, error) {
	o := options{}
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.StringVar(&o.server, "server", "bin/lobby", "the `binary` to measure")
	flags.IntVar(&o.people, "people", 1_000_000, "how many visitors the database has, and a tenth as many users")
	flags.IntVar(&o.rounds, "rounds", 5, "how often everything is measured")
	flags.IntVar(&o.starts, "starts", 20, "how many starts are timed")
	seconds := flags.Float64("seconds", 2.5, "how long one measurement lasts")
	connections := flags.String("connections", "1,8,64", "how many requests are under way at once")
	names := flags.String("scenarios", strings.Join(allScenarios(), ","), "what to measure, of these")
	quick := flags.Bool("quick", false, "a glance: 20000 people, 2 rounds, 1 s, 3 starts, unless given")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if *quick {
		given := map[string]bool{}
		flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
		for name, value := range map[string]string{"people": "20000", "rounds": "2", "seconds": "1", "starts": "3"} {
			if !given[name] {
				flags.Set(name, value) //nolint:errcheck // they are numbers
			}
		}
	}
	o.window = time.Duration(*seconds * float64(time.Second))
	for text := range strings.SplitSeq(*connections, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return o, fmt.Errorf("-connections: %q is no number of connections", text)
		}
		o.connections = append(o.connections, n)
	}
	for name := range strings.SplitSeq(*names, ",") {
		if !slices.Contains(allScenarios(), name) {
			return o, fmt.Errorf("-scenarios: there is no %q", name)
		}
		o.scenarios = append(o.scenarios, name)
	}
	switch {
	case o.people < 1000 || o.people > 1<<24:
		return o, errors.New("-people: between 1000 and 16777216")
	case o.rounds < 1 || o.starts < 1 || o.window <= 0:
		return o, errors.New("-rounds, -starts and -seconds must be positive")
	}
	return o, nil
}
