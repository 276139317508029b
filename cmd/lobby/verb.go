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
	// own are the options that no other verb of the command takes.
	own []ownOption
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

// usages returns how each verb of a sub-command is written.
func usages(command string, verbs []verb) (all []string) {
	for _, v := range verbs {
		all = append(all, v.usage(command))
	}
	return all
}

// dispatchVerb runs the verb that the first word names on the database that the options name.
func (p *program) dispatchVerb(ctx context.Context, command string, verbs []verb) error {
	var own []ownOption
	for _, v := range verbs {
		own = append(own, v.own...)
	}
	cfg, words, err := p.options(config.Store, math.MaxInt, own...)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(words, func(word string) bool { return !utf8.ValidString(word) }); i >= 0 {
		return usage("%q is not valid UTF-8", words[i])
	}
	i := slices.IndexFunc(verbs, func(v verb) bool { return len(words) > 0 && words[0] == v.name })
	if i < 0 {
		return usage("the commands are %s", strings.Join(usages(command, verbs), ", "))
	}
	if err := p.mustTake(command, verbs, i); err != nil {
		return err
	}
	v := &verbs[i]
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

// mustTake refuses an option that was given and that only other verbs than the i-th take.
func (p *program) mustTake(command string, verbs []verb, i int) error {
	for n, v := range verbs {
		for _, o := range v.own {
			if n != i && p.has(o.name) && ownOptionNamed(verbs[i].own, o.name) == nil {
				return usage("only lobby %s %s takes %s", command, v.name, o.name)
			}
		}
	}
	return nil
}
