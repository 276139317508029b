package wire_test

import (
	"testing"

	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/wire"
)

func TestSubscriptionTypesAreWrittenAsInTheReference(t *testing.T) {
	t.Parallel()
	newsletters := &people.SubscriptionType{
		Workspace: "hfi1bx4l", ID: 45, State: people.SubscriptionLive, Consent: people.OptOut, ContentTypes: []people.ContentType{people.EmailContent},
		Translations: []people.Translation{{Name: "Newsletters", Description: "Lorem ipsum dolor sit amet", Locale: "en"}},
		CreatedAt:    1717020620, UpdatedAt: 1717020620,
	}
	offers := &people.SubscriptionType{
		ID: 46, State: people.SubscriptionArchived, Consent: people.OptIn, ContentTypes: []people.ContentType{people.SMSContent, people.EmailContent},
		Translations: []people.Translation{{Name: `"<Söhne>" & Co`, Locale: "de"}, {Name: "Offers", Description: "🦊", Locale: "pt-BR"}},
	}
	testkit.Golden(t, "subscription_types.json", indented(t, wire.SubscriptionList{newsletters, offers}.AppendJSON(nil)))
	one := wire.Subscription{Type: newsletters}.AppendJSON(nil)
	if list := (wire.SubscriptionList{newsletters}).AppendJSON(nil); string(list) != `{"type":"list","data":[`+string(one)+`]}` {
		t.Errorf("a list of one is %s", list)
	}
	if none := wire.SubscriptionList(nil).AppendJSON(nil); string(none) != `{"type":"list","data":[]}` {
		t.Errorf("a list of none is %s", none)
	}
}
