package workspace_test

import (
	"strings"
	"testing"

	"lobby/internal/workspace"
)

func TestAnAddressHasOneKey(t *testing.T) {
	t.Parallel()
	for want, all := range map[string][]string{
		"ann@example.com": {
			"ann@example.com", "Ann@Example.COM", " ann@example.com\t", "\u00a0ann@example.com\u3000", "\u202aann@example.com\u202c",
			"ann\u200b@exam\u00adple.com", "\ufeffann@example.com", "ann@example.com\ufe0f", "ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ann@example\u3002com",
		},
		"ann@bücher.example": {
			"ann@bücher.example", "Ann@BÜCHER.example", "ann@bu\u0308cher.example", "ann@xn--bcher-kva.example", "ANN@XN--BCHER-KVA.EXAMPLE",
		},
		"élodie@example.com":   {"élodie@example.com", "ÉLODIE@example.com", "e\u0301lodie@example.com", "E\u0301LODIE@EXAMPLE.COM"},
		"xn--bcher-kva@a.com":  {"xn--bcher-kva@a.com"},
		"a@xn--\u00e4.example": {"a@xn--ä.example"},
		"":                     {"", " ", "\u200b", "\u202a\u202c"},
		"example.com":          {"EXAMPLE.com"},
	} {
		for _, spelled := range all {
			got := workspace.EmailKey(spelled)
			if got != want {
				t.Errorf("%q has the key %q, want %q", spelled, got, want)
			}
			if again := workspace.EmailKey(got); again != got {
				t.Errorf("the key of the key %q is %q", got, again)
			}
		}
	}
	if workspace.EmailKey("ann@example.com") == workspace.EmailKey("a.nn@example.com") {
		t.Error("a point is nothing")
	}
}

func FuzzAKeyOfAnAddressIsItsOwnKey(f *testing.F) {
	for _, seed := range []string{"", "Ann@Example.com", "\u202aann@bu\u0308cher.de\u202c", "a@xn--bcher-kva", "ﷺ@ﷺ", "@", "\xff@\xff", "İ@İ.com"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, email string) {
		key := workspace.EmailKey(email)
		if again := workspace.EmailKey(key); again != key {
			t.Errorf("%q has the key %q, and that %q", email, key, again)
		}
	})
}

func TestAnAddressIsOneOrIsNot(t *testing.T) {
	t.Parallel()
	for _, email := range []string{"", "ann@example.com", "\u202aann@example.com\u202c", "ａｎｎ＠example.com", "ann@xn--bcher-kva.example"} {
		if err := workspace.CheckEmail("email", email); err != nil {
			t.Errorf("%q: %v", email, err)
		}
	}
	for _, email := range []string{
		"ann", "@example.com", "ann@", "\u200b@example.com", "ann@\u200b", "ann@example.com\r\nBcc: eve@example.com",
		strings.Repeat("\ufdfa", 150) + "@example.com",
	} {
		if workspace.CheckEmail("email", email) == nil {
			t.Errorf("%.40q is an address", email)
		}
	}
}
