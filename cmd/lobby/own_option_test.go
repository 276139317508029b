package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestTheOptionsOfACommandAreReadAlike(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ args, want string }{
		{"backup x --every", "lobby: --every needs DURATION\n"},
		{"backup x --every 1h --every 2h", "lobby: --every is given twice\n"},
		{"backup x --keep=", "lobby: --keep needs NUMBER\n"},
		{"restore --forget=yes", "lobby: --forget takes no value\n"},
		{"migrate --dry-run --dry-run", "lobby: --dry-run is given twice\n"},
		{"token create a --expires", "lobby: --expires needs DURATION\n"},
		{"token revoke a create --expires 1h", "lobby: only lobby token create takes --expires\n"},
		{"workspace delete a --yes=", "lobby: --yes needs APP_ID\n"},
		{"workspace set delete x=y --yes a", "lobby: only lobby workspace delete takes --yes\n"},
		{"export x --workspace", "lobby: --workspace needs APP_ID\n"},
		{"erase a b --prove=1", "lobby: --prove takes no value\n"},
	} {
		var out bytes.Buffer
		p := &program{
			args: strings.Fields(c.args), stdout: &out, stderr: &out,
			getenv: func(string) string { return "" }, environ: func() []string { return nil },
		}
		if status := p.main(t.Context()); status != 2 || out.String() != c.want {
			t.Errorf("lobby %s: %d, %q", c.args, status, &out)
		}
	}
}
