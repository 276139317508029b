package people

import "testing"

func TestASessionEndsAfterSilenceOrADay(t *testing.T) {
	t.Parallel()
	const began, day = 1_000_000, 24 * 60 * 60
	for what, c := range map[string]struct {
		lastSeen, now int64
		fresh         bool
	}{
		"the same second":                 {began, began, false},
		"half an hour of silence":         {began, began + 1800, false},
		"a second more":                   {began, began + 1801, true},
		"a day of presence":               {began + day - 60, began + day, false},
		"a second more than a day":        {began + day - 60, began + day + 1, true},
		"a clock that went back a little": {began + 60, began, false},
	} {
		p := &Person{SessionCount: 3, SessionStartedAt: began, LastSeenAt: c.lastSeen}
		want := Person{SessionCount: 3, SessionStartedAt: began}
		if c.fresh {
			want = Person{SessionCount: 4, SessionStartedAt: c.now}
		}
		if fresh := p.Seen(c.now, false); fresh != c.fresh || p.SessionCount != want.SessionCount || p.SessionStartedAt != want.SessionStartedAt {
			t.Errorf("%s: new: %v, session %d since %d", what, fresh, p.SessionCount, p.SessionStartedAt)
		}
	}
	p := &Person{}
	if !p.Seen(began, false) || p.SessionCount != 1 || p.SessionStartedAt != began || p.LastSeenAt != began {
		t.Errorf("a first visit makes %+v", p)
	}
}

func TestAPageSpeaksForVisitorsAndLeadsOnly(t *testing.T) {
	t.Parallel()
	for _, role := range []Role{Visitor, Lead, User} {
		for _, state := range []State{Active, Archived, Blocked, Merged} {
			p := &Person{Role: role, State: state}
			if want := role != User && state == Active; p.MayBeTouchedUnsigned() != want {
				t.Errorf("%s %q: %v", role, state, !want)
			}
		}
	}
}
