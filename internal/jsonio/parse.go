package jsonio

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Read reads a request body, which must be one JSON object: valid UTF-8 without lone surrogates, no name twice in an
// object, no NUL in any string, nothing nested deeper than MaxDepth, nothing after its end. That holds for unknown
// members too. A byte order mark before it is skipped. A blank body, and an empty list, count as an object without
// members. The error is a *FieldError: "parameter_invalid" for a NUL, otherwise "client_error". The object does not refer
// to body, whose size the caller limits.
func Read(body []byte) (*Object, error) {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	p := parsers.Get().(*parser)
	defer p.release()
	p.in = *bytes.NewBuffer(body)
	p.dec.Reset(&p.in)
	p.body = string(body)
	p.doc = &document{members: make([]member, 0, min(bytes.Count(body, []byte(":")), 32))}
	if err := p.document(); err != nil {
		return nil, err
	}
	p.doc.root = Object{doc: p.doc, end: len(p.doc.members)}
	return &p.doc.root, nil
}

// parser makes a document. The names and texts in it are parts of body, one string, as far as they have no escapes.
type parser struct {
	in   bytes.Buffer
	dec  jsontext.Decoder
	body string
	doc  *document
}

var parsers = sync.Pool{New: func() any { return new(parser) }}

// release lets go of the request before the parser waits for the next one.
func (p *parser) release() {
	p.in = bytes.Buffer{}
	p.dec.Reset(&p.in)
	p.body, p.doc = "", nil
	parsers.Put(p)
}

func (p *parser) document() error {
	switch p.dec.PeekKind() {
	case jsontext.KindBeginObject:
		if err := p.object(1); err != nil {
			return err
		}
	case jsontext.KindBeginArray:
		if empty, err := p.list(1); err != nil {
			return err
		} else if !empty {
			return malformed("The request body must be a JSON object")
		}
	default:
		if _, err := p.dec.ReadToken(); err == io.EOF {
			return nil
		}
		return malformed("The request body must be a JSON object")
	}
	end := p.dec.InputOffset()
	if _, err := p.dec.ReadToken(); err != io.EOF {
		return malformed("The request body must have nothing after its JSON object, which ends at " + p.position(end))
	}
	return nil
}

// object reads an object, depth levels deep. Each member takes its place before those of its value.
func (p *parser) object(depth int) error {
	if err := p.enter(depth); err != nil {
		return err
	}
	for p.dec.PeekKind() != jsontext.KindEndObject {
		name, err := p.scalar()
		if err != nil {
			return err
		}
		at := len(p.doc.members)
		p.doc.members = append(p.doc.members, member{})
		m, err := p.value(depth)
		if err != nil {
			return err
		}
		m.name, m.next = name, len(p.doc.members)
		p.doc.members[at] = m
	}
	return p.bracket()
}

// list reads a list, depth levels deep. Its elements take their places as members without a name.
func (p *parser) list(depth int) (empty bool, err error) {
	if err := p.enter(depth); err != nil {
		return false, err
	}
	empty = true
	for p.dec.PeekKind() != jsontext.KindEndArray {
		empty = false
		at := len(p.doc.members)
		p.doc.members = append(p.doc.members, member{})
		m, err := p.value(depth)
		if err != nil {
			return false, err
		}
		m.next = len(p.doc.members)
		p.doc.members[at] = m
	}
	return empty, p.bracket()
}

// enter opens an object or a list, depth levels deep.
func (p *parser) enter(depth int) error {
	if depth > MaxDepth {
		return malformed(fmt.Sprintf("The request body must not be nested deeper than %d levels", MaxDepth))
	}
	return p.bracket()
}

// bracket reads what opens or closes an object or a list.
func (p *parser) bracket() error {
	if _, err := p.dec.ReadToken(); err != nil {
		return p.syntaxError(err)
	}
	return nil
}

// value reads a value that stands in an object or a list depth levels deep.
func (p *parser) value(depth int) (m member, err error) {
	m.kind = p.dec.PeekKind()
	switch m.kind {
	case jsontext.KindBeginObject:
		err = p.object(depth + 1)
	case jsontext.KindBeginArray:
		m.empty, err = p.list(depth + 1)
	default:
		m.text, err = p.scalar()
	}
	return m, err
}

// scalar reads a name or a value that is neither object nor list.
func (p *parser) scalar() (string, error) {
	raw, err := p.dec.ReadValue()
	if err != nil {
		return "", p.syntaxError(err)
	}
	end := int(p.dec.InputOffset())
	text := p.body[end-len(raw) : end]
	if raw[0] != '"' {
		return text, nil
	}
	if strings.IndexByte(text, '\\') < 0 {
		return text[1 : len(text)-1], nil
	}
	plain, _ := jsontext.AppendUnquote(nil, text) // ReadValue has accepted it
	if bytes.IndexByte(plain, 0) >= 0 {
		return "", fieldError(path(p.dec.StackPointer()), CodeValue, "must not contain a NUL character")
	}
	return string(plain), nil
}

// syntaxError says what is wrong with the JSON, where, and in which member.
func (p *parser) syntaxError(err error) error {
	var at *jsontext.SyntacticError
	if !errors.As(err, &at) {
		at = &jsontext.SyntacticError{ByteOffset: p.dec.InputOffset(), JSONPointer: p.dec.StackPointer()}
	}
	name := path(at.JSONPointer)
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fieldError(name, codeMalformed, "is given twice, the second time at "+p.position(at.ByteOffset))
	case errors.Is(err, io.ErrUnexpectedEOF):
		return brokenAt("The request body ends before its JSON does, at "+p.position(int64(len(p.body))), name)
	case !utf8.ValidString(p.body):
		return brokenAt("The request body is not valid UTF-8 at "+p.position(int64(firstInvalid(p.body))), name)
	default:
		return brokenAt("The request body is not valid JSON at "+p.position(at.ByteOffset), name)
	}
}

// brokenAt is malformed for what is wrong in the member of that path, if it is in one.
func brokenAt(message, path string) *FieldError {
	if path != "" {
		message += ", in " + shown(path)
	}
	return malformed(message)
}

// position says where in the text a byte is: its line, and its column in characters, both counted from 1.
func (p *parser) position(offset int64) string {
	before := p.body[:min(max(offset, 0), int64(len(p.body)))]
	line := strings.Count(before, "\n")
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return fmt.Sprintf("line %d, column %d", line+1, column+1)
}

// firstInvalid returns where a text ceases to be UTF-8.
func firstInvalid(text string) int {
	for i, r := range text {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return i
			}
		}
	}
	return len(text)
}

// path writes a JSON pointer the way errors name fields.
func path(p jsontext.Pointer) (path string) {
	for name := range p.Tokens() {
		path = join(path, name)
	}
	return path
}
