package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// Subscription is a subscription type, in the shape of all versions.
type Subscription struct{ Type *people.SubscriptionType }

// AppendJSON appends the type.
func (s Subscription) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "subscription")
	o.Text("id", strconv.FormatInt(s.Type.ID, 10))
	o.Text("state", string(s.Type.State))
	o.Text("consent_type", string(s.Type.Consent))
	o.Open("default_translation")
	writeTranslation(&o, s.Type.Translations[0])
	o.Close()
	o.OpenList("translations")
	for _, t := range s.Type.Translations {
		o.Item()
		writeTranslation(&o, t)
		o.Close()
	}
	o.CloseList()
	o.OpenList("content_types")
	for _, c := range s.Type.ContentTypes {
		o.Next()
		o.Buf = jsonio.AppendText(o.Buf, string(c))
	}
	o.CloseList()
	return o.End()
}

func writeTranslation(o *jsonio.Writer, t people.Translation) {
	o.Text("name", t.Name)
	o.Text("description", t.Description)
	o.Text("locale", t.Locale)
}

// SubscriptionList is a list of subscription types: all of a workspace, or those for which a contact made a choice.
type SubscriptionList []*people.SubscriptionType

// AppendJSON appends the list.
func (l SubscriptionList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, t := range l {
		o.Next()
		o.Buf = Subscription{t}.AppendJSON(o.Buf)
	}
	o.CloseList()
	return o.End()
}

func subscriptionSamples(apiversion.Version) []Shape {
	t := full[people.SubscriptionType]()
	return []Shape{Subscription{t}, SubscriptionList{t}}
}
