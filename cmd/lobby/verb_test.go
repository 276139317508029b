package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestAWordThatNoDatabaseHoldsIsAMistake(t *testing.T) {
	t.Parallel()
	for _, words := range []string{"settings get a\xff", "settings set my-app origins=\xff.example", "workspace create my-app \xff"} {
		var out bytes.Buffer
		p := &program{
			args: strings.Fields(words), stdout: &out, stderr: &out,
			getenv: func(string) string { return "" }, environ: func() []string { return nil },
		}
		if status := p.main(t.Context()); status != 2 || !strings.Contains(out.String(), "is not valid UTF-8") {
			t.Errorf("lobby %q: %d, %s", words, status, &out)
		}
	}
}
