package app

import (
	"context"
	"log/slog"
	"regexp"
)

// redactor is a handler of a log that hides what the text of an error may quote. Errors come from many places, among
// them the drivers of databases, and some repeat the value that they refuse.
type redactor struct{ slog.Handler }

// Handle implements [slog.Handler].
func (h redactor) Handle(ctx context.Context, r slog.Record) error {
	if r.Level < slog.LevelWarn {
		return h.Handler.Handle(ctx, r)
	}
	shown := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		if err, ok := a.Value.Any().(error); ok {
			a.Value = slog.StringValue(redacted(err.Error()))
		}
		shown.AddAttrs(a)
		return true
	})
	return h.Handler.Handle(ctx, shown)
}

// WithAttrs implements [slog.Handler].
func (h redactor) WithAttrs(all []slog.Attr) slog.Handler {
	return redactor{h.Handler.WithAttrs(all)}
}

// WithGroup implements [slog.Handler].
func (h redactor) WithGroup(name string) slog.Handler { return redactor{h.Handler.WithGroup(name)} }

var (
	// quoted is a text in quotation marks, with the word before it where that says it to be a name of the schema.
	quoted = regexp.MustCompile(`((?:relation|table|column|index|constraint|function|type|role|database|schema) )?"(?:[^"\\]|\\.)*"`)
	// personal is an email address, a UUID, or the id of a record.
	personal = regexp.MustCompile(`[^\s"'<>()=,;:]+@[^\s"'<>()=,;]+` +
		`|\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b|\b[0-9a-f]{24}\b`)
)

// redacted returns the text of an error without what may be somebody's.
func redacted(text string) string {
	text = quoted.ReplaceAllStringFunc(text, func(found string) string {
		if found[0] == '"' {
			return `"…"`
		}
		return found
	})
	return personal.ReplaceAllString(text, "…")
}
