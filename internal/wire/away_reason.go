package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// AwayReason is a reason for which an admin may be away.
type AwayReason workspace.AwayReason

// AppendJSON appends the reason.
func (a *AwayReason) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "away_status_reason")
	o.Text("id", strconv.FormatInt(a.ID, 10))
	o.Text("label", a.Label)
	o.Text("emoji", a.Emoji)
	o.Int("order", a.Order)
	o.Bool("deleted", a.Deleted)
	o.Int("created_at", a.CreatedAt)
	o.Int("updated_at", a.UpdatedAt)
	return o.End()
}

// AwayReasonList is the list of all away reasons of a workspace.
type AwayReasonList []*workspace.AwayReason

// AppendJSON appends the list.
func (l AwayReasonList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, a := range l {
		o.Next()
		o.Buf = (*AwayReason)(a).AppendJSON(o.Buf)
	}
	o.CloseList()
	return o.End()
}

func awayReasonSamples(apiversion.Version) []Shape {
	reason := full[workspace.AwayReason]()
	return []Shape{(*AwayReason)(reason), AwayReasonList{reason}}
}
