package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
)

// Error is an answer that refuses, in the one form that every client understands.
type Error struct {
	// RequestID is null on the wire when it is empty.
	RequestID string
	Code      string
	Message   string
	// Field is the path of the value at fault; left out when there is none.
	Field string
	// ExistingID is the record in the way of a conflict; left out when there is none.
	ExistingID string
}

// AppendJSON appends the error list.
func (e Error) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "error.list")
	o.TextOrNull("request_id", e.RequestID)
	o.OpenList("errors")
	o.Item()
	o.Text("code", e.Code)
	o.Text("message", e.Message)
	if e.Field != "" {
		o.Text("field", e.Field)
	}
	if e.ExistingID != "" {
		o.Text("existing_id", e.ExistingID)
	}
	o.Close()
	o.CloseList()
	return o.End()
}

func errorSamples(apiversion.Version) []Shape { return []Shape{Error{}, full[Error]()} }
