package wire

import "lobby/internal/apiversion"

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
	o := begin(buf)
	o.text("type", "error.list")
	o.textOrNull("request_id", e.RequestID)
	o.openList("errors")
	o.item()
	o.text("code", e.Code)
	o.text("message", e.Message)
	if e.Field != "" {
		o.text("field", e.Field)
	}
	if e.ExistingID != "" {
		o.text("existing_id", e.ExistingID)
	}
	o.close()
	o.closeList()
	return o.end()
}

func errorSamples(apiversion.Version) []Shape { return []Shape{Error{}, full[Error]()} }
