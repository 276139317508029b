package wire

import (
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// writeMaybe writes an unknown boolean as null.
func writeMaybe(o *jsonio.Writer, name string, m people.Maybe) {
	if m == people.Unknown {
		o.Null(name)
		return
	}
	o.Bool(name, m == people.Yes)
}
