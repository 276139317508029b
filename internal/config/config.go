// Package config holds every option of the lobby program in one struct, reads them from the command line, the environment
// and the files that it names, and prints their reference. The sub-commands of cmd/lobby call it before they do anything
// else. It must not open, create or dial what an option names, and of Lobby it must import nothing that knows what Lobby does.
package config

import (
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"net/netip"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Config is what the operator decided. Exactly one of Data, Database and Ephemeral says where people are kept.
type Config struct {
	Listen      string // host:port or unix:PATH; an empty host is every interface, port 0 picks a free one
	AdminListen string // the same for probes and metrics; empty leaves them on Listen
	// SocketMode is the mode of a socket file.
	SocketMode fs.FileMode
	// TLSCert and TLSKey are PEM files; empty serves plain HTTP, or TLS with certificates for ACMEDomains. Both are set or none.
	TLSCert, TLSKey string
	// ACMEDomains are the names for which certificates are fetched by ACME; none fetches none.
	ACMEDomains   []string
	ACMEEmail     string // of the account; may be empty
	ACMEFolder    string // where certificates are kept; empty without ACMEDomains
	ACMEDirectory string // https address of the certificate authority; empty is Let's Encrypt
	Data          string // folder of the embedded database; empty when Database or Ephemeral is set
	Database      string // postgres:// or postgresql:// address, may hold a password; empty for the embedded database
	Ephemeral     bool   // keep everything in memory
	PublicURL     string // absolute http or https address, maybe with a path, without trailing slash; empty takes it from each request
	AppID         string // of the first workspace; empty has one generated
	AccessToken   string // of the first workspace, a secret; empty has one generated
	RateLimit     int    // API calls a minute and token; 0 is no limit, and none for pages
	GeoIP         string // .mmdb file with the places of addresses; empty for none
	Pages         bool   // serve the pages for the owner's team
	// TrustedProxies are the networks whose word counts on whom they ask for.
	TrustedProxies []netip.Prefix
	// AllowPrivateWebhooks lets webhooks go to addresses that are not public, and over plain HTTP.
	AllowPrivateWebhooks bool
	// Test makes the server a stand-in for tests. TestAnywhere lets it listen beyond this machine.
	Test, TestAnywhere bool
	Strict             bool    // refuse what an operation does not know
	Seed               string  // file with what a start adds; empty for none
	SeedIDs            *uint64 // what all ids follow from; nil for random ones
	// ReadyFile and PortFile are written when the server serves; empty for none.
	ReadyFile, PortFile string
	// SMTP is the mail server, maybe with a password; nil for none. SMTPFrom is the address that sends; empty without SMTP.
	SMTP      *url.URL
	SMTPFrom  string
	LogFormat string     // "text" or "json"
	LogLevel  slog.Level // debug, info, warn or error

	MaxBody         int64 // longest request body, in bytes
	MaxPageRequests int   // requests of pages that are worked on at once
	// MaxConnections is how many connections there may be at once, MaxAddressConnections how many from one address.
	MaxConnections, MaxAddressConnections int
	// HeaderTimeout is how long a client may take to send the header of a request.
	HeaderTimeout time.Duration
	// ReadTimeout and WriteTimeout are how long a client may take to send a request and to take the answer, IdleTimeout
	// how long it may leave a connection unused, and DrainTimeout how long requests may take to end at a stop.
	ReadTimeout, WriteTimeout, IdleTimeout, DrainTimeout time.Duration
	// DrainDelay is how long connections are still taken at a stop, after /readyz has turned.
	DrainDelay time.Duration

	// NoBackup leaves out the copy of the embedded database that is made before migrations.
	NoBackup bool

	SQLiteReaders int   // reads of the embedded database that run at once
	SQLiteCache   int64 // bytes of pages that each connection to the embedded database keeps
	PostgresPool  int   // connections to PostgreSQL; 0 leaves it to the address
	// DatabaseTimeout is how long the work of a request on PostgreSQL may take, from waiting for a connection to the commit.
	DatabaseTimeout time.Duration
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

// Parse reads the options of a set. A flag beats the environment, which beats the default. The environment has either the
// variable of an option, or the same name with _FILE and a file that holds the value; an empty variable counts as absent. It
// also returns the arguments that belong to no option, in their order.
//
// The error is ErrHelp, or has one line for each mistake. A line names the option as the operator wrote it, and never
// holds a secret.
func Parse(set Set, args []string, getenv func(string) string) (Config, []string, error) {
	return parse(set, args, getenv, thisMachine())
}

func parse(set Set, args []string, getenv func(string) string, m machine) (Config, []string, error) {
	if asksForHelp(args) {
		return Config{}, nil, ErrHelp
	}
	flags, rest, mistakes := scan(set, args)
	var c Config
	from := make(map[string]string) // where an option was given, by its flag; absent where the default stands
	for _, o := range set.options() {
		given, err := o.given(flags, getenv)
		if err != nil {
			mistakes = append(mistakes, err)
			continue
		}
		if given.name != "" {
			from[o.flag] = given.name
		} else if given.text = o.byDefault(m); given.text == "" {
			continue
		}
		if err := o.read(&c, given.text); err != nil {
			mistakes = append(mistakes, given.mistake(err))
		}
	}
	mistakes = append(mistakes, c.chooseTest(from), c.chooseStore(from), c.chooseTLS(from), c.chooseMail(from))
	if err := errors.Join(mistakes...); err != nil {
		return Config{}, nil, err
	}
	return c, rest, nil
}

// Differing lists the options that were given and say something else than the default, as flag=value in the order of
// the reference. In place of a secret it says "(set)". The arguments are those of a call of [Parse] that succeeded.
func Differing(set Set, args []string, getenv func(string) string) []string {
	flags, _, _ := scan(set, args)
	m := thisMachine()
	var all []string
	for _, o := range set.options() {
		given, err := o.given(flags, getenv)
		if err != nil || given.name == "" || o.same(given.text, o.byDefault(m)) {
			continue
		}
		if o.secret {
			given.text = "(set)"
		}
		all = append(all, o.flag+"="+given.text)
	}
	return all
}

// byDefault returns the default of an option as an operator would write it; empty for none.
func (o option) byDefault(m machine) string {
	if o.sized != nil {
		return o.sized(m)
	}
	return o.initial
}

// same reports whether two texts of an option mean the same.
func (o option) same(a, b string) bool {
	if b == "" {
		return false
	}
	var left, right Config
	return o.read(&left, a) == nil && o.read(&right, b) == nil && reflect.DeepEqual(left, right)
}

// chooseTest gives a stand-in what tests want unless it was given, and refuses what only a stand-in has.
func (c *Config) chooseTest(from map[string]string) error {
	if !c.Test {
		given := map[string]bool{"test-anywhere": c.TestAnywhere, "strict": c.Strict, "seed": c.Seed != "", "seed-ids": c.SeedIDs != nil}
		for _, flag := range slices.Sorted(maps.Keys(given)) {
			if given[flag] {
				return errors.New(from[flag] + ": needs --test")
			}
		}
		return nil
	}
	if c.Database == "" && from["data"] == "" {
		c.Ephemeral = true
	}
	if from["rate-limit"] == "" {
		c.RateLimit = 0
	}
	c.AllowPrivateWebhooks = true
	return nil
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

// chooseTLS refuses two answers to the question where certificates come from, and half an answer.
func (c *Config) chooseTLS(from map[string]string) error {
	switch {
	case c.TLSCert != "" && c.TLSKey == "":
		return errors.New(from["tls-cert"] + ": needs --tls-key, the key of the certificate")
	case c.TLSKey != "" && c.TLSCert == "":
		return errors.New(from["tls-key"] + ": needs --tls-cert, the certificate of the key")
	case len(c.ACMEDomains) == 0:
		c.ACMEFolder = ""
		return nil
	case c.TLSCert != "":
		return errors.New(from["tls-cert"] + " and " + from["acme-domain"] + ": certificates come either from files or by ACME, drop one")
	case c.ACMEFolder == "" && c.Data == "":
		return errors.New(from["acme-domain"] + ": needs --acme-folder, since there is no folder of data to keep the certificates in")
	case c.ACMEFolder == "":
		c.ACMEFolder = filepath.Join(c.Data, "acme")
	}
	return nil
}

// chooseMail refuses half of what sending emails needs.
func (c *Config) chooseMail(from map[string]string) error {
	switch {
	case c.SMTP != nil && c.SMTPFrom == "":
		return errors.New(from["smtp"] + ": needs --smtp-from, the address that sends emails")
	case c.SMTP != nil && c.PublicURL == "":
		return errors.New(from["smtp"] + ": needs --public-url, which begins the links in emails")
	case c.SMTP == nil && c.SMTPFrom != "":
		return errors.New(from["smtp-from"] + ": needs --smtp, the server that sends emails")
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
