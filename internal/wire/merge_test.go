package wire_test

import (
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/testkit"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// merged is a change that made something of every kind of field.
func merged() *people.Change {
	lead, user := known(people.Lead), unknown(people.User)
	user.ID = "6657a9246abd0160d35d1f69"
	user.CustomAttributes = search.Attributes{"plan": search.TextValue("free")}
	result := user.Clone()
	result.Email, result.OwnerID, result.UnsubscribedFromEmails = lead.Email, lead.OwnerID, true
	result.EnabledPushMessaging, result.Location.City = people.Yes, "Dublin"
	lead.Associations = &people.Associations{
		Tags: people.FirstIDs{First: []string{"7"}, Total: 1}, Notes: people.FirstIDs{First: []string{"9", "8"}, Total: 12},
		Companies: people.FirstIDs{First: []string{"6657a9246abd0160d35d1f70", "6657a9246abd0160d35d1f71"}, Total: 2},
	}
	user.Associations = &people.Associations{Companies: people.FirstIDs{First: []string{"6657a9246abd0160d35d1f71"}, Total: 1}}
	c := &people.Change{
		ID: "6657a9246abd0160d35d1f72", Kind: people.ChangeMerged, From: people.Lead, To: people.User, SubjectID: lead.ID, SurvivorID: user.ID,
		Actor: workspace.Actor{Kind: "token", ID: "6657a9246abd0160d35d1f73"}, RequestID: "3ecf64d0-9ed1-4e9f-88e1-da7d6e6782f4",
		CreatedAt: 1717020970, Subject: lead, Survivor: user, Result: result,
	}
	for _, field := range []string{"external_id", "email", "owner_id", "unsubscribed_from_emails", "enabled_push_messaging", "location_city", "tags", "companies", "notes"} {
		c.Outcomes = append(c.Outcomes, people.Outcome{Field: field, Verdict: people.Adopted})
	}
	c.Outcomes = append(c.Outcomes, people.Outcome{Field: "custom_attributes.plan", Verdict: people.Discarded})
	return c
}

func TestAPreviewIsWrittenAsInTheReference(t *testing.T) {
	t.Parallel()
	plan := &people.Plan{Change: merged(), Decision: people.DecidedMerged}
	testkit.Golden(t, "preview_merge.json", indented(t, wire.Preview{Plan: plan}.AppendJSON(nil)))
	plan.Decision = people.DecidedRepeated
	testkit.Golden(t, "preview_repeated.json", indented(t, wire.Preview{Plan: plan}.AppendJSON(nil)))
	testkit.Golden(t, "preview_refused.json", indented(t, wire.Preview{Code: "no_shared_identifier", Message: "No."}.AppendJSON(nil)))
}

func TestTheJournalIsWritten(t *testing.T) {
	t.Parallel()
	change, visitor := merged(), known(people.Visitor)
	change.Subject.Associations = nil // nobody remembers them
	undone := &people.Change{
		ID: "6657a9246abd0160d35d1f74", Kind: people.ChangeReverted, Undoes: change.ID, From: people.Lead, To: people.Visitor,
		SubjectID: visitor.ID, SurvivorID: visitor.ID, CreatedAt: 1717020971, Subject: known(people.Lead), Result: visitor,
		Outcomes: []people.Outcome{{Field: "role", Verdict: people.Returned}, {Field: "name", Verdict: people.Kept}},
	}
	all := []*people.Change{undone, change}
	testkit.Golden(t, "journal.json", indented(t, wire.ChangeList{Changes: all, PerPage: 50}.AppendJSON(nil)))
	testkit.Golden(t, "journal_more.json", indented(t, wire.ChangeList{Changes: all[:1], PerPage: 1, More: true}.AppendJSON(nil)))
}

func TestAMergeHistoryIsWrittenAsInTheReference(t *testing.T) {
	t.Parallel()
	all := []people.Merge{
		{ChangeID: "6657a9246abd0160d35d1f72", ContactID: "6657a9246abd0160d35d1f68", Role: people.Lead, At: 1717020970},
		{ChangeID: "6657a9246abd0160d35d1f71", ContactID: "6657a9246abd0160d35d1f67", Role: people.Lead, At: 1717020969},
	}
	testkit.Golden(t, "merge_history.json", indented(t, wire.MergeHistory{Merges: all}.AppendJSON(nil)))
	testkit.Golden(t, "merge_history_more.json", indented(t, wire.MergeHistory{Merges: all[:1], More: true}.AppendJSON(nil)))
	testkit.Golden(t, "merge_history_empty.json", indented(t, wire.MergeHistory{}.AppendJSON(nil)))

	p := unknown(people.User)
	p.Merges = all
	testkit.Golden(t, "merge_history_contact_2.16.json", indented(t, wire.NewContact(p, apiversion.V2_16).AppendJSON(nil)))
	without := unknown(people.User)
	if with := wire.NewContact(p, apiversion.V2_15).AppendJSON(nil); string(with) != string(wire.NewContact(without, apiversion.V2_15).AppendJSON(nil)) {
		t.Errorf("2.15 knows a merge history: %s", with)
	}
}
