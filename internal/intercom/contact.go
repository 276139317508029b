package intercom

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// contact is a contact with what hangs on it, as records of an export.
type contact struct {
	id    string
	row   row
	parts []part
	// skipped is what was left out, and why.
	skipped []Skipped
	// unusable is how much of that its own record had.
	unusable int
}

// part is a record that hangs on a contact, and the record that it needs, as its kind and id; empty for none.
type part struct {
	sqlstore.Part
	needs string
}

func (c *contact) add(name string, r row, needs ...string) {
	c.parts = append(c.parts, part{sqlstore.Part{Name: name, Row: r.bytes()}, strings.Join(needs, " ")})
}

// written returns the parts whose needs are there, and leaves the others out.
func (c *contact) written(has func(string) bool) (all []sqlstore.Part) {
	for _, p := range c.parts {
		if p.needs != "" && !has(p.needs) {
			c.skip(p.Name, p.needs, "the "+p.needs+" is not here")
			continue
		}
		all = append(all, p.Part)
	}
	return all
}

func (c *contact) skip(kind, id, why string) {
	c.skipped = append(c.skipped, Skipped{Kind: kind, ID: id, Of: c.id, Why: why})
}

// sameNames are the members of a contact that have the name of their column, by kind.
var (
	sameTexts = []string{
		"external_id", "email", "phone", "name", "language_override", "browser", "browser_version", "browser_language", "os", "referrer",
		"android_app_name", "android_app_version", "android_device", "android_os_version", "android_sdk_version",
		"ios_app_name", "ios_app_version", "ios_device", "ios_os_version", "ios_sdk_version",
		"utm_campaign", "utm_content", "utm_medium", "utm_source", "utm_term",
	}
	sameTimes = []string{
		"updated_at", "signed_up_at", "last_seen_at", "last_replied_at", "last_contacted_at", "last_email_opened_at",
		"last_email_clicked_at", "android_last_seen_at", "ios_last_seen_at",
	}
	sameFlags = []string{"unsubscribed_from_emails", "marked_email_as_spam", "has_hard_bounced"}
	// places are the members of the location, by the end of the column's name. What the API does not show is not here.
	places = []string{"city", "region", "country", "country_code", "continent_code"}
)

// newContact returns the record of a contact, without what hangs on it.
func newContact(o object) *contact {
	c := &contact{id: text(o, "id"), row: row{"id": text(o, "id"), "role": text(o, "role"), "created_at": number(o, "created_at")}}
	for _, name := range sameTexts {
		if _, has := o[name]; has {
			c.row.set(name, text(o, name))
		}
	}
	for _, name := range sameTimes {
		c.row.set(name, number(o, name))
	}
	for _, name := range sameFlags {
		c.row.set(name, flag(o, name))
	}
	place := member(o, "location")
	for _, name := range places {
		c.row.set("location_"+name, text(place, name))
	}
	c.row.set("owner_id", number(o, "owner_id"))
	picture := text(o, "avatar")
	if picture == "" {
		picture = text(member(o, "avatar"), "image_url")
	}
	c.row.set("avatar", picture)
	if raw, known := o["enabled_push_messaging"]; known && string(raw) != "null" {
		c.row["enabled_push_messaging"] = flag(o, "enabled_push_messaging")
	}
	c.row["custom_attributes"] = scalars(o, func(name string) {
		c.skip("custom_attribute", name, "it is no text, number or boolean")
	})
	c.unusable = len(c.skipped)
	return c
}

// scalars returns the custom attributes that are plain values. It calls skip for each other one that is not null.
func scalars(o object, skip func(name string)) map[string]json.RawMessage {
	kept := map[string]json.RawMessage{}
	for name, raw := range member(o, "custom_attributes") {
		switch raw[0] {
		case 'n':
		case '{', '[':
			skip(name)
		default:
			kept[name] = raw
		}
	}
	return kept
}

// attachments reads what hangs on a contact: what it shows itself, and what has to be asked for.
func (i *importer) attachments(ctx context.Context, c *contact, o object) error {
	for _, read := range []func(context.Context, *contact, object) error{i.tags, i.companies, i.notes, i.subscriptions, i.events, i.summaries} {
		if err := read(ctx, c, o); err != nil && !isMissing(err) {
			return fmt.Errorf("contact %s: %w", c.id, err)
		}
	}
	return nil
}

// count returns how many elements a list of a contact has.
func count(o object, list string) int64 {
	return max(number(member(o, list), "total_count"), int64(len(objects(member(o, list), "data"))))
}

func (i *importer) tags(ctx context.Context, c *contact, o object) error {
	if count(o, "tags") == 0 {
		return nil
	}
	all, err := i.client.list(ctx, "/contacts/"+url.PathEscape(c.id)+"/tags", "data", nil)
	for n, tag := range all {
		at := number(tag, "applied_at")
		if at == 0 {
			at = number(o, "created_at") + int64(n)
		}
		c.add("person_tag", row{"person_id": c.id, "tag_id": number(tag, "id"), "applied_at": at}.
			put("admin_id", number(member(tag, "applied_by"), "id")), "tag", text(tag, "id"))
	}
	return err
}

func (i *importer) companies(ctx context.Context, c *contact, o object) error {
	if count(o, "companies") == 0 {
		return nil
	}
	n := int64(0)
	return i.client.numbered(ctx, version, "/contacts/"+url.PathEscape(c.id)+"/companies", func(company object) {
		id := text(company, "id")
		if !i.has("company " + id) {
			i.lateCompany(company)
		}
		c.add("person_company", row{"person_id": c.id, "company_id": id, "created_at": number(o, "created_at") + n}, "company", id)
		n++
	})
}

func (i *importer) notes(ctx context.Context, c *contact, o object) error {
	if count(o, "notes") == 0 {
		return nil
	}
	return i.client.numbered(ctx, version, "/contacts/"+url.PathEscape(c.id)+"/notes", func(note object) {
		c.add("note", noteRow(note).put("person_id", c.id))
	})
}

// noteRow is a note without what it is about.
func noteRow(o object) row {
	return row{"id": number(o, "id"), "body": wire.CleanHTML(text(o, "body")), "created_at": number(o, "created_at")}.
		put("admin_id", number(member(o, "author"), "id"))
}

func (i *importer) subscriptions(ctx context.Context, c *contact, o object) error {
	lists := []struct{ name, consent string }{{"opted_out_subscription_types", "opt_out"}, {"opted_in_subscription_types", "opt_in"}}
	if count(o, lists[0].name)+count(o, lists[1].name) == 0 {
		return nil
	}
	all, err := i.client.list(ctx, "/contacts/"+url.PathEscape(c.id)+"/subscriptions", "data", nil)
	for n, t := range all {
		c.add("person_subscription", row{
			"person_id": c.id, "type_id": number(t, "id"), "consent": text(t, "consent_type"), "created_at": number(o, "created_at") + int64(n),
		}, "subscription_type", text(t, "id"))
	}
	return err
}

// events reads the events of the last 90 days, which are all that the API lists.
func (i *importer) events(ctx context.Context, c *contact, _ object) error {
	query := url.Values{"type": {"user"}, "intercom_user_id": {c.id}, "per_page": {"150"}}
	for {
		answer, err := i.client.get(ctx, "/events", query)
		if err != nil {
			return err
		}
		found := objects(answer, "events")
		for _, e := range found {
			r := row{"id": eventID(text(e, "id"), number(e, "created_at")), "person_id": c.id, "name": text(e, "event_name"), "created_at": number(e, "created_at")}
			if metadata := member(e, "metadata"); len(metadata) > 0 {
				r["metadata"] = e["metadata"]
			}
			c.add("event", r)
		}
		next, err := url.Parse(text(member(answer, "pages"), "next"))
		if err != nil || next.RawQuery == "" || len(found) == 0 {
			return nil
		}
		if query = next.Query(); !query.Has("before") {
			return nil
		}
	}
}

// eventID returns the id of an event, or one made of it where it has another form, always the same.
func eventID(id string, at int64) string {
	if workspace.IsID(id) {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return fmt.Sprintf("%08x%s", uint32(at), hex.EncodeToString(sum[:8]))
}

// summaries reads how often a contact did what the list of events does not tell any more.
func (i *importer) summaries(ctx context.Context, c *contact, _ object) error {
	answer, err := i.client.get(ctx, "/events", url.Values{"type": {"user"}, "intercom_user_id": {c.id}, "summary": {"true"}})
	if err != nil {
		return err
	}
	listed := map[string]int64{}
	for _, part := range c.parts {
		if part.Name == "event" {
			var e object
			if json.Unmarshal(part.Row, &e) == nil {
				listed[text(e, "name")]++
			}
		}
	}
	for _, s := range objects(answer, "events") {
		name := text(s, "name")
		older := number(s, "count") - listed[name]
		first, known := instant(text(s, "first"))
		last, alsoKnown := instant(text(s, "last"))
		if older > 0 && known && alsoKnown {
			c.add("event_summary", row{"person_id": c.id, "name": name, "count": older, "first_at": first, "last_at": last})
		}
	}
	return nil
}

// isKnown reports whether a contact is here as it is there, as far as its times tell. What hangs on it was written with it.
func isKnown(o object, p *people.Person) bool {
	return p != nil && p.UpdatedAt == number(o, "updated_at") && p.LastSeenAt == number(o, "last_seen_at") &&
		p.LastRepliedAt == number(o, "last_replied_at") && p.LastContactedAt == number(o, "last_contacted_at")
}
