package nouns

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/workspace"
)

func AwayReasons(s fixtures.Suite) {
	s.Test("a reason to be away comes back as it was, each workspace its own", wholeReason)
	s.Test("an admin is away for a reason of its workspace that is not deleted", awayForReason)
}

func wholeReason(t *testing.T, w *fixtures.Fixtures) {
	reason, all := fixtures.Must[*workspace.AwayReason](t), fixtures.Must[[]*workspace.AwayReason](t)
	lunch, theirs := w.HasReason(t, fixtures.Acme, " Lunch 日本 "), w.HasReason(t, fixtures.Rival, "Theirs")
	rest := w.HasReason(t, fixtures.Acme, "Rest")
	fixtures.Expect(t, "a reason", &workspace.AwayReason{Workspace: fixtures.Acme, ID: 1, Label: "Lunch 日本", Order: 1, CreatedAt: fixtures.Begin, UpdatedAt: fixtures.Begin}, lunch)
	w.Clock.Pass(time.Minute)
	emoji, order := "☕", int64(-5)
	changed := reason(w.ChangeAwayReason(t.Context(), fixtures.By(fixtures.Acme), rest.ID, workspace.AwayReasonUpdate{Emoji: &emoji, Order: &order}))
	rest.Emoji, rest.Order, rest.UpdatedAt = emoji, order, fixtures.Begin+60
	fixtures.Expect(t, "what was changed", rest, changed)
	deleted := reason(w.DeleteAwayReason(t.Context(), fixtures.By(fixtures.Acme), lunch.ID))
	lunch.Deleted, lunch.UpdatedAt = true, fixtures.Begin+60
	fixtures.Expect(t, "what was deleted", lunch, deleted)
	w.Clock.Pass(time.Minute)
	fixtures.Expect(t, "what was deleted before", lunch, reason(w.DeleteAwayReason(t.Context(), fixtures.By(fixtures.Acme), lunch.ID)))
	fixtures.Expect(t, "the reasons", []*workspace.AwayReason{rest, lunch}, all(w.AwayReasons(t.Context(), fixtures.By(fixtures.Acme))))
	fixtures.Expect(t, "the other's", []*workspace.AwayReason{theirs}, all(w.AwayReasons(t.Context(), fixtures.By(fixtures.Rival))))
	blank := ""
	for what, err := range map[string]error{
		"changing what is deleted": second(w.ChangeAwayReason(t.Context(), fixtures.By(fixtures.Acme), lunch.ID, workspace.AwayReasonUpdate{})),
		"changing another's":       second(w.ChangeAwayReason(t.Context(), fixtures.By(fixtures.Rival), rest.ID, workspace.AwayReasonUpdate{})),
		"deleting another's":       second(w.DeleteAwayReason(t.Context(), fixtures.By(fixtures.Rival), rest.ID)),
	} {
		if !errors.Is(err, workspace.ErrAwayReasonNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := w.ChangeAwayReason(t.Context(), fixtures.By(fixtures.Acme), rest.ID, workspace.AwayReasonUpdate{Label: &blank}); err == nil {
		t.Error("a blank label is taken")
	}
	fixtures.Expect(t, "the reasons after that", []*workspace.AwayReason{rest, lunch}, all(w.AwayReasons(t.Context(), fixtures.By(fixtures.Acme))))
}

func awayForReason(t *testing.T, w *fixtures.Fixtures) {
	ada := w.HasAdmin(t, fixtures.Acme, "ada")
	gone, lunch := w.HasReason(t, fixtures.Acme, "Gone"), w.HasReason(t, fixtures.Acme, "Lunch")
	for range 3 {
		w.HasReason(t, fixtures.Rival, "Theirs")
	}
	fixtures.Must[*workspace.AwayReason](t)(w.DeleteAwayReason(t.Context(), fixtures.By(fixtures.Acme), gone.ID))
	fixtures.Must[*workspace.Admin](t)(w.SetAway(t.Context(), fixtures.By(fixtures.Acme), ada.ID, workspace.Away{On: true, ReasonID: lunch.ID}))
	if _, err := w.SetAway(t.Context(), fixtures.By(fixtures.Acme), ada.ID, workspace.Away{On: true, ReasonID: gone.ID}); !errors.Is(err, workspace.ErrAwayReasonDeleted) {
		t.Errorf("a deleted reason: %v", err)
	}
	_, err := w.SetAway(t.Context(), fixtures.By(fixtures.Acme), ada.ID, workspace.Away{On: true, ReasonID: 3})
	if invalid, is := errors.AsType[*workspace.InvalidError](err); !is || invalid.Field != "away_status_reason_id" {
		t.Errorf("another's reason: %v", err)
	}
	found := fixtures.Must[*workspace.Admin](t)(w.FindAdmin(t.Context(), fixtures.By(fixtures.Acme), ada.ID))
	fixtures.Expect(t, "what the admin is away for", workspace.Away{On: true, ReasonID: lunch.ID}, found.Away)
}
