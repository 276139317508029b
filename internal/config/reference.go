package config

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// Reference returns the help text of a set: one line an option, with its flag, environment variable, default and
// meaning. It ends with a newline.
func Reference(set Set) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "Flag\tEnvironment\tDefault\tMeaning")
	for _, o := range set.options() {
		fmt.Fprintf(w, "--%s\t%s\t%s\t%s\n", o.flag, o.env, o.initial+o.otherwise, o.meaning)
	}
	w.Flush()
	b.WriteString("\nA flag is written --name value or --name=value. It beats its environment variable, which beats the default.\n" +
		"A variable with _FILE behind its name, as LOBBY_DATABASE_FILE, names a file that holds the value, for secrets.\n")
	return b.String()
}
