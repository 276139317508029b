package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"lobby/internal/config"
)

// isHelp reports whether a word asks for help where the name of a sub-command could stand.
func isHelp(word string) bool {
	return slices.Contains([]string{"help", "-h", "-help", "--help"}, word)
}

// help lists all sub-commands.
func (p *program) help(w io.Writer) {
	fmt.Fprint(w, "Lobby is a self-hosted server for the people part of the Intercom REST API.\n\nCommands:\n")
	for _, c := range commands {
		fmt.Fprintf(w, "  lobby %-28s %s\n", c.usage(), c.summary)
	}
	fmt.Fprint(w, "\nlobby help serve explains the options of a command, lobby help token create the words of one.\n")
}

// usage is the name of a sub-command and what it can do.
func (c *command) usage() string {
	names := make([]string, len(c.verbs))
	for i, v := range c.verbs {
		names[i] = v.name
	}
	return strings.TrimSpace(c.name + " " + strings.Join(names, "|"))
}

// help explains a sub-command, or only the verb that the arguments name.
func (c *command) help(w io.Writer, args []string) {
	if i := slices.IndexFunc(c.verbs, func(v verb) bool { return len(args) > 0 && args[0] == v.name }); i >= 0 {
		v := c.verbs[i]
		fmt.Fprintf(w, "%s: %s\n\n%s", v.usage(c.name), v.summary, v.reference())
		return
	}
	fmt.Fprintf(w, "lobby %s: %s\n\n", c.usage(), c.summary)
	for _, v := range c.verbs {
		fmt.Fprintf(w, "%s\n  %s\n", v.usage(c.name), v.summary)
	}
	if len(c.verbs) > 0 {
		fmt.Fprintln(w)
	}
	if c.name != versionCommand {
		fmt.Fprint(w, config.Reference(c.options))
	}
}
