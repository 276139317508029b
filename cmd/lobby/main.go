// Command lobby is the whole server and the tools of its operator in one binary.
// Every sub-command has a file of its own here, which reads its options, opens the store and calls one use case.
// Nothing imports it, and it holds no rule: it only wires the packages together.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"syscall"

	"lobby/internal/app"
	"lobby/internal/config"
	"lobby/internal/datafolder"
	"lobby/internal/people"
	"lobby/internal/sqlstore"
)

// program is what a sub-command may touch of the world outside.
type program struct {
	args           []string
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	environ        func() []string
	// given has the values of the options that only the command takes, by name.
	given map[string]string
}

// command is one sub-command.
type command struct {
	name, summary string
	// verbs is what it can do; none when it does one thing.
	verbs []verb
	// options is the part of the configuration that it takes.
	options config.Set
	run     func(*program, context.Context) error
}

// commands are all sub-commands, in the order of the help.
var commands = []command{
	{"serve", "run the server", nil, config.Serve, (*program).serve},
	{testCommand, "run a command beside a server for tests: lobby test -- npm test", testVerbs, config.Serve, (*program).test},
	{conformanceCommand, "find where another server differs from the description of the API", conformanceVerbs, config.Store, (*program).conformance},
	{"health", "ask the running server whether it is ready", nil, config.Serve, (*program).health},
	{"token", "manage access tokens", tokenVerbs, config.Store, (*program).token},
	{"admin", "manage who may open the pages", adminVerbs, config.Store, (*program).admin},
	{"workspace", "manage workspaces and their settings", workspaceVerbs, config.Store, (*program).workspace},
	{"settings", "show and change the settings of a workspace", settingsVerbs, config.Store, (*program).settings},
	{"secret", "manage the secrets that prove who a site's users are", secretVerbs, config.Store, (*program).secret},
	{"webhook", "manage who is told what happens", webhookVerbs, config.Store, (*program).webhook},
	{"export", "write all that the database has into a file", exportVerbs, config.Store, (*program).export},
	{"import", "add what came from elsewhere", importVerbs, config.Store, (*program).importing},
	{"person", "tell all that there is about a person", personVerbs, config.Store, (*program).person},
	{"erase", "erase a person, and prove that nothing is left", eraseVerbs, config.Store, (*program).erase},
	{"sweep", "delete the visitors that nobody has seen for long", sweepVerbs, config.Store, (*program).sweep},
	{"migrate", "bring the database's schema up to date; --distribute spreads it over a Citus cluster; --dry-run says what would run", nil, config.Store, (*program).migrate},
	{
		"backup", "write a copy of the database, also of one in use: lobby backup FILE, or lobby backup --every 6h --keep 8 FOLDER",
		nil, config.Store, (*program).backup,
	},
	{
		"restore", "make a backup the database, without those erased since: lobby restore FILE; --forget deletes the data it replaced",
		nil, config.Store, (*program).restore,
	},
	{"fsck", "check a database, also one in use, against the invariants of identity", nil, config.Store, (*program).fsck},
	{versionCommand, "print the version", nil, config.Store, (*program).version},
}

// usageError is a mistake of the operator: one clear line and exit status 2.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// errFound: fsck has found something, and has said what.
var errFound = errors.New("the database breaks an invariant")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	p := &program{args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, environ: os.Environ}
	status := p.main(ctx)
	stop()
	os.Exit(status)
}

// main runs the sub-command and returns the exit status: 0, 1 for a failure, 2 for a mistake in how it was called.
func (p *program) main(ctx context.Context) int {
	err := p.dispatch(ctx)
	var mistake usageError
	var status exitStatus
	switch {
	case errors.As(err, &status):
		return int(status)
	case err == nil:
		return 0
	case errors.As(err, &mistake):
		fmt.Fprintln(p.stderr, "lobby:", err)
		return 2
	case !errors.Is(err, errFound):
		fmt.Fprintln(p.stderr, "lobby:", err)
	}
	return 1
}

func (p *program) dispatch(ctx context.Context) error {
	if len(p.args) == 0 {
		p.help(p.stderr)
		return usage("say what to do, for example: lobby serve")
	}
	name, args := p.args[0], p.args[1:]
	if isHelp(name) {
		if len(args) == 0 || isHelp(args[0]) {
			p.help(p.stdout)
			return nil
		}
		name, args = args[0], append(slices.Clone(args[1:]), "--help")
	}
	if name == "-v" || name == "--version" {
		name = versionCommand
	}
	i := slices.IndexFunc(commands, func(c command) bool { return c.name == name })
	if i < 0 {
		return unknownCommand(name)
	}
	p.args = args
	err := commands[i].run(p, ctx)
	if errors.Is(err, config.ErrHelp) {
		commands[i].help(p.stdout, args)
		return nil
	}
	return err
}

// word is what a command may be called.
var word = regexp.MustCompile(`^[a-z-]{1,20}$`)

// unknownCommand repeats a mistyped word, but nothing that may be a secret in the wrong place.
func unknownCommand(name string) error {
	if !word.MatchString(name) {
		return usage("there is no such command; lobby help lists them")
	}
	return usage("there is no command %q; lobby help lists them", name)
}

// options reads the options of a sub-command, those of its own into p.given. What is left over are its words, of which it
// takes at most max.
func (p *program) options(set config.Set, max int, own ...ownOption) (cfg config.Config, words []string, err error) {
	if p.args, p.given, err = cutOwn(p.args, own); err != nil {
		return cfg, nil, err
	}
	cfg, words, err = config.Parse(set, p.args, p.getenv)
	switch {
	case errors.Is(err, config.ErrHelp):
		return cfg, nil, err
	case err != nil:
		return cfg, nil, usageError{err}
	case len(words) > max:
		return cfg, nil, usage("there are more words than this command takes")
	}
	if set == config.Store {
		for _, text := range config.Unheeded(set, p.args, p.getenv, p.environ()) {
			p.warn(text)
		}
	}
	return cfg, words, nil
}

// warn tells the operator what a command did nevertheless. The server does so in its log.
func (p *program) warn(text string) { fmt.Fprintln(p.stderr, "lobby: warning:", text) }

// mustExist refuses a folder without a database: it is a mistake in naming it, so none is made there.
func mustExist(cfg config.Config) error {
	if cfg.Data != "" && !datafolder.Has(cfg.Data) {
		return usage("there is no database in %s; lobby serve makes one", cfg.Data)
	}
	return nil
}

// withLobby opens the store for a short command and closes it after.
func withLobby(ctx context.Context, cfg config.Config, with []sqlstore.Option, do func(*people.Lobby) error) error {
	if err := mustExist(cfg); err != nil {
		return err
	}
	store, err := app.Open(ctx, cfg, with...)
	if err != nil {
		return usageError{err}
	}
	lobby, _ := app.Join(store)
	err = do(lobby)
	return errors.Join(err, store.Close())
}
