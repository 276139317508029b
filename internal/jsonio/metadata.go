package jsonio

import "github.com/go-json-experiment/json/jsontext"

// maxMetadata is how many keys of an event are kept: the first of them, in the order in which they were sent.
const maxMetadata = 10

// Metadata returns what a request hangs on an event, as the text of a JSON object, and "" when that is absent, null or
// empty. A value is a string, number or boolean, a link with a text ({"url", "value"}) or a sum of money ({"amount",
// "currency"}); a null is left out. A link or sum loses what else it has.
func (o *Object) Metadata(name string) string {
	defer o.recordWhole(name, MetadataMember)()
	child, _ := o.object(name)
	kept := Begin(nil)
	n := 0
	for i := child.first; i < child.end && n < maxMetadata; i = o.doc.members[i].next {
		m := &o.doc.members[i]
		if m.kind == jsontext.KindNull {
			continue
		}
		n++
		kept.Next()
		kept.Buf = append(AppendText(kept.Buf, m.name), ':')
		kept.Buf = append(kept.Buf, child.fact(i)...)
	}
	if n == 0 {
		return ""
	}
	return string(kept.End())
}

// fact returns one value of the metadata as JSON.
func (o *Object) fact(at int) []byte {
	switch m := &o.doc.members[at]; m.kind {
	case jsontext.KindString:
		return AppendText(nil, m.text)
	case jsontext.KindNumber:
		v, ok := number(m.text)
		if !ok {
			o.Fail(m.name, CodeValue, "is too large a number to be kept exactly; send it as a string")
		}
		return AppendValue(nil, v)
	case jsontext.KindTrue, jsontext.KindFalse:
		return []byte(m.text)
	case jsontext.KindBeginObject:
		pair := Object{doc: o.doc, path: join(o.path, m.name), first: at + 1, end: m.next}
		switch {
		case pair.Has("url") && pair.Has("value"):
			link := Begin(nil)
			link.Text("url", pair.stated("url"))
			link.Text("value", pair.stated("value"))
			return link.End()
		case pair.Has("amount") && pair.Has("currency"):
			return pair.money()
		}
	}
	o.Fail(o.doc.members[at].name, codeKind, `must be a string, a number, a boolean, {"url","value"} or {"amount","currency"}`)
	return nil
}

func (o *Object) money() []byte {
	amount, known := o.Int("amount").Value()
	if !known || amount < 0 {
		o.Fail("amount", CodeValue, "must be a whole number of cents, and not negative")
	}
	sum := Begin(nil)
	sum.Int("amount", amount)
	sum.Text("currency", o.stated("currency"))
	return sum.End()
}

// stated returns a text that must not be null.
func (o *Object) stated(name string) string {
	text := o.Text(name)
	if text.IsNull() {
		o.Fail(name, codeKind, "must be a string")
	}
	return text.Or("")
}
