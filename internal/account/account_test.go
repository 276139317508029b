package account_test

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/account"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// fixture is a server that nobody has set up.
type fixture struct {
	*testing.T
	*account.Accounts
	server *testkit.Instance
	clock  *testkit.Clock
}

const password = "correct horse battery"

func eachDatabase(t *testing.T, test func(f fixture)) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		server := testkit.Start(t, on)
		test(fixture{t, account.New(server.Lobby.Registry, server.Store.Accounts()), server, server.Clock})
	})
}

func must[T any](f fixture) func(T, error) T {
	return func(v T, err error) T {
		f.Helper()
		if err != nil {
			f.Fatal(err)
		}
		return v
	}
}

func (f fixture) mustFail(want, err error) {
	f.Helper()
	if !errors.Is(err, want) {
		f.Fatalf("the error is %v, want %v", err, want)
	}
}

// setUp returns the presence of the first owner.
func (f fixture) setUp() *account.Presence {
	f.Helper()
	link := must[string](f)(f.SetupLink(f.Context()))
	secret := must[string](f)(f.SetUp(f.Context(), link, account.Credentials{Name: "Ada", Email: "ada@shop.example", Password: password}))
	return must[*account.Presence](f)(f.Present(f.Context(), secret))
}

func TestTheFirstLoginOwnsEveryWorkspace(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.server.NewWorkspace(f)
		p := f.setUp()
		if len(p.Memberships) != 2 || p.Memberships[0].Role != account.Owner || p.Memberships[0].AdminName != "Ada" {
			f.Fatalf("memberships: %+v", p.Memberships)
		}
		ws := must[*workspace.Workspace](f)(f.Workspace(f.Context(), f.server.Workspace))
		admins := must[[]*workspace.Admin](f)(f.Admins(f.Context(), ws.Caller()))
		if len(admins) != 1 || admins[0].ID != 1 || admins[0].Email != "ada@shop.example" {
			f.Errorf("the admin of the API is not the owner: %+v", admins[0])
		}
	})
}

func TestALinkSetsUpOnceWithinAnHour(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ctx, ada := f.Context(), account.Credentials{Name: "Ada", Email: "ada@shop.example", Password: password}
		late, link, other := must[string](f)(f.SetupLink(ctx)), "", ""
		f.clock.Pass(time.Hour)
		_, err := f.SetUp(ctx, late, ada)
		f.mustFail(account.ErrLinkNotFound, err)
		_, err = f.SetUp(ctx, "", ada)
		f.mustFail(account.ErrLinkNotFound, err)
		link, other = must[string](f)(f.SetupLink(ctx)), must[string](f)(f.SetupLink(ctx))
		must[string](f)(f.SetUp(ctx, link, ada))
		for _, secret := range []string{link, other} {
			_, err = f.SetUp(ctx, secret, ada)
			f.mustFail(account.ErrSetUp, err)
			_, err = f.FindLink(ctx, secret)
			f.mustFail(account.ErrLinkNotFound, err)
			_, err = f.UseLink(ctx, secret)
			f.mustFail(account.ErrLinkNotFound, err)
		}
		if again := must[string](f)(f.SetupLink(ctx)); again != "" {
			f.Error("a server that is set up has another link")
		}
	})
}

func TestBadCredentialsChangeNothing(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		link := must[string](f)(f.SetupLink(f.Context()))
		for field, c := range map[string]account.Credentials{
			"name":     {Name: " ", Email: "ada@shop.example", Password: password},
			"email":    {Name: "Ada", Email: "nobody", Password: password},
			"password": {Name: "Ada", Email: "ada@shop.example", Password: "short"},
		} {
			_, err := f.SetUp(f.Context(), link, c)
			if invalid, ok := errors.AsType[*workspace.InvalidError](err); !ok || invalid.Field != field {
				f.Errorf("%s: %v", field, err)
			}
		}
		f.setUp()
	})
}

func TestSignIn(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ctx := f.Context()
		f.setUp()
		must[string](f)(f.SignIn(ctx, " ADA@shop.example", password, "192.0.2.1"))
		for _, email := range []string{"ada@shop.example", "nobody@shop.example", "\x00", ""} {
			_, err := f.SignIn(ctx, email, "wrong horse battery", "192.0.2.1")
			f.mustFail(account.ErrRefused, err)
		}
	})
}

func TestGuessingIsThrottled(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ctx := f.Context()
		f.setUp()
		throttled := func(err error) bool { _, is := errors.AsType[*account.ThrottledError](err); return is }
		for range 10 {
			_, err := f.SignIn(ctx, "ada@shop.example", "wrong horse battery", "192.0.2.1")
			f.mustFail(account.ErrRefused, err)
		}
		if _, err := f.SignIn(ctx, "ADA@shop.example", password, "192.0.2.2"); !throttled(err) {
			f.Errorf("the eleventh attempt at a login, with the right password: %v", err)
		}
		tries := 10
		for ; tries < 40; tries++ {
			if _, err := f.SignIn(ctx, "someone"+string(rune('a'+tries))+"@shop.example", "x", "192.0.2.1"); throttled(err) {
				break
			}
		}
		if tries != 30 {
			f.Errorf("an address is throttled after %d attempts", tries)
		}
		f.clock.Pass(15*time.Minute + time.Second)
		must[string](f)(f.SignIn(ctx, "ada@shop.example", password, "192.0.2.1"))
	})
}

func TestASessionEnds(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ctx := f.Context()
		f.setUp()
		idle, busy := must[string](f)(f.SignIn(ctx, "ada@shop.example", password, "")), must[string](f)(f.SignIn(ctx, "ada@shop.example", password, ""))
		days := 0
		for ; days < 100; days++ {
			if _, err := f.Present(ctx, busy); err != nil {
				break
			}
			f.clock.Pass(24 * time.Hour)
			if days == 2 {
				_, err := f.Present(ctx, idle)
				f.mustFail(account.ErrSignedOut, err)
			}
		}
		if days != 30 {
			f.Errorf("a session in use lasts %d days", days)
		}
		if err := f.Sweep(ctx); err != nil {
			f.Fatal(err)
		}
		_, err := f.Present(ctx, "")
		f.mustFail(account.ErrSignedOut, err)
	})
}

func TestAnotherPasswordEndsOtherSessions(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ctx := f.Context()
		p := f.setUp()
		other := must[string](f)(f.SignIn(ctx, "ada@shop.example", password, ""))
		f.mustFail(account.ErrRefused, f.SetPassword(ctx, p, "wrong horse battery", "a new password 1", ""))
		must[*account.Presence](f)(f.Present(ctx, other))
		if err := f.SetPassword(ctx, p, password, "a new password 1", ""); err != nil {
			f.Fatal(err)
		}
		_, err := f.Present(ctx, other)
		f.mustFail(account.ErrSignedOut, err)
		if all := must[[]*account.Session](f)(f.Sessions(ctx, p)); len(all) != 1 {
			f.Errorf("%d sessions are left, want the one that asked", len(all))
		}
		_, err = f.SignIn(ctx, "ada@shop.example", password, "")
		f.mustFail(account.ErrRefused, err)
	})
}

func TestALinkLetsInOnce(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ctx := f.Context()
		f.setUp()
		_, err := f.CreateLink(ctx, "nobody@shop.example")
		f.mustFail(account.ErrLoginNotFound, err)
		link := must[string](f)(f.CreateLink(ctx, "Ada@shop.example"))
		must[*account.Login](f)(f.FindLink(ctx, link)) // looking does not use it up
		must[string](f)(f.UseLink(ctx, link))
		_, err = f.UseLink(ctx, link)
		f.mustFail(account.ErrLinkNotFound, err)
	})
}

// Who owns one workspace must not get a link of somebody who may enter another one, too.
func TestAnInvitationIsNoWayIntoAnotherWorkspace(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ctx := f.Context()
		other := workspace.Caller{Workspace: f.server.NewWorkspace(f).Workspace}
		mine := workspace.Caller{Workspace: f.server.Workspace}
		eve := account.Invitation{Email: "eve@shop.example", Role: account.Owner}
		if link := must[string](f)(f.Invite(ctx, mine, eve)); link == "" {
			f.Fatal("a new login has no link")
		}
		members := must[[]*account.Membership](f)(f.Members(ctx, mine))
		must[string](f)(f.Reinvite(ctx, mine, members[0].LoginID))
		if link := must[string](f)(f.Invite(ctx, other, eve)); link != "" {
			f.Error("a login of one workspace is handed to the owner of another")
		}
		_, err := f.Reinvite(ctx, mine, members[0].LoginID)
		f.mustFail(account.ErrMemberNotFound, err)
		_, err = f.Invite(ctx, mine, eve)
		f.mustFail(account.ErrMember, err)
	})
}

func TestWhoIsRemovedIsOut(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ctx, mine := f.Context(), workspace.Caller{Workspace: f.server.Workspace}
		p := f.setUp()
		f.mustFail(account.ErrLastOwner, f.Remove(ctx, mine, p.Login.ID))
		f.mustFail(account.ErrLastOwner, f.SetRole(ctx, mine, p.Login.ID, account.ReadOnly))

		removed := must[string](f)(f.UseLink(ctx, must[string](f)(f.Invite(ctx, mine, account.Invitation{Email: "bob@shop.example", Role: account.Teammate}))))
		bob := must[*account.Presence](f)(f.Present(ctx, removed))
		if err := f.Remove(ctx, mine, bob.Login.ID); err != nil {
			f.Fatal(err)
		}
		_, err := f.Present(ctx, removed)
		f.mustFail(account.ErrSignedOut, err)

		// The API deletes an admin; who came in as it may enter nothing any more.
		eve := must[string](f)(f.UseLink(ctx, must[string](f)(f.Invite(ctx, mine, account.Invitation{Email: "eve@shop.example", Role: account.Owner}))))
		was := must[*account.Presence](f)(f.Present(ctx, eve)).Memberships[0]
		must[*workspace.Admin](f)(f.DeleteAdmin(ctx, mine, was.AdminID))
		if now := must[*account.Presence](f)(f.Present(ctx, eve)); len(now.Memberships) != 0 {
			f.Errorf("a deleted admin still has %+v", now.Memberships[0])
		}
		if err := f.Sweep(ctx); err != nil {
			f.Fatal(err)
		}
		_, err = f.Present(ctx, eve)
		f.mustFail(account.ErrSignedOut, err)
	})
}

func TestADeletedWorkspaceLeavesNoLogin(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.setUp()
		if err := f.DeleteWorkspace(f.Context(), f.server.Workspace); err != nil {
			f.Fatal(err)
		}
		if is := must[bool](f)(f.IsSetUp(f.Context())); is {
			f.Error("a login is left that may enter nothing")
		}
	})
}
