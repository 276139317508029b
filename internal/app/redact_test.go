package app

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
)

func TestErrorsAreLoggedWithoutWhatTheyQuote(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`ERROR: relation "people" does not exist (SQLSTATE 42P01)`:  `ERROR: relation "people" does not exist (SQLSTATE 42P01)`,
		`invalid input syntax for type bigint: "ada"`:               `invalid input syntax for type bigint: "…"`,
		`unable to encode "a\"da" into binary format`:               `unable to encode "…" into binary format`,
		`contact ada@example.com (5ca1ab1e0ddba11c0ffee000)`:        `contact … (…)`,
		`visitor 7f3c1b52-0c4e-4d0a-9d3e-5a1f2b6c8d90: gone`:        `visitor …: gone`,
		`dial tcp 127.0.0.1:5432: connect: connection refused`:      `dial tcp 127.0.0.1:5432: connect: connection refused`,
		`workspace my-shop: sqlite: step: database or disk is full`: `workspace my-shop: sqlite: step: database or disk is full`,
		`ERROR: column "ada" of relation "people" does not exist`:   `ERROR: column "ada" of relation "people" does not exist`,
	} {
		var log strings.Builder
		logger := slog.New(redactor{slog.NewTextHandler(&log, nil)}).With("app", "x").WithGroup("g")
		logger.Error("failed", "error", errors.New(text))
		if got := redacted(text); got != want {
			t.Errorf("%s is logged as %s, want %s", text, got, want)
		}
		if strings.Contains(log.String(), "ada@") || !strings.Contains(log.String(), "g.error=") {
			t.Errorf("the log has %s", log.String())
		}
	}
}
