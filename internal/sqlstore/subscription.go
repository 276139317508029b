package sqlstore

import (
	"encoding/json"

	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// subscriptionAttachments are joined in [attachments].
var subscriptionAttachments = []string{"person_subscriptions"}

// subscriptionRecords are joined in [records].
var subscriptionRecords = []record{
	{name: "subscription_type", table: "subscription_types", order: "id", number: "subscription_type", columns: []recordColumn{
		numberOf("id").key(), textOf("state").key(), textOf("consent").key(), jsonOf("content_types", readTexts).key(),
		jsonOf("translations", readTranslations).key(), createdAt(), updatedAt(),
	}},
	{name: "person_subscription", table: "person_subscriptions", order: "person_id, type_id", columns: []recordColumn{
		textOf("person_id").key(), numberOf("type_id").key(), textOf("consent").key(), createdAt(),
	}},
}

const selectSubscriptionType = `SELECT t.id, t.state, t.consent, t.content_types, t.translations, t.created_at, t.updated_at
	FROM subscription_types t `

func readSubscriptionType(ws workspace.ID) func(sqlengine.Row) (*people.SubscriptionType, error) {
	return func(r sqlengine.Row) (*people.SubscriptionType, error) {
		t := &people.SubscriptionType{
			Workspace: ws, ID: r.Int(0), State: people.SubscriptionState(r.Text(1)), Consent: people.Consent(r.Text(2)),
			CreatedAt: r.Int(5), UpdatedAt: r.Int(6),
		}
		if err := json.Unmarshal([]byte(r.Text(3)), &t.ContentTypes); err != nil {
			return nil, err
		}
		stored, err := readTranslations(r.Text(4))
		if err != nil {
			return nil, err
		}
		for _, s := range stored {
			t.Translations = append(t.Translations, people.Translation(s))
		}
		return t, nil
	}
}

// translation is people.Translation with the names under which it is stored.
type translation struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Locale      string `json:"locale"`
}

func readTranslations(text string) (all []translation, err error) {
	err = json.Unmarshal([]byte(text), &all)
	return all, err
}

// writeSubscriptionType returns the content types and the translations of a type as JSON lists.
func writeSubscriptionType(t *people.SubscriptionType) (contentTypes, translations string, err error) {
	stored := make([]translation, len(t.Translations))
	for i, s := range t.Translations {
		stored[i] = translation(s)
	}
	kinds, err := json.Marshal(t.ContentTypes)
	if err != nil {
		return "", "", err
	}
	names, err := json.Marshal(stored)
	return string(kinds), string(names), err
}

func (t *tx) SubscriptionTypes(ws workspace.ID) ([]*people.SubscriptionType, error) {
	if err := t.takeTurns(lockWorkspace, string(ws)); err != nil {
		return nil, err
	}
	return sqlengine.List(t, selectSubscriptionType+`WHERE t.workspace = $1 ORDER BY t.id`, []any{string(ws)}, readSubscriptionType(ws))
}

func (t *tx) SubscriptionType(ws workspace.ID, id int64) (*people.SubscriptionType, error) {
	return sqlengine.One(t, selectSubscriptionType+`WHERE t.workspace = $1 AND t.id = $2`, []any{string(ws), id}, readSubscriptionType(ws))
}

func (t *tx) Subscriptions(ws workspace.ID, personID string) ([]*people.SubscriptionType, error) {
	return sqlengine.List(t, selectSubscriptionType+`JOIN (
			SELECT type_id, min(created_at) AS at FROM person_subscriptions WHERE workspace = $1 AND person_id IN `+lineage+` GROUP BY type_id
		) chosen ON chosen.type_id = t.id WHERE t.workspace = $1 ORDER BY chosen.at, t.id`,
		[]any{string(ws), personID}, readSubscriptionType(ws))
}

func (t *tx) PutSubscriptionType(s *people.SubscriptionType) error {
	contentTypes, translations, err := writeSubscriptionType(s)
	if err != nil {
		return err
	}
	return t.Exec(`INSERT INTO subscription_types (workspace, id, state, consent, content_types, translations, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (workspace, id) DO UPDATE SET state = excluded.state, content_types = excluded.content_types,
			translations = excluded.translations, updated_at = excluded.updated_at`,
		[]any{string(s.Workspace), s.ID, string(s.State), string(s.Consent), contentTypes, translations, s.CreatedAt, s.UpdatedAt})
}

func (t *tx) InsertSubscription(s *people.Subscription) error {
	return t.Exec(`INSERT INTO person_subscriptions (workspace, person_id, type_id, consent, created_at) VALUES ($1, $2, $3, $4, $5)`,
		[]any{string(s.Workspace), s.PersonID, s.TypeID, string(s.Consent), s.CreatedAt})
}

func (t *tx) DeleteSubscription(ws workspace.ID, personID string, typeID int64) error {
	return t.Exec(`DELETE FROM person_subscriptions WHERE workspace = $1 AND type_id = $3 AND person_id IN `+lineage,
		[]any{string(ws), personID, typeID})
}

// CountConsents is what the page of subscription types asks for.
func (t *tx) CountConsents(ws workspace.ID) (map[int64]int, error) {
	counts := map[int64]int{}
	_, err := sqlengine.List(t, `SELECT type_id, count(*) FROM person_subscriptions WHERE workspace = $1 GROUP BY type_id`, []any{string(ws)},
		func(r sqlengine.Row) (struct{}, error) {
			counts[r.Int(0)] = int(r.Int(1))
			return struct{}{}, nil
		})
	return counts, err
}
