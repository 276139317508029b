package wire

import (
	"strconv"

	"lobby/internal/apiversion"

	"lobby/internal/people"
)

// AwayReason is why an admin may be away.
type AwayReason people.AwayReason

// AppendJSON appends the reason.
func (a *AwayReason) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "away_status_reason")
	o.text("id", strconv.FormatInt(a.ID, 10))
	o.text("label", a.Label)
	o.text("emoji", a.Emoji)
	o.int("order", a.Order)
	o.bool("deleted", a.Deleted)
	o.int("created_at", a.CreatedAt)
	o.int("updated_at", a.UpdatedAt)
	return o.end()
}

// AwayReasonList is all reasons of a workspace.
type AwayReasonList []*people.AwayReason

// AppendJSON appends the list.
func (l AwayReasonList) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "list")
	o.openList("data")
	for _, a := range l {
		o.next()
		o.buf = (*AwayReason)(a).AppendJSON(o.buf)
	}
	o.closeList()
	return o.end()
}

func awayReasonSamples(apiversion.Version) []Shape {
	reason := full[people.AwayReason]()
	return []Shape{(*AwayReason)(reason), AwayReasonList{reason}}
}
