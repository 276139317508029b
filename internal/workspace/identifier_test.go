package workspace

import (
	"errors"
	"strings"
	"testing"
)

func TestWhatBrokenClientsSendIsNoIdentifier(t *testing.T) {
	t.Parallel()
	for _, word := range []string{
		"null", "undefined", "[object Object]", "NaN", "0", "-1", "true", "false", "none", "nil", "anonymous", "guest", "{}", "[]",
		"", " ", "\t\n",
	} {
		for _, value := range []string{
			word, strings.ToUpper(word), strings.ToLower(word), " " + word + " ", `"` + word + `"`, "'" + word + "'", ` "` + word + `"`, "`" + word + "`\n",
		} {
			err := CheckIdentifier("user_id", value)
			if value == "" {
				if err != nil {
					t.Errorf("nothing given: %v", err)
				}
				continue
			}
			if invalid, ok := errors.AsType[*InvalidError](err); !ok || invalid.Field != "user_id" || invalid.Reason == "" {
				t.Errorf("%q: %v, want a reason why user_id cannot be that", value, err)
			}
		}
	}
}

func TestWhatIsMeantAsAnIdentifierIsOne(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		"1", "00", "-2", "ada", "nullable", "guest@example.com", "user-0", "0x0", "No", "日本", "null null", "1.0", "{1}",
		strings.Repeat("x", 512),
	} {
		if err := CheckIdentifier("user_id", value); err != nil {
			t.Errorf("%q: %v", value, err)
		}
	}
	for _, value := range []string{strings.Repeat("x", 513), strings.Repeat("é", 257)} {
		if err := CheckIdentifier("user_id", value); err == nil {
			t.Errorf("%d bytes are accepted, want at most 512", len(value))
		}
	}
}

func TestAnEmailAddressHasTwoSides(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"", "a@b", "Ada Lovelace <ada@example.com>", " ada@example.com ", "a@b@c", "用户@例子.中国", "0@0"} {
		if err := CheckEmail("email", value); err != nil {
			t.Errorf("%q: %v", value, err)
		}
	}
	for _, value := range []string{"ada", "@", "@example.com", "ada@", " @b", "a@ ", "null", " ", "ada@example.com\nBcc: eve@example.com"} {
		if err := CheckEmail("email", value); err == nil {
			t.Errorf("%q is accepted", value)
		}
	}
}

func TestEmailAddressesAreComparedIgnoringCaseAndMargins(t *testing.T) {
	t.Parallel()
	for email, want := range map[string]string{
		"": "", "  ": "", "ada@example.com": "ada@example.com", " Ada@EXAMPLE.com\r\n": "ada@example.com", "ÄDA@É.FR": "äda@é.fr",
		"a b@c": "a b@c",
	} {
		if got := EmailKey(email); got != want {
			t.Errorf("EmailKey(%q) is %q, want %q", email, got, want)
		}
		if key := EmailKey(EmailKey(email)); key != EmailKey(email) {
			t.Errorf("the key of the key of %q is %q", email, key)
		}
	}
}

func TestABrowserHoldsAVersion4UUIDInLowerCase(t *testing.T) {
	t.Parallel()
	const id = "3ecf64d0-9ed1-4e9f-88e1-da7d6e6782f3"
	if !IsUUID(id) {
		t.Errorf("%s is none", id)
	}
	for _, s := range []string{
		"", "null", strings.ToUpper(id), id[1:], id + "0", " " + id[1:], strings.ReplaceAll(id, "-", "0"), strings.Replace(id, "4e9f", "1e9f", 1),
		strings.Replace(id, "d", "g", 1), strings.Replace(id, "-9", "9-", 1),
	} {
		if IsUUID(s) {
			t.Errorf("%q is one", s)
		}
	}
}

func TestWhatNoDatabaseHoldsIsNoIdentifier(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"\x00", "a\x00b", "a\xff", "\xed\xa0\x80"} {
		if invalid, ok := errors.AsType[*InvalidError](CheckIdentifier("user_id", value)); !ok || invalid.Field != "user_id" {
			t.Errorf("%q is an identifier", value)
		}
		// The registry has no store here: none may be asked.
		if _, err := new(Registry).Workspace(t.Context(), ID(value)); !errors.Is(err, ErrWorkspaceNotFound) {
			t.Errorf("%q as an app id: %v", value, err)
		}
	}
}
