package sheet

import (
	"slices"
	"strings"

	"lobby/internal/account"
	"lobby/internal/display"
	"lobby/internal/people"
)

func (a *pages) subscriptions() noun {
	return noun{
		path: "subscriptions", title: "Subscription types", counts: [2]string{"type", "types"}, heads: []string{"Type", "Who gets it", "By", "Choices", "State"},
		intro: "What you send to people, each of whom chooses which of it they get. Their choice is on their page.",
		empty: &display.Message{Title: "No types", Text: "Make one below."},
		write: account.Role.MayManage, all: a.allSubscriptions, create: a.createSubscription, change: a.changeSubscription,
		make: func(*Request) (*Form, error) {
			t := &people.SubscriptionType{ContentTypes: []people.ContentType{people.EmailContent}, Translations: []people.Translation{{}}}
			return &Form{Button: "Make a type", Fields: append(subscriptionFields(t),
				&Input{Name: "consent_type", Label: "Who gets it", Kind: "select", Hint: "It stays, so that all choices keep their meaning.", Choices: slices.Clone(consentChoices)})}, nil
		},
	}
}

// Words of subscription types.
var (
	consentChoices = []display.Choice{{Value: string(people.OptIn), Word: "whoever asked for it"}, {Value: string(people.OptOut), Word: "everybody who has not left it"}}
	useChoices     = []display.Choice{
		{Value: string(people.SubscriptionLive), Word: "in use"},
		{Value: string(people.SubscriptionDraft), Word: "being prepared"},
		{Value: string(people.SubscriptionArchived), Word: "archived"},
	}
	contentChoices = []display.Choice{{Value: string(people.EmailContent), Word: "email"}, {Value: string(people.SMSContent), Word: "text message"}}
)

// wordsOf are the words of those choices whose values are given, separated by commas.
func wordsOf[T ~string](all []display.Choice, values ...T) string {
	var words []string
	for _, c := range all {
		if slices.Contains(values, T(c.Value)) {
			words = append(words, c.Word)
		}
	}
	return strings.Join(words, ", ")
}

func (a *pages) allSubscriptions(r *Request) (all []*record, err error) {
	types, err := a.lobby.SubscriptionTypes(r.Context(), r.Caller)
	if err != nil {
		return nil, err
	}
	made, err := consents(r.Context(), a.lobby, r.Caller)
	for _, t := range types {
		choices := display.Grouped(made[t.ID]) + " left it"
		if t.Consent == people.OptIn {
			choices = display.Grouped(made[t.ID]) + " asked for it"
		}
		all = append(all, &record{
			id: numbered(t.ID), name: t.Translations[0].Name,
			cells: known(said(wordsOf(consentChoices, t.Consent)), said(wordsOf(contentChoices, t.ContentTypes...)), said(choices), said(wordsOf(useChoices, t.State))),
			facts: []display.Fact{{Label: "What people get", Value: said(t.Translations[0].Description)}, {Label: "Made", Value: display.Value{Time: r.moment(t.CreatedAt)}}},
			forms: []*Part{changing("Change", "To archive a type ends its use. The choices of people stay, and count again when it is in use again.",
				append(subscriptionFields(t), &Input{Name: "state", Label: "State", Kind: "select", Choices: chosen(slices.Clone(useChoices), string(t.State))})...)},
		})
	}
	return all, err
}

// subscriptionFields are the fields of a type that can be changed later, too.
func subscriptionFields(t *people.SubscriptionType) []*Input {
	sends := make([]string, len(t.ContentTypes))
	for i, c := range t.ContentTypes {
		sends[i] = string(c)
	}
	return []*Input{
		{Name: "name", Label: "Name", Value: t.Translations[0].Name, Required: true},
		{Name: "description", Label: "What people get", Value: t.Translations[0].Description},
		{Name: "content_types", Label: "By", Kind: "checks", Choices: chosen(slices.Clone(contentChoices), sends...)},
	}
}

// sentSubscription reads the fields of [subscriptionFields].
func (r *Request) sentSubscription() people.SubscriptionTypeFields {
	name, description, sends := r.sent("name"), r.sent("description"), []people.ContentType{}
	for _, c := range r.PostForm["content_types"] {
		sends = append(sends, people.ContentType(c))
	}
	return people.SubscriptionTypeFields{Name: &name, Description: &description, ContentTypes: &sends}
}

func (a *pages) createSubscription(r *Request) (string, error) {
	fields, consent := r.sentSubscription(), people.Consent(r.sent("consent_type"))
	fields.Consent = &consent
	made, err := a.lobby.CreateSubscriptionType(r.Context(), r.Caller, fields)
	if err != nil {
		return "", err
	}
	return "subscriptions/" + numbered(made.ID) + "?done=made", nil
}

func (a *pages) changeSubscription(r *Request) (string, error) {
	id, err := r.number()
	if err != nil {
		return "", err
	}
	fields, state := r.sentSubscription(), people.SubscriptionState(r.sent("state"))
	fields.State = &state
	_, err = a.lobby.ChangeSubscriptionType(r.Context(), r.Caller, id, fields)
	return "subscriptions/" + numbered(id) + "?done=saved", err
}
