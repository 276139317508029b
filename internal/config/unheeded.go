package config

import (
	"slices"
	"strings"
)

// Unheeded says, in one sentence each, what was given and has no effect: variables of the environment that look like an
// option and are none, and options that do not go with another one. The arguments are those of a call of [Parse] that
// succeeded, and all of the environment as name=value. No sentence holds a value.
func Unheeded(set Set, args []string, getenv func(string) string, environ []string) []string {
	return append(unknownVariables(environ), idleOptions(set, args, getenv)...)
}

// forTests begins the variables that the tests of Lobby read.
const forTests = "LOBBY_TEST_"

// forClients are the variables by which lobby test tells a command where the server is.
var forClients = []string{"LOBBY_URL", "LOBBY_TOKEN"}

func unknownVariables(environ []string) (all []string) {
	for _, one := range slices.Sorted(slices.Values(environ)) {
		name, value, _ := strings.Cut(one, "=")
		if value == "" || !strings.HasPrefix(name, "LOBBY_") || strings.HasPrefix(name, forTests) || slices.Contains(forClients, name) {
			continue
		}
		variable := strings.TrimSuffix(name, fromFile)
		if slices.ContainsFunc(table, func(o option) bool { return o.env == variable || o.env == name }) {
			continue
		}
		text := name + " has no effect: there is no such option"
		if near := Serve.nearest(flagOf(variable)); near != "" {
			text += ", did you mean " + envOf(near) + name[len(variable):] + "?"
		}
		all = append(all, text)
	}
	return all
}

func flagOf(env string) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(env, "LOBBY_"), "_", "-"))
}

func envOf(flag string) string {
	for _, o := range table {
		if o.flag == flag {
			return o.env
		}
	}
	return ""
}

// idleOptions are those that belong to another one which is not given: those of one kind of database where people are kept
// in another, and those of certificates where there are none.
func idleOptions(set Set, args []string, getenv func(string) string) (all []string) {
	cfg, _, err := Parse(set, args, getenv)
	if err != nil {
		return nil
	}
	idle := map[string]string{} // why, by flag
	because := func(why string, flags ...string) {
		for _, flag := range flags {
			idle[flag] = why
		}
	}
	switch {
	case cfg.Database != "":
		because("people are kept in PostgreSQL", "sqlite-readers", "sqlite-cache", "no-backup")
	case cfg.Ephemeral:
		because("people are kept in memory", "data", "sqlite-readers", "postgres-pool")
	default:
		because("people are not kept in PostgreSQL", "postgres-pool")
	}
	if len(cfg.ACMEDomains) == 0 {
		because("--acme-domain names no domain", "acme-email", "acme-folder", "acme-directory")
	}
	if !strings.HasPrefix(cfg.Listen, socketFile) && !strings.HasPrefix(cfg.AdminListen, socketFile) {
		because("there is no socket file", "socket-mode")
	}
	flags, _, _ := scan(set, args)
	for _, o := range set.options() {
		if given, err := o.given(flags, getenv); err == nil && given.name != "" && idle[o.flag] != "" {
			all = append(all, given.name+" has no effect: "+idle[o.flag])
		}
	}
	return all
}
