package messenger_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func TestAProvenUserTakesTheVisitorAlong(t *testing.T) {
	t.Parallel()
	l := setup(t)
	visitor := l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "plan": "pro"})
	a := l.pings(http.StatusOK, map[string]any{
		"anonymous_id": first, "user_id": 42, "email": "ada@example.com", "user_hash": l.proof("42"), "seats": 3,
	})
	if a.User.Role != "user" || a.User.ID != visitor.User.ID || a.User.AnonymousID != first {
		t.Errorf("the answer was %+v", a.User)
	}
	user := l.owner(first)
	if user.Role != people.User || user.ExternalID != "42" || user.Email != "ada@example.com" || len(user.CustomAttributes) != 2 {
		t.Errorf("the user is %+v", user)
	}
	changes, _, err := l.Changes(t.Context(), workspace.Caller{Workspace: app}, user.ID, "", 10)
	if err != nil || len(changes) != 1 || changes[0].Actor != (workspace.Actor{Kind: "browser", ID: site}) {
		t.Errorf("the journal has %v, %v", changes, err)
	}
}

func TestAProvenUserWhoseBrowserIsNewIsMade(t *testing.T) {
	t.Parallel()
	l := setup(t)
	a := l.pings(http.StatusOK, map[string]any{"email": "ada@example.com", "user_hash": l.proof("ada@example.com")})
	if user := l.owner(a.User.AnonymousID); a.User.Role != "user" || user.Email != "ada@example.com" {
		t.Errorf("the answer was %+v and the user is %+v", a.User, user)
	}
	l.hasVisitors(0)
}

func TestAProvenPingMayBeRepeated(t *testing.T) {
	t.Parallel()
	l := setup(t)
	data := map[string]any{"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42")}
	once := l.pings(http.StatusOK, data)
	again := l.pings(http.StatusOK, data)
	if again.User.ID != once.User.ID || again.User.AnonymousID != first {
		t.Errorf("first %+v, then %+v", once.User, again.User)
	}
	l.hasVisitors(0)
}

func TestAUserOnASecondBrowserKeepsTheIDOfEach(t *testing.T) {
	t.Parallel()
	l := setup(t)
	once := l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42")})
	again := l.pings(http.StatusOK, map[string]any{"anonymous_id": second, "user_id": "42", "user_hash": l.proof("42")})
	if again.User.ID != once.User.ID || again.User.AnonymousID != second {
		t.Errorf("first %+v, then %+v", once.User, again.User)
	}
}

func TestWithoutProofNothingIsWritten(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]map[string]any{
		"no hash":                 {"user_id": "42"},
		"a hash of somebody else": {"user_id": "42", "user_hash": "41"},
		"no hexadecimal digits":   {"user_id": "42", "user_hash": "zz"},
		"an email alone":          {"email": "ada@example.com"},
		"the email's hash":        {"user_id": "42", "email": "ada@example.com", "user_hash": "email"},
		"a hash with no secret":   {"user_id": "42", "user_hash": "unkeyed"},
	} {
		l := setup(t)
		switch data["user_hash"] {
		case "41":
			data["user_hash"] = l.proof("41")
		case "email":
			data["user_hash"] = l.proof("ada@example.com")
		case "unkeyed":
			l.secret = ""
			data["user_hash"] = l.proof("42")
		}
		data["anonymous_id"] = first
		want := "Incorrect user_hash"
		if data["user_hash"] == nil {
			want = "Missing user_hash or intercom_user_jwt"
		}
		l.sets(map[string]string{"lead_from_email": "off"})
		a := l.pings(http.StatusForbidden, data)
		if a.Errors[0].Code != "signature_mismatch" || a.Errors[0].Message != want {
			t.Errorf("%s: got %+v", name, a.Errors)
		}
		l.hasVisitors(0)
	}
}

func TestAWorkspaceWithoutASecretProvesNothing(t *testing.T) {
	t.Parallel()
	l := setup(t)
	if err := l.DeleteIdentitySecret(t.Context(), workspace.Caller{Workspace: app}, 1); err != nil {
		t.Fatal(err)
	}
	l.secret = ""
	l.pings(http.StatusForbidden, map[string]any{"user_id": "42", "user_hash": l.proof("42")})
}

func TestAPlaceholderIsNobodyEvenWithProof(t *testing.T) {
	t.Parallel()
	l := setup(t)
	for _, junk := range []string{"[object Object]", "anonymous", "0", "'NaN'"} {
		a := l.pings(http.StatusBadRequest, map[string]any{"anonymous_id": first, "user_id": junk, "user_hash": l.proof(junk)})
		if a.Errors[0].Code != "parameter_invalid" {
			t.Errorf("%q: got %+v", junk, a.Errors)
		}
	}
	l.hasVisitors(0)
}

func TestASecondUserOnTheSameBrowserIsNotMergedIntoTheFirst(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "plan": "pro", "name": "Ada"})
	ada := l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "user_id": "ada", "user_hash": l.proof("ada")})
	bob := l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "user_id": "bob", "user_hash": l.proof("bob"), "name": "Bob"})
	if bob.User.ID == ada.User.ID || bob.User.AnonymousID == first || bob.User.Role != "user" {
		t.Fatalf("Ada is %+v, Bob is %+v", ada.User, bob.User)
	}
	if p := l.owner(first); p.ExternalID != "ada" || p.Name != "Ada" {
		t.Errorf("Ada is now %+v", p)
	}
	if p := l.owner(bob.User.AnonymousID); p.ExternalID != "bob" || p.Name != "Bob" || len(p.CustomAttributes) != 0 {
		t.Errorf("Bob is %+v", p)
	}
	back := l.pings(http.StatusOK, map[string]any{
		"anonymous_id": bob.User.AnonymousID, "user_id": "ada", "user_hash": l.proof("ada"),
	})
	if back.User.ID != ada.User.ID || back.User.AnonymousID == bob.User.AnonymousID {
		t.Errorf("Ada came back as %+v", back.User)
	}
	l.hasVisitors(0)
}

func TestALeadWhoSignsInIsTheUser(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "email": "typed@example.com", "plan": "pro"})
	lead := l.owner(first)
	if lead.Role != people.Lead || lead.Email != "typed@example.com" {
		t.Fatalf("the lead is %+v", lead)
	}
	a := l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "user_id": "bob", "user_hash": l.proof("bob"), "name": "Bob"})
	if user := l.owner(first); user.ID != lead.ID || a.User.ID != lead.ID || user.Role != people.User || user.ExternalID != "bob" || user.Name != "Bob" {
		t.Errorf("the user is %+v", user)
	}
	l.pings(http.StatusOK, map[string]any{"anonymous_id": second, "email": "again@example.com", "seats": 2})
	w := l.does(call("/messenger/web/ping", nil, map[string]any{"anonymous_id": second, "user_id": "bob", "user_hash": l.proof("bob")}))
	if got := w.Header().Get("Lobby-Identity"); !strings.HasPrefix(got, "merged; entry=") {
		t.Errorf("the second lead was %s", got)
	}
	if user := l.owner(second); user.ID != lead.ID || len(user.CustomAttributes) != 2 || user.Email != "typed@example.com" {
		t.Errorf("the user is %+v", user)
	}
}

func TestAUserWhoCannotSignInLeavesNobodyBehind(t *testing.T) {
	t.Parallel()
	l := setup(t)
	id := "42"
	gone := l.has(people.ContactFields{ExternalID: &id})
	if _, err := l.ArchiveContact(t.Context(), workspace.Caller{Workspace: app}, gone.ID); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		a := l.pings(http.StatusConflict, map[string]any{
			"anonymous_id": first, "user_id": "42", "email": "ada@example.com", "user_hash": l.proof("42"),
		})
		if a.Errors[0].Code != "conflict" {
			t.Errorf("got %+v", a.Errors)
		}
	}
	l.hasVisitors(0)
}

func TestUsersWhoShareAnEmailSignInAsThemselves(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "email": "ada@example.com", "user_hash": l.proof("ada@example.com")})
	ids := map[string]bool{l.owner(first).ID: true}
	for range 2 {
		for _, id := range []string{"42", "43"} {
			a := l.pings(http.StatusOK, map[string]any{"user_id": id, "email": "ada@example.com", "user_hash": l.proof(id)})
			user := l.user(id)
			if user == nil || user.Email != "ada@example.com" || a.User.ID != user.ID {
				t.Fatalf("user %s is %+v, the answer %+v", id, user, a.User)
			}
			ids[user.ID] = true
		}
	}
	if len(ids) != 3 {
		t.Errorf("there are %d users, want 3", len(ids))
	}
	l.hasVisitors(0)
}

func TestEverySignInSaysWhatWasDecided(t *testing.T) {
	t.Parallel()
	l := setup(t)
	signIn := func(anonymousID, hash string) string {
		data := map[string]any{"anonymous_id": anonymousID, "user_id": "42", "user_hash": hash}
		decision, entry, _ := strings.Cut(l.does(call("/messenger/web/ping", nil, data)).Header().Get("Lobby-Identity"), "; ")
		if (decision == "refused") != (entry == "reason=signature_mismatch") {
			t.Errorf("%s; %s", decision, entry)
		}
		return decision
	}
	for i, want := range []string{"refused", "converted", "repeated", "merged"} {
		anonymousID, hash := first, l.proof("42")
		switch want {
		case "refused":
			hash = l.proof("43")
		case "merged":
			anonymousID = second
		}
		if got := signIn(anonymousID, hash); got != want {
			t.Errorf("sign-in %d was %q, want %q", i, got, want)
		}
	}
}

func TestWhatATokenSaysWinsOverWhatThePageSays(t *testing.T) {
	t.Parallel()
	l := setup(t)
	token := tokenOf(t, l.secret, jwt.MapClaims{
		"user_id": "42", "email": "ada@example.com", "name": "Ada", "plan": "pro", "exp": l.Now().Unix() + 60,
	})
	a := l.pings(http.StatusOK, map[string]any{
		"anonymous_id": first, "user_id": "43", "name": "Bob", "plan": "free", "colour": "red", "intercom_user_jwt": token,
	})
	p, err := l.Resolve(t.Context(), workspace.Caller{Workspace: app}, a.User.ID)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{p.ExternalID, p.Email, p.Name, p.CustomAttributes["plan"].Text(), p.CustomAttributes["colour"].Text()}
	if want := []string{"42", "ada@example.com", "Ada", "pro", "red"}; !slices.Equal(got, want) {
		t.Errorf("the user is %q, want %q", got, want)
	}
	if _, kept := p.CustomAttributes["exp"]; kept {
		t.Error("when the token ends is an attribute")
	}
}

// tokenOf makes a site's token.
func tokenOf(t *testing.T, secret string, claims jwt.MapClaims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestAForgedTokenChangesNothing(t *testing.T) {
	t.Parallel()
	l := setup(t)
	for name, token := range map[string]string{
		"another secret": tokenOf(t, "another secret", jwt.MapClaims{"user_id": "42"}),
		"expired":        tokenOf(t, l.secret, jwt.MapClaims{"user_id": "42", "exp": l.Now().Unix() - 61}),
		"about nobody":   tokenOf(t, l.secret, jwt.MapClaims{"email": "ada@example.com"}),
		"no token":       "e30",
	} {
		a := l.pings(http.StatusUnauthorized, map[string]any{"anonymous_id": first, "intercom_user_jwt": token})
		if a.Errors[0].Code != "unauthorized" {
			t.Errorf("%s: %+v", name, a.Errors)
		}
	}
	l.hasVisitors(0)
}

func TestAProvenNameThatNoDatabaseHoldsIsRefused(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.pings(http.StatusBadRequest, map[string]any{"anonymous_id": first, "user_id": "a\x00b", "user_hash": l.proof("a\x00b")})
}
