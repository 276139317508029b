package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"lobby/internal/app"
	"lobby/internal/config"
)

const testCommand = "test"

// testVerbs explains lobby test.
var testVerbs = []verb{{
	name: "--", words: "COMMAND…",
	summary: "starts a server as lobby serve --test does, on a free port and without the options of the environment, runs the command " +
		"with LOBBY_URL, LOBBY_TOKEN and LOBBY_APP_ID, and ends with its exit status; " +
		"--env NAME=url, =token or =app_id before the dashes gives a value another name, too",
}}

// exitStatus is how a command ended that was run.
type exitStatus int

func (e exitStatus) Error() string {
	return fmt.Sprintf("the command ended with exit status %d", int(e))
}

// test runs a command beside a server that is gone when it ends.
func (p *program) test(ctx context.Context) error {
	args, given, err := cutOwn(p.args, []ownOption{{name: "--env", value: "NAME=url|token|app_id", many: true}})
	if err != nil {
		return err
	}
	options, command := args, []string(nil)
	if i := slices.Index(args, "--"); i >= 0 {
		options, command = args[:i], args[i+1:]
	}
	// The environment of a shell may name the database of somebody's own server.
	noEnvironment := func(string) string { return "" }
	options = append([]string{"--log-level=error"}, options...)
	cfg, words, err := config.Parse(config.Serve, append([]string{"--test"}, options...), noEnvironment)
	switch {
	case errors.Is(err, config.ErrHelp):
		return err
	case err != nil:
		return usageError{err}
	case len(words) > 0 || len(command) == 0:
		return usage("write the command after two dashes, as in lobby test -- npm test")
	}
	p.collectLess()
	signal.Ignore(syscall.SIGPIPE)
	log, endLog := newLog(p.stderr, cfg)
	defer endLog()
	server, err := app.StartTest(ctx, options, noEnvironment, buildVersion(), log)
	if err != nil {
		return usageError{err}
	}
	values := map[string]string{"url": server.URL, "token": server.Token, "app_id": string(server.AppID)}
	named, err := namedValues(values, given["--env"])
	if err == nil {
		err = p.runBeside(command, append(p.environ(), named...))
	}
	if stopped := server.Stop(); err == nil {
		err = stopped
	}
	return err
}

// namedValues returns the variables of the command, as NAME=value. Names has pairs of a name and what it names, in lines.
func namedValues(values map[string]string, names string) (all []string, err error) {
	for pair := range strings.Lines("LOBBY_URL=url\nLOBBY_TOKEN=token\nLOBBY_APP_ID=app_id\n" + names) {
		name, what, _ := strings.Cut(strings.TrimSuffix(pair, "\n"), "=")
		value, known := values[what]
		if !known || name == "" {
			return nil, usage("--env: %q is not NAME=url, NAME=token or NAME=app_id", strings.TrimSpace(pair))
		}
		all = append(all, name+"="+value)
	}
	return all, nil
}

// runBeside runs a command until it ends, and passes signals on. Its error is an exitStatus unless the command succeeded.
func (p *program) runBeside(command, environment []string) error {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = environment, p.stdin, p.stdout, p.stderr
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return usage("cannot run %s: %s", command[0], err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case got := <-signals:
			// What is typed at a terminal reaches the command by itself, and twice would mean more than once.
			if got == syscall.SIGTERM || !isTerminal(os.Stdin) {
				cmd.Process.Signal(got) //nolint:errcheck // it has just ended
			}
		case err := <-ended:
			return statusOf(err)
		}
	}
}

// statusOf returns the exit status of a command as shells do: 128 and the signal for one that a signal ended.
func statusOf(err error) error {
	var failed *exec.ExitError
	if !errors.As(err, &failed) {
		return err
	}
	if status, is := failed.Sys().(syscall.WaitStatus); is && status.Signaled() {
		return exitStatus(128 + int(status.Signal()))
	}
	return exitStatus(failed.ExitCode())
}
