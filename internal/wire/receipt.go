package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/inbox"
	"lobby/internal/jsonio"
)

// AcceptedReceipts is what became of receipts.
type AcceptedReceipts struct{ inbox.Accepted }

// AppendJSON appends how many were new, how many were repeated, and which are about nobody.
func (a AcceptedReceipts) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "receipts")
	o.Int("accepted", int64(a.Accepted.Accepted))
	o.Int("repeated", int64(a.Repeated))
	o.Texts("unknown", a.Unknown)
	return o.End()
}

func receiptSamples(apiversion.Version) []Shape {
	return []Shape{AcceptedReceipts{inbox.Accepted{Unknown: []string{"*"}}}, AcceptedReceipts{}}
}
