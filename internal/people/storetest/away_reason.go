package storetest

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/workspace"
)

func awayReasons(s suite) {
	s.test("a reason to be away comes back as it was, each workspace its own", wholeReason)
	s.test("an admin is away for a reason of its workspace that is not deleted", awayForReason)
}

func (w *world) hasReason(t *testing.T, ws workspace.ID, label string) *workspace.AwayReason {
	t.Helper()
	return must[*workspace.AwayReason](t)(w.CreateAwayReason(t.Context(), by(ws), workspace.AwayReasonUpdate{Label: &label}))
}

func wholeReason(t *testing.T, w *world) {
	reason, all := must[*workspace.AwayReason](t), must[[]*workspace.AwayReason](t)
	lunch, theirs := w.hasReason(t, acme, " Lunch 日本 "), w.hasReason(t, rival, "Theirs")
	rest := w.hasReason(t, acme, "Rest")
	expect(t, "a reason", &workspace.AwayReason{Workspace: acme, ID: 1, Label: "Lunch 日本", Order: 1, CreatedAt: begin, UpdatedAt: begin}, lunch)
	w.clock.pass(time.Minute)
	emoji, order := "☕", int64(-5)
	changed := reason(w.ChangeAwayReason(t.Context(), by(acme), rest.ID, workspace.AwayReasonUpdate{Emoji: &emoji, Order: &order}))
	rest.Emoji, rest.Order, rest.UpdatedAt = emoji, order, begin+60
	expect(t, "what was changed", rest, changed)
	deleted := reason(w.DeleteAwayReason(t.Context(), by(acme), lunch.ID))
	lunch.Deleted, lunch.UpdatedAt = true, begin+60
	expect(t, "what was deleted", lunch, deleted)
	w.clock.pass(time.Minute)
	expect(t, "what was deleted before", lunch, reason(w.DeleteAwayReason(t.Context(), by(acme), lunch.ID)))
	expect(t, "the reasons", []*workspace.AwayReason{rest, lunch}, all(w.AwayReasons(t.Context(), by(acme))))
	expect(t, "the other's", []*workspace.AwayReason{theirs}, all(w.AwayReasons(t.Context(), by(rival))))
	blank := ""
	for what, err := range map[string]error{
		"changing what is deleted": second(w.ChangeAwayReason(t.Context(), by(acme), lunch.ID, workspace.AwayReasonUpdate{})),
		"changing another's":       second(w.ChangeAwayReason(t.Context(), by(rival), rest.ID, workspace.AwayReasonUpdate{})),
		"deleting another's":       second(w.DeleteAwayReason(t.Context(), by(rival), rest.ID)),
	} {
		if !errors.Is(err, workspace.ErrAwayReasonNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := w.ChangeAwayReason(t.Context(), by(acme), rest.ID, workspace.AwayReasonUpdate{Label: &blank}); err == nil {
		t.Error("a blank label is taken")
	}
	expect(t, "the reasons after that", []*workspace.AwayReason{rest, lunch}, all(w.AwayReasons(t.Context(), by(acme))))
}

func awayForReason(t *testing.T, w *world) {
	ada := w.hasAdmin(t, acme, "ada")
	gone, lunch := w.hasReason(t, acme, "Gone"), w.hasReason(t, acme, "Lunch")
	for range 3 {
		w.hasReason(t, rival, "Theirs")
	}
	must[*workspace.AwayReason](t)(w.DeleteAwayReason(t.Context(), by(acme), gone.ID))
	must[*workspace.Admin](t)(w.SetAway(t.Context(), by(acme), ada.ID, workspace.Away{On: true, ReasonID: lunch.ID}))
	if _, err := w.SetAway(t.Context(), by(acme), ada.ID, workspace.Away{On: true, ReasonID: gone.ID}); !errors.Is(err, workspace.ErrAwayReasonDeleted) {
		t.Errorf("a deleted reason: %v", err)
	}
	_, err := w.SetAway(t.Context(), by(acme), ada.ID, workspace.Away{On: true, ReasonID: 3})
	if invalid, is := errors.AsType[*workspace.InvalidError](err); !is || invalid.Field != "away_status_reason_id" {
		t.Errorf("another's reason: %v", err)
	}
	found := must[*workspace.Admin](t)(w.FindAdmin(t.Context(), by(acme), ada.ID))
	expect(t, "what the admin is away for", workspace.Away{On: true, ReasonID: lunch.ID}, found.Away)
}
