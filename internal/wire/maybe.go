package wire

import (
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// writeMaybe writes a boolean as a member, or null when it is unknown.
func writeMaybe(o *jsonio.Writer, name string, m people.Maybe) {
	if m == people.Unknown {
		o.Null(name)
		return
	}
	o.Bool(name, m == people.Yes)
}
