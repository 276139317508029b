package messenger

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

var (
	noon    = time.Unix(1_700_000_000, 0)
	secrets = []string{"the older of two secrets", "the newer of two secrets"}
)

// signed makes a token.
func signed(t testing.TB, method jwt.SigningMethod, key any, claims map[string]any, headers ...string) string {
	t.Helper()
	token := jwt.NewWithClaims(method, jwt.MapClaims(claims))
	for i := 0; i+1 < len(headers); i += 2 {
		token.Header[headers[i]] = headers[i+1]
	}
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func good(t testing.TB, claims map[string]any) string {
	return signed(t, jwt.SigningMethodHS256, []byte(secrets[1]), claims)
}

func TestAHashIsTheOneThatIntercomDocuments(t *testing.T) {
	t.Parallel()
	c := claim{userID: "Message", hash: "aa747c502a898200f9e4fa21bac68136f886a0e27aec70ba06daf2e2a5cb5597"}
	if err := c.check([]string{"secret"}, noon); err != nil {
		t.Error(err)
	}
}

func TestATokenSaysWhoItIs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		claims        map[string]any
		userID, email string
	}{
		"user id":         {map[string]any{"user_id": "42"}, "42", ""},
		"number":          {map[string]any{"user_id": 42}, "42", ""},
		"email":           {map[string]any{"user_id": "42", "email": "ada@example.com"}, "42", "ada@example.com"},
		"expires later":   {map[string]any{"user_id": "42", "exp": noon.Unix() + 1}, "42", ""},
		"expired just so": {map[string]any{"user_id": "42", "exp": noon.Unix() - 59}, "42", ""},
		"made just later": {map[string]any{"user_id": "42", "nbf": noon.Unix() + 59, "iat": noon.Unix() + 59}, "42", ""},
	} {
		for _, secret := range secrets {
			who := claim{userID: "somebody else", email: "other@example.com", token: signed(t, jwt.SigningMethodHS256, []byte(secret), c.claims)}
			if err := who.check(secrets, noon); err != nil || who.userID != c.userID || who.email != c.email {
				t.Errorf("%s: %v, %q, %q", name, err, who.userID, who.email)
			}
		}
	}
	who := claim{token: good(t, map[string]any{"user_id": "42", "plan": "pro", "exp": noon.Unix() + 60})}
	if err := who.check(secrets, noon); err != nil || len(who.proven) != 2 || who.proven["plan"] != "pro" {
		t.Errorf("%v, %v", err, who.proven)
	}
}

// forged are tokens that prove nothing, whatever they say.
func forged(t testing.TB) map[string]string {
	claims := map[string]any{"user_id": "42"}
	genuine := good(t, claims)
	part := strings.Split(genuine, ".")
	raw := base64.RawURLEncoding.EncodeToString
	none := raw([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + part[1] + "."
	return map[string]string{
		"another secret":     signed(t, jwt.SigningMethodHS256, []byte("nobody knows this one"), claims),
		"an empty secret":    signed(t, jwt.SigningMethodHS256, []byte(""), claims),
		"HS384":              signed(t, jwt.SigningMethodHS384, []byte(secrets[0]), claims),
		"HS512":              signed(t, jwt.SigningMethodHS512, []byte(secrets[0]), claims),
		"alg none":           none,
		"alg none, signed":   none + part[2],
		"alg None":           raw([]byte(`{"alg":"None"}`)) + "." + part[1] + "." + part[2],
		"alg missing":        raw([]byte(`{}`)) + "." + part[1] + "." + part[2],
		"a key of its own":   signed(t, jwt.SigningMethodHS256, []byte("secret"), claims, "kid", "secret", "jku", "http://127.0.0.1/"),
		"a key by path":      signed(t, jwt.SigningMethodHS256, []byte(""), claims, "kid", "../../dev/null"),
		"something critical": signed(t, jwt.SigningMethodHS256, []byte(secrets[0]), claims, "crit", "b64"),
		"other claims":       part[0] + "." + raw([]byte(`{"user_id":"43"}`)) + "." + part[2],
		"no signature":       part[0] + "." + part[1] + ".",
		"two parts":          part[0] + "." + part[1],
		"four parts":         genuine + "." + part[2],
		"cut":                genuine[:len(genuine)-1],
		"padded":             genuine + "=",
		"a space":            " " + genuine,
		"expired":            good(t, map[string]any{"user_id": "42", "exp": noon.Unix() - 61}),
		"expired long ago":   good(t, map[string]any{"user_id": "42", "exp": 1}),
		"expires never":      good(t, map[string]any{"user_id": "42", "exp": "never"}),
		"not yet":            good(t, map[string]any{"user_id": "42", "nbf": noon.Unix() + 61}),
		"from the future":    good(t, map[string]any{"user_id": "42", "iat": noon.Unix() + 61}),
		"no user id":         good(t, map[string]any{"email": "ada@example.com"}),
		"an empty user id":   good(t, map[string]any{"user_id": ""}),
		"null":               good(t, map[string]any{"user_id": nil}),
		"a list":             good(t, map[string]any{"user_id": []string{"42"}}),
		"an object":          good(t, map[string]any{"user_id": map[string]any{"id": "42"}}),
		"a flag":             good(t, map[string]any{"user_id": true}),
		"placeholder":        good(t, map[string]any{"user_id": "undefined"}),
		"nothing":            "..",
		"no token":           "x",
		"too long":           good(t, map[string]any{"user_id": "42", "more": strings.Repeat("x", maxToken)}),
		"not our characters": "é." + part[1] + "." + part[2],
	}
}

func TestAForgedTokenProvesNothing(t *testing.T) {
	t.Parallel()
	for name, token := range forged(t) {
		// A good hash beside it must not help: where there is a token, it alone counts.
		who := claim{userID: "Message", token: token, hash: "aa747c502a898200f9e4fa21bac68136f886a0e27aec70ba06daf2e2a5cb5597"}
		if err := who.check(append(secrets, "secret"), noon); err == nil && name != "a key of its own" {
			t.Errorf("%s: is believed to be %q", name, who.userID)
		}
		if err := who.check(secrets, noon); err == nil {
			t.Errorf("%s: is believed to be %q", name, who.userID)
		}
	}
}

func TestThousandsOfSlipsInATokenAreNoticed(t *testing.T) {
	t.Parallel()
	genuine := good(t, map[string]any{"user_id": "42", "email": "ada@example.com", "exp": noon.Unix() + 60})
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
	tried := 0
	for at := range len(genuine) {
		for i := range letters {
			forgery := genuine[:at] + letters[i:i+1] + genuine[at+1:]
			if forgery == genuine {
				continue
			}
			tried++
			who := claim{token: forgery}
			if err := who.check(secrets, noon); err == nil {
				t.Fatalf("%q is believed", forgery)
			}
		}
		who := claim{token: genuine[:at]}
		if err := who.check(secrets, noon); err == nil {
			t.Fatalf("the first %d bytes are believed", at)
		}
	}
	if tried < 10_000 {
		t.Errorf("only %d forgeries were tried", tried)
	}
}

func TestNoSecretProvesNothing(t *testing.T) {
	t.Parallel()
	for i, who := range []claim{
		{token: signed(t, jwt.SigningMethodHS256, []byte(""), map[string]any{"user_id": "42"})},
		{userID: "42", hash: fmt.Sprintf("%064d", 0)},
	} {
		if who.check(nil, noon) == nil {
			t.Errorf("claim %d is believed", i)
		}
	}
}
