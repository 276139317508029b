package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
)

// Error is the body of every error response, an error.list with one error.
type Error struct {
	// RequestID is written as null when it is empty.
	RequestID string
	Code      string
	Message   string
	// Field is the path of the invalid value; left out when empty.
	Field string
	// ExistingID is the id of the record that causes a conflict; left out when empty.
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
