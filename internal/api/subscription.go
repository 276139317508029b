package api

import (
	"lobby/internal/people"
	"lobby/internal/wire"
)

func subscription(t *people.SubscriptionType, err error) (encoder, error) {
	if err != nil {
		return nil, err
	}
	return wire.Subscription{Type: t}, nil
}

// GET /subscription_types, GET /lobby/v1/subscription_types
func (a *API) listSubscriptionTypes(c *call) (encoder, error) {
	all, err := a.lobby.SubscriptionTypes(c.r.Context(), c.caller())
	return wire.SubscriptionList(all), err
}

// GET /contacts/{contact_id}/subscriptions
func (a *API) listSubscriptions(c *call) (encoder, error) {
	all, err := a.lobby.Subscriptions(c.r.Context(), c.caller(), c.param("contact_id"))
	return wire.SubscriptionList(all), err
}

// POST /contacts/{contact_id}/subscriptions
func (a *API) attachSubscription(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	id, idGiven := in.ID("id").Value()
	consent, consentGiven := in.Text("consent_type").Value()
	switch err := in.Err(); {
	case err != nil:
		return nil, err
	case !idGiven:
		return nil, notSpecified("id")
	case !consentGiven:
		return nil, notSpecified("consent_type")
	}
	t, err := a.lobby.AttachSubscription(c.r.Context(), c.caller(), c.param("contact_id"), number(id), people.Consent(consent))
	return subscription(t, err)
}

// DELETE /contacts/{contact_id}/subscriptions/{id}
func (a *API) detachSubscription(c *call) (encoder, error) {
	t, err := a.lobby.DetachSubscription(c.r.Context(), c.caller(), c.param("contact_id"), c.number("id"))
	return subscription(t, err)
}

// subscriptionTypeFields reads what a request says of a subscription type, in the form in which one is shown.
func (c *call) subscriptionTypeFields() (people.SubscriptionTypeFields, error) {
	in, err := c.body()
	if err != nil {
		return people.SubscriptionTypeFields{}, err
	}
	first := in.Object("default_translation")
	fields := people.SubscriptionTypeFields{
		State:       (*people.SubscriptionState)(unlessNull(in.Text("state"))),
		Consent:     (*people.Consent)(unlessNull(in.Text("consent_type"))),
		Name:        first.Text("name").Given(),
		Description: first.Text("description").Given(),
		Locale:      unlessNull(first.Text("locale")),
	}
	if all, given := in.Texts("content_types").Value(); given {
		kinds := make([]people.ContentType, len(all))
		for i, kind := range all {
			kinds[i] = people.ContentType(kind)
		}
		fields.ContentTypes = &kinds
	}
	if all, given := in.Objects("translations").Value(); given {
		translations := make([]people.Translation, len(all))
		for i, t := range all {
			translations[i] = people.Translation{
				Name: t.Text("name").Or(""), Description: t.Text("description").Or(""), Locale: t.Text("locale").Or(""),
			}
		}
		fields.Translations = &translations
	}
	return fields, in.Err()
}

// POST /lobby/v1/subscription_types
func (a *API) createSubscriptionType(c *call) (encoder, error) {
	fields, err := c.subscriptionTypeFields()
	if err != nil {
		return nil, err
	}
	t, err := a.lobby.CreateSubscriptionType(c.r.Context(), c.caller(), fields)
	return subscription(t, err)
}

// PUT /lobby/v1/subscription_types/{id}
func (a *API) changeSubscriptionType(c *call) (encoder, error) {
	fields, err := c.subscriptionTypeFields()
	if err != nil {
		return nil, err
	}
	t, err := a.lobby.ChangeSubscriptionType(c.r.Context(), c.caller(), c.number("id"), fields)
	return subscription(t, err)
}
