package messenger_test

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

// forger makes forms that name the victim without the site's proof.
type forger struct {
	*rand.Rand
	t       *testing.T
	genuine string // the victim's hash, which nobody but its site knows
}

func (f *forger) oneOf(all ...any) any { return all[f.IntN(len(all))] }

// hash is any but the right one.
func (f *forger) hash() any {
	flipped := []byte(f.genuine)
	at := f.IntN(len(flipped))
	flipped[at] = "0123456789abcdef"[(strings.IndexByte("0123456789abcdef", flipped[at])+1+f.IntN(15))%16]
	random := make([]byte, 32)
	for i := range random {
		random[i] = byte(f.Uint32())
	}
	return f.oneOf(string(flipped), f.genuine[:f.IntN(64)], f.genuine+"00", hex.EncodeToString(random), "", nil, true, 0,
		[]any{f.genuine}, map[string]any{"0": f.genuine}, " "+f.genuine, f.genuine+"\x00")
}

func (f *forger) token() any {
	claims := jwt.MapClaims{"user_id": "victim", "email": "victim@example.com"}
	sign := func(method jwt.SigningMethod, key any) string {
		text, err := jwt.NewWithClaims(method, claims).SignedString(key)
		if err != nil {
			f.t.Fatal(err)
		}
		return text
	}
	hs := sign(jwt.SigningMethodHS256, []byte(fmt.Sprint(f.Uint64())))
	none := sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType)
	return f.oneOf(hs, none, none+f.genuine, hs[:f.IntN(len(hs))], sign(jwt.SigningMethodHS384, []byte("x")),
		sign(jwt.SigningMethodHS256, []byte("")), "..", f.genuine)
}

func (f *forger) form() map[string]any {
	data := map[string]any{"anonymous_id": f.oneOf(first, second, newUUID(f.IntN(50)), nil), "name": "Mallory", "plan": "stolen"}
	switch f.IntN(4) {
	case 0:
		data["user_id"], data["user_hash"] = "victim", f.hash()
	case 1:
		data["email"], data["user_hash"] = f.oneOf("victim@example.com", "VICTIM@example.com"), f.oneOf(f.hash(), f.genuine)
	case 2:
		data["user_id"], data["intercom_user_jwt"] = "victim", f.token()
		data["user_hash"] = f.oneOf(f.hash(), "")
	case 3:
		data["user_id"] = f.oneOf("victim", "victim ", "VICTIM", []any{"victim"}, map[string]any{"user_id": "victim"})
		data["email"], data["user_hash"] = "victim@example.com", f.hash()
	}
	return data
}

func TestTenThousandForgedFormsAreBelievedByNobody(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"enforce", "accept"} {
		l := setup(t)
		l.sets(map[string]string{"identity_web": mode})
		l.pings(http.StatusOK, map[string]any{"user_id": "victim", "user_hash": l.proof("victim"), "email": "victim@example.com", "name": "Victim"})
		before := l.user("victim")
		l.clock.Add(100)
		f := &forger{rand.New(rand.NewPCG(1, 2)), t, l.proof("victim")}
		for i := range 5_000 {
			data := f.form()
			fields := map[string]string{"device_identifier": device, "deeds": `[{"event_name":"stolen"}]`, "anonymous_session": fmt.Sprint(data["user_hash"])}
			w := l.does(call("/messenger/web/ping", fields, data))
			for _, of := range []string{before.ID, `"role":"user"`, "Victim"} {
				if strings.Contains(w.Body.String(), of) {
					t.Fatalf("%s: form %d %v: answered %d %s", mode, i, data, w.Code, w.Body)
				}
			}
			if w.Code >= 500 || strings.Contains(w.Body.String(), `"anonymous_session":"a`) {
				t.Fatalf("%s: form %d %v: answered %d %s", mode, i, data, w.Code, w.Body)
			}
		}
		after := l.user("victim")
		if after.Name != "Victim" || len(after.CustomAttributes) != 0 || after.LastSeenAt != begin || after.Email != "victim@example.com" || len(l.events(after.ID)) != 0 {
			t.Errorf("%s: the victim is %+v", mode, after)
		}
	}
}

// attack is what somebody does beforehand, to be the victim later. It answers how the attacker comes back afterwards.
type attack struct {
	*rand.Rand
	l        *lobby
	victimID string
	address  string
}

const attackers = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"

func (a *attack) prepare() {
	for range 1 + a.IntN(4) {
		data := map[string]any{"anonymous_id": a.id()}
		switch a.IntN(5) {
		case 0:
			data["user_id"] = a.victimID
		case 1:
			data["user_id"], data["email"] = a.victimID, "mallory@example.com"
		case 2:
			data["user_id"], data["email"] = "mallory", a.address
		case 3:
			data["email"] = a.address
		case 4:
			data["name"] = "Mallory"
		}
		a.ping(data)
	}
}

func (a *attack) id() string { return []string{attackers, newUUID(7), newUUID(8)}[a.IntN(3)] }

func (a *attack) ping(data map[string]any) (status int, body string) {
	r := call("/messenger/web/ping", map[string]string{"device_identifier": otherDevice, "deeds": `[{"event_name":"planted"}]`}, data)
	w := a.l.does(r)
	return w.Code, w.Body.String()
}

func TestWhoWasThereBeforeTheVictimGainsNothing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		l := setup(t)
		a := &attack{rand.New(rand.NewPCG(seed, 1)), l, "victim", "victim@example.com"}
		l.sets(map[string]string{"identity_web": "accept", "lead_from_email": []string{"on", "off"}[a.IntN(2)]})
		a.prepare()
		l.clock.Add(60)

		victim := map[string]any{"anonymous_id": first, "user_id": "victim", "email": "victim@example.com", "user_hash": l.proof("victim"), "secret": "treasure"}
		switch a.IntN(3) {
		case 0:
			delete(victim, "email")
		case 1:
			victim["intercom_user_jwt"] = tokenOf(t, l.secret, jwt.MapClaims{"user_id": "victim", "email": "victim@example.com"})
		}
		answered := l.sends(http.StatusOK, call("/messenger/web/ping", map[string]string{"device_identifier": device}, victim))
		user := l.user("victim")
		if answered.User.ID != user.ID || user.Unverified || user.Email != "" && user.Email != "victim@example.com" {
			t.Fatalf("seed %d: the victim is %+v", seed, user)
		}
		events := len(l.events(user.ID))
		l.clock.Add(60)

		for _, id := range []string{attackers, newUUID(7), newUUID(8)} {
			for _, claim := range []map[string]any{
				{},
				{"user_id": "victim"},
				{"email": "victim@example.com"},
				{"user_id": "victim", "email": "mallory@example.com"},
				{"user_id": "mallory", "user_hash": l.proof("mallory"), "email": "victim@example.com"},
			} {
				claim["anonymous_id"], claim["name"], claim["secret"] = id, "Mallory", "stolen"
				_, body := a.ping(claim)
				for _, of := range []string{user.ID, "treasure", answered.AnonymousSession} {
					if strings.Contains(body, of) && (of != user.ID || claim["user_hash"] == nil) {
						t.Fatalf("seed %d: %v was answered %s", seed, claim, body)
					}
				}
			}
		}
		after := l.owner(user.ID)
		if after.CustomAttributes["secret"].Text() != "treasure" || after.ExternalID != "victim" || after.LastSeenAt != user.LastSeenAt ||
			after.Email != user.Email || after.Name != user.Name || len(l.events(user.ID)) != events {
			t.Fatalf("seed %d: the victim was %+v and is %+v", seed, user, after)
		}
		if mallory := l.user("mallory"); mallory != nil && mallory.ID == user.ID {
			t.Fatalf("seed %d: the attacker is the victim", seed)
		}
	}
}

func TestJunkNamesNobodyInAnyMode(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"off", "accept", "enforce"} {
		l := setup(t)
		l.sets(map[string]string{"identity_web": mode})
		for _, junk := range []string{
			"[object Object]", "anonymous", "guest", "0", "-1", "true", "NaN", "'null'", "\"undefined\"", "  ", "NONE", strings.Repeat("x", 513),
		} {
			a := l.pings(http.StatusBadRequest, map[string]any{"user_id": junk, "user_hash": l.proof(junk)})
			if a.Errors[0].Code != "parameter_invalid" || l.user(junk) != nil {
				t.Errorf("%s: %q: %+v", mode, junk, a.Errors)
			}
		}
		l.hasVisitors(0)
		if all, err := l.Workspaces(t.Context()); err != nil || len(all) != 1 {
			t.Fatal(err)
		}
	}
}
