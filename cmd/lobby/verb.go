package main

import (
	"context"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"lobby/internal/config"
	"lobby/internal/people"
	"lobby/internal/sqlstore"
)

// verb is what a sub-command can do, with the words that it takes after its own.
type verb struct {
	name, words, summary string
	min, max             int
	run                  func(*program, context.Context, *people.Lobby, []string) error
	// alone says that no server may have the folder meanwhile.
	alone bool
	// print is set instead of run where no database is needed.
	print func(*program) error
}

// usage is how a verb of a sub-command is written.
func (v *verb) usage(command string) string {
	return strings.TrimSpace("lobby " + command + " " + v.name + " " + v.words)
}

// reference explains the options of a verb.
func (v *verb) reference() string {
	if v.run == nil {
		return "It takes no options.\n"
	}
	return config.Reference(config.Store)
}

// dispatchVerb runs the verb that the first word names on the database that the options name.
func (p *program) dispatchVerb(ctx context.Context, command string, verbs []verb) error {
	cfg, words, err := p.options(config.Store, math.MaxInt)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(words, func(word string) bool { return !utf8.ValidString(word) }); i >= 0 {
		return usage("%q is not valid UTF-8", words[i])
	}
	var choices []string
	for _, v := range verbs {
		choices = append(choices, v.usage(command))
		if len(words) == 0 || words[0] != v.name {
			continue
		}
		if n := len(words) - 1; n < v.min || n > v.max {
			return usage("the command is %s", v.usage(command))
		}
		if v.print != nil {
			return v.print(p)
		}
		var with []sqlstore.Option
		if v.alone {
			with = append(with, sqlstore.Alone())
		}
		return withLobby(ctx, cfg, with, func(l *people.Lobby) error { return v.run(p, ctx, l, words[1:]) })
	}
	return usage("the commands are %s", strings.Join(choices, ", "))
}

// cutFlag takes a flag that only one command has out of the arguments, with the value that follows it. Of several the last
// counts.
func cutFlag(args []string, flag string) (rest []string, value string, given bool) {
	for i := 0; i < len(args); i++ {
		name, text, assigned := strings.Cut(args[i], "=")
		if name != "--"+flag && name != "-"+flag {
			rest = append(rest, args[i])
			continue
		}
		if !assigned && i+1 < len(args) {
			i++
			text = args[i]
		}
		value, given = text, true
	}
	return rest, value, given
}

// cutSwitch takes a flag without a value out of the arguments.
func cutSwitch(args []string, flag string) (rest []string, given bool) {
	rest = slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return arg == "--"+flag || arg == "-"+flag })
	return rest, len(rest) < len(args)
}
