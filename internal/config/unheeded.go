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

func unknownVariables(environ []string) (all []string) {
	for _, variable := range slices.Sorted(slices.Values(environ)) {
		name, value, _ := strings.Cut(variable, "=")
		if value == "" || !strings.HasPrefix(name, "LOBBY_") || strings.HasPrefix(name, forTests) {
			continue
		}
		if slices.ContainsFunc(table, func(o option) bool { return o.env == name }) {
			continue
		}
		text := name + " has no effect: there is no such option"
		if near := Serve.nearest(flagOf(name)); near != "" {
			text += ", did you mean " + envOf(near) + "?"
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

// idleOptions are those of one kind of database where people are kept in another.
func idleOptions(set Set, args []string, getenv func(string) string) (all []string) {
	cfg, _, err := Parse(set, args, getenv)
	if err != nil {
		return nil
	}
	flags, _, _ := scan(set, args)
	idle, why := []string{"postgres-pool"}, "people are not kept in PostgreSQL"
	switch {
	case cfg.Database != "":
		idle, why = []string{"sqlite-readers", "sqlite-cache", "no-backup"}, "people are kept in PostgreSQL"
	case cfg.Ephemeral:
		idle, why = []string{"data", "sqlite-readers", "postgres-pool"}, "people are kept in memory"
	}
	for _, o := range set.options() {
		if _, name := o.given(flags, getenv); name != "" && slices.Contains(idle, o.flag) {
			all = append(all, name+" has no effect: "+why)
		}
	}
	return all
}
