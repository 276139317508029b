package wire

import (
	"strconv"

	"lobby/internal/apiversion"

	"lobby/internal/people"
)

// Subscription is a subscription type, which is alike in all versions.
type Subscription struct{ Type *people.SubscriptionType }

// AppendJSON appends the type.
func (s Subscription) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "subscription")
	o.text("id", strconv.FormatInt(s.Type.ID, 10))
	o.text("state", string(s.Type.State))
	o.text("consent_type", string(s.Type.Consent))
	o.open("default_translation")
	writeTranslation(&o, s.Type.Translations[0])
	o.close()
	o.openList("translations")
	for _, t := range s.Type.Translations {
		o.item()
		writeTranslation(&o, t)
		o.close()
	}
	o.closeList()
	o.openList("content_types")
	for _, c := range s.Type.ContentTypes {
		o.next()
		o.buf = appendText(o.buf, string(c))
	}
	o.closeList()
	return o.end()
}

func writeTranslation(o *object, t people.Translation) {
	o.text("name", t.Name)
	o.text("description", t.Description)
	o.text("locale", t.Locale)
}

// SubscriptionList is a list of subscription types: all of a workspace, or those about which a contact chose.
type SubscriptionList []*people.SubscriptionType

// AppendJSON appends the list.
func (l SubscriptionList) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "list")
	o.openList("data")
	for _, t := range l {
		o.next()
		o.buf = Subscription{t}.AppendJSON(o.buf)
	}
	o.closeList()
	return o.end()
}

func subscriptionSamples(apiversion.Version) []Shape {
	t := full[people.SubscriptionType]()
	return []Shape{Subscription{t}, SubscriptionList{t}}
}
