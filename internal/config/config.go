// Package config holds every option of the lobby program in one struct, reads them from the command line and the
// environment, and prints their reference. The sub-commands of cmd/lobby call it before they do anything else. It must
// not open, create or dial what an option names, and it must not import any other part of Lobby.
package config

import (
	"errors"
	"log/slog"
	"net/netip"
	"strings"
)

// Config is what the operator decided. Exactly one of Data, Database and Ephemeral says where people are kept.
type Config struct {
	Listen      string // host:port; an empty host is every interface, port 0 picks a free one
	Data        string // folder of the embedded database; empty when Database or Ephemeral is set
	Database    string // postgres:// or postgresql:// address, may hold a password; empty for the embedded database
	Ephemeral   bool   // keep everything in memory
	PublicURL   string // absolute http or https address without trailing slash; empty takes it from each request
	AppID       string // of the first workspace; empty has one generated
	AccessToken string // of the first workspace, a secret; empty has one generated
	RateLimit   int    // API calls a minute and token; 0 is no limit, and none for pages
	GeoIP       string // .mmdb file with the places of addresses; empty for none
	// TrustedProxies are the networks whose word counts on whom they ask for.
	TrustedProxies []netip.Prefix
	LogFormat      string     // "text" or "json"
	LogLevel       slog.Level // debug, info, warn or error
}

// Set names the options a sub-command takes.
type Set int

const (
	// Serve is every option; `lobby serve` takes it.
	Serve Set = iota
	// Store is only what says where people are kept; the sub-commands that work on the database take it.
	Store
)

// ErrHelp says that the command line asks for help instead of work: -h, --help, or help as the first word.
var ErrHelp = errors.New("help requested")

// Parse reads the options of a set. A flag beats its environment variable, which beats the default; an environment
// variable that is empty counts as absent. It also returns the arguments that belong to no option, in their order.
//
// The error is ErrHelp, or has one line for each mistake. A line names the option as the operator wrote it, and never
// holds a secret.
func Parse(set Set, args []string, getenv func(string) string) (Config, []string, error) {
	if asksForHelp(args) {
		return Config{}, nil, ErrHelp
	}
	flags, rest, mistakes := scan(set, args)
	var c Config
	from := make(map[string]string) // where an option was given, by its flag; absent where the default stands
	for _, o := range set.options() {
		name, text := "--"+o.flag, o.initial
		if given, ok := flags[o.flag]; ok {
			text, from[o.flag] = given, name
		} else if given := getenv(o.env); given != "" {
			text, name, from[o.flag] = given, o.env, o.env
		}
		if text == "" {
			continue
		}
		if err := o.read(&c, text); err != nil {
			mistakes = append(mistakes, errors.New(name+": "+err.Error()))
		}
	}
	mistakes = append(mistakes, c.chooseStore(from))
	if err := errors.Join(mistakes...); err != nil {
		return Config{}, nil, err
	}
	return c, rest, nil
}

// chooseStore refuses two answers to the question where people are kept: silently preferring one would let an operator
// look at an empty Lobby and believe the people lost. The memory may replace a folder, since asking for it is asking
// to leave the disk alone.
func (c *Config) chooseStore(from map[string]string) error {
	if c.Database != "" {
		switch {
		case c.Ephemeral:
			return errors.New(from["database"] + " and " + from["ephemeral"] + ": people are kept either there or in memory, drop one")
		case from["data"] != "":
			return errors.New(from["database"] + " and " + from["data"] + ": people are kept either there or in a folder, drop one")
		}
	}
	if c.Database != "" || c.Ephemeral {
		c.Data = ""
	}
	return nil
}

func asksForHelp(args []string) bool {
	for i, arg := range args {
		switch {
		case arg == "--":
			return false
		case arg == "-h", arg == "-help", arg == "--help", arg == "help" && i == 0:
			return true
		}
	}
	return false
}

// scan sorts the arguments into flags and the rest, without judging any value.
func scan(set Set, args []string) (flags map[string]string, rest []string, mistakes []error) {
	flags = make(map[string]string)
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			return flags, append(rest, args...), mistakes
		}
		name, value, assigned := cutFlag(arg)
		if name == "" {
			rest = append(rest, arg)
			continue
		}
		o, err := set.find(name)
		switch {
		case assigned:
		case o.alone:
			value = "on"
		case len(args) > 0 && !isFlag(args[0]):
			// Taken even when the option is unknown: what follows a mistyped --access-token is not to be reported.
			value, args = args[0], args[1:]
		}
		switch {
		case err != nil:
			mistakes = append(mistakes, err)
		case value == "":
			mistakes = append(mistakes, errors.New("--"+name+": needs a value"))
		default:
			flags[name] = value
		}
	}
	return flags, rest, mistakes
}

// cutFlag splits --name=value or -name=value. The name is empty when arg is not written like a flag.
func cutFlag(arg string) (name, value string, assigned bool) {
	if !strings.HasPrefix(arg, "-") {
		return "", "", false
	}
	return strings.Cut(strings.TrimPrefix(arg[1:], "-"), "=")
}

// isFlag reports whether arg cannot be the value of the flag before it. Dashes alone do not say so: a token may begin
// with them.
func isFlag(arg string) bool {
	name, _, _ := cutFlag(arg)
	_, err := Serve.find(name)
	return arg == "--" || err == nil
}
