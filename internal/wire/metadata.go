package wire

import "github.com/go-json-experiment/json/jsontext"

// maxMetadata is how many keys of an event are kept: the first of them, in the order in which they were sent.
const maxMetadata = 10

// Metadata returns what a request hangs on an event, as the text of a JSON object, and "" when that is absent, null or
// empty. A value is a string, number or boolean, a link with a text ({"url", "value"}) or a sum of money ({"amount",
// "currency"}); a null is left out. A link or sum loses what else it has.
func (o *Object) Metadata(name string) string {
	defer o.whole(name, AskedFacts)()
	child, _ := o.object(name)
	kept := begin(nil)
	n := 0
	for i := child.first; i < child.end && n < maxMetadata; i = o.doc.members[i].next {
		m := &o.doc.members[i]
		if m.kind == jsontext.KindNull {
			continue
		}
		n++
		kept.next()
		kept.buf = append(appendText(kept.buf, m.name), ':')
		kept.buf = append(kept.buf, child.fact(i)...)
	}
	if n == 0 {
		return ""
	}
	return string(kept.end())
}

// fact returns one value of the metadata as JSON.
func (o *Object) fact(at int) []byte {
	switch m := &o.doc.members[at]; m.kind {
	case jsontext.KindString:
		return appendText(nil, m.text)
	case jsontext.KindNumber:
		v, ok := number(m.text)
		if !ok {
			o.fail(m.name, codeValue, "is too large a number to be kept exactly; send it as a string")
		}
		return appendValue(nil, v)
	case jsontext.KindTrue, jsontext.KindFalse:
		return []byte(m.text)
	case jsontext.KindBeginObject:
		pair := Object{doc: o.doc, path: join(o.path, m.name), first: at + 1, end: m.next}
		switch {
		case pair.Has("url") && pair.Has("value"):
			link := begin(nil)
			link.text("url", pair.stated("url"))
			link.text("value", pair.stated("value"))
			return link.end()
		case pair.Has("amount") && pair.Has("currency"):
			return pair.money()
		}
	}
	o.fail(o.doc.members[at].name, codeKind, `must be a string, a number, a boolean, {"url","value"} or {"amount","currency"}`)
	return nil
}

func (o *Object) money() []byte {
	amount, known := o.Int("amount").Value()
	if !known || amount < 0 {
		o.fail("amount", codeValue, "must be a whole number of cents, and not negative")
	}
	sum := begin(nil)
	sum.int("amount", amount)
	sum.text("currency", o.stated("currency"))
	return sum.end()
}

// stated returns a text that must not be null.
func (o *Object) stated(name string) string {
	text := o.Text(name)
	if text.IsNull() {
		o.fail(name, codeKind, "must be a string")
	}
	return text.Or("")
}
