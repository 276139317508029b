package messenger

import "lobby/internal/workspace"

// maxOmissions bounds what one response tells of things left out.
const maxOmissions = 50

// omissions are why parts of what a page said are not kept, in the order of reading. Nothing is left out in silence.
type omissions struct{ all []error }

// add tells that something of a name is left out.
func (o *omissions) add(name, reason string) {
	if len(o.all) < maxOmissions {
		o.all = append(o.all, workspace.Invalid(cut(name, maxText), reason))
	}
}

// statement is settings that are being read. What of them is not kept is told, under the path of its name.
type statement struct {
	settings
	path string
	told *omissions
}

func (s statement) leaveOut(name, reason string) { s.told.add(s.path+name, reason) }
