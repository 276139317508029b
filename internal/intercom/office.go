package intercom

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// office brings admins, teams and away reasons.
func (i *importer) office(ctx context.Context) error {
	admins, err := i.client.list(ctx, "/admins", "admins", nil)
	if err != nil {
		return err
	}
	var all []record
	for _, a := range admins {
		all = append(all, record{"admin", text(a, "id"), row{
			"id": number(a, "id"), "name": text(a, "name"), "email": text(a, "email"),
			"away_mode_enabled": flag(a, "away_mode_enabled"), "away_mode_reassign": flag(a, "away_mode_reassign"),
			"away_status_reason_id": number(a, "away_status_reason_id"), "created_at": number(member(i.me, "app"), "created_at"),
		}})
	}
	teams, err := i.client.list(ctx, "/teams", "teams", nil)
	if err != nil && !isRefused(err) {
		return err
	}
	for _, t := range teams {
		all = append(all, record{"team", text(t, "id"), row{
			"id": number(t, "id"), "name": text(t, "name"), "created_at": number(member(i.me, "app"), "created_at"),
		}})
		var members []json.Number
		if json.Unmarshal(t["admin_ids"], &members) != nil {
			continue
		}
		for _, id := range members {
			all = append(all, record{"team_member", text(t, "id"), row{"team_id": number(t, "id"), "admin_id": id}})
		}
	}
	reasons, err := i.client.list(ctx, "/away_status_reasons", "data", nil)
	if err != nil && !isRefused(err) {
		return err
	}
	for _, r := range reasons {
		all = append(all, record{"away_reason", text(r, "id"), row{
			"id": number(r, "id"), "label": text(r, "label"), "emoji": text(r, "emoji"), "place": number(r, "order"), "deleted": flag(r, "deleted"),
			"created_at": number(r, "created_at"), "updated_at": number(r, "updated_at"),
		}})
	}
	return i.put(ctx, all)
}

// definitions brings what people are described by: data attributes, tags, subscription types and segments.
func (i *importer) definitions(ctx context.Context) error {
	for _, step := range []func(context.Context) ([]record, error){i.attributes, i.conversationAttributes, i.tagNames, i.subscriptionTypes, i.segments} {
		all, err := step(ctx)
		if err != nil && !isMissing(err) {
			return err
		}
		if err := i.put(ctx, all); err != nil {
			return err
		}
	}
	return nil
}

func (i *importer) attributes(ctx context.Context) (all []record, err error) {
	models := map[string]string{} // by name
	for _, model := range []string{"contact", "company"} {
		found, err := i.client.list(ctx, "/data_attributes", "data", url.Values{"model": {model}, "include_archived": {"true"}})
		if err != nil {
			return nil, err
		}
		for _, a := range found {
			name := text(a, "name")
			switch {
			case !flag(a, "custom"):
				continue
			case models[name] != "":
				i.skip(Skipped{Kind: "attribute", ID: name, Why: "a " + models[name] + " has an attribute of that name, and names are unique here"})
				continue
			}
			models[name] = model
			r := row{
				"name": name, "id": number(a, "id"), "model": model, "type": text(a, "data_type"), "archived": flag(a, "archived"),
				"messenger_writable": flag(a, "messenger_writable"), "created_at": number(a, "created_at"), "updated_at": number(a, "updated_at"),
			}
			if options := optionsOf(a); len(options) > 0 {
				r["options"] = options
			}
			all = append(all, record{"attribute", name, r.put("description", text(a, "description")).put("admin_id", number(a, "admin_id"))})
		}
	}
	return all, nil
}

// conversationTypes are the types that attributes of conversations have here, by those that they have there.
var conversationTypes = map[string]string{"integer": "integer", "float": "float", "decimal": "float", "boolean": "boolean"}

// conversationAttributes brings the attributes of conversations.
func (i *importer) conversationAttributes(ctx context.Context) (all []record, err error) {
	found, err := i.client.list(ctx, "/data_attributes", "data", url.Values{"model": {"conversation"}})
	if isRefused(err) {
		return nil, nil // each is defined by its first value
	}
	for _, a := range found {
		if !flag(a, "custom") || number(a, "id") == 0 {
			continue
		}
		kind := cmp.Or(conversationTypes[text(a, "data_type")], "string")
		all = append(all, record{"conversation_attribute", text(a, "name"), row{
			"id": number(a, "id"), "name": text(a, "name"), "data_type": kind, "created_at": number(a, "created_at"), "updated_at": number(a, "updated_at"),
		}.put("admin_id", number(a, "admin_id"))})
	}
	return all, err
}

// optionsOf reads options, which are texts or objects with a value.
func optionsOf(a object) (all []string) {
	if json.Unmarshal(a["options"], &all) == nil {
		return all
	}
	for _, o := range objects(a, "options") {
		all = append(all, text(o, "value"))
	}
	return all
}

func (i *importer) tagNames(ctx context.Context) (all []record, err error) {
	found, err := i.client.list(ctx, "/tags", "data", nil)
	for _, t := range found {
		all = append(all, record{"tag", text(t, "id"), row{"id": number(t, "id"), "name": text(t, "name"), "created_at": number(member(i.me, "app"), "created_at")}})
	}
	return all, err
}

func (i *importer) subscriptionTypes(ctx context.Context) (all []record, err error) {
	found, err := i.client.list(ctx, "/subscription_types", "data", nil)
	for _, t := range found {
		translations := objects(t, "translations")
		if len(translations) == 0 {
			translations = append(translations, member(t, "default_translation"))
		}
		at := number(member(i.me, "app"), "created_at")
		all = append(all, record{"subscription_type", text(t, "id"), row{
			"id": number(t, "id"), "state": text(t, "state"), "consent": text(t, "consent_type"), "content_types": t["content_types"],
			"translations": translations, "created_at": at, "updated_at": at,
		}})
	}
	return all, err
}

// segments brings segments with their queries, which only a Lobby tells.
func (i *importer) segments(ctx context.Context) (all []record, err error) {
	path, name := "/segments", "segments"
	if i.isLobby {
		path = "/lobby/v1/segments"
	}
	answer, err := i.client.get(ctx, path, nil)
	if err != nil {
		return nil, err
	}
	found := slices.Concat(objects(answer, name), objects(answer, "data"))
	for _, s := range found {
		query := member(s, "query")
		if query == nil {
			i.skip(Skipped{Kind: "segment", ID: text(s, "id"), Why: "the API does not tell what the segment " + text(s, "name") + " asks for"})
			continue
		}
		role := map[string]string{"user": "user", "contact": "lead"}[text(s, "person_type")]
		all = append(all, record{"segment", text(s, "id"), row{
			"id": text(s, "id"), "name": text(s, "name"), "role": role, "query": storedQuery(query), "created_at": number(s, "created_at"),
			"updated_at": number(s, "updated_at"), "fixed": text(query, "field") == "role",
		}})
	}
	return all, nil
}

// storedQuery turns a query as the API has it into one as records have it.
func storedQuery(q object) row {
	parts := objects(q, "value")
	if len(parts) > 0 && text(q, "field") == "" {
		stored := make([]row, len(parts))
		for n, part := range parts {
			stored[n] = storedQuery(part)
		}
		return row{"combine": text(q, "operator"), "queries": stored}
	}
	r := row{"field": text(q, "field"), "operator": text(q, "operator")}
	var several []json.RawMessage
	switch {
	case member(q, "value") != nil:
		r["days_ago"] = number(member(q, "value"), "days_ago")
	case json.Unmarshal(q["value"], &several) == nil && several != nil:
		r["values"] = several
	default:
		r["values"] = []json.RawMessage{q["value"]}
	}
	return r
}

// A server allows one walk through its companies at a time, and forgets one that is left after a minute. An import that was
// killed leaves one.
const (
	scrollLife  = 90 * time.Second
	scrollPause = 5 * time.Second
)

// isBusy reports whether a walk through the companies is refused because of another.
func isBusy(err error) bool {
	refused, ok := errors.AsType[*StatusError](err)
	return ok && strings.Contains(refused.Text, "scroll_exists")
}

// allCompanies brings every company that the API lists: those with people.
func (i *importer) allCompanies(ctx context.Context) error {
	scroll, begun := "", time.Now()
	for {
		query := url.Values{}
		if scroll != "" {
			query.Set("scroll_param", scroll)
		}
		answer, err := i.client.get(ctx, "/companies/scroll", query)
		if scroll == "" && isBusy(err) && time.Now().Before(begun.Add(scrollLife)) {
			i.client.hold(time.Now().Add(scrollPause))
			continue
		}
		if err != nil {
			return fmt.Errorf("walk through the companies: %w", err)
		}
		found := objects(answer, "data")
		if err := i.putCompanies(ctx, found); err != nil {
			return err
		}
		if scroll = text(answer, "scroll_param"); scroll == "" || len(found) == 0 {
			return nil
		}
	}
}

func (i *importer) putCompanies(ctx context.Context, found []object) error {
	notes := make([][]record, len(found))
	if !i.DryRun {
		err := inParallel(ctx, i.Parallel, len(found), func(ctx context.Context, n int) (err error) {
			notes[n], err = i.companyNotes(ctx, text(found[n], "id"))
			return err
		})
		if err != nil {
			return err
		}
	}
	if err := i.putPlans(ctx, found); err != nil {
		return err
	}
	var all, tags []record
	seen := map[string]bool{}
	for n, c := range found {
		id := text(c, "id")
		if seen[id] || i.has("company "+id) {
			continue
		}
		seen[id] = true
		all = append(all, record{"company", id, i.companyRow(c)})
		for at, tag := range objects(member(c, "tags"), "tags") {
			tags = append(tags, record{"company_tag", id + " " + text(tag, "id"), row{
				"company_id": id, "tag_id": number(tag, "id"), "applied_at": number(c, "created_at") + int64(at),
			}})
		}
		tags = append(tags, notes[n]...)
	}
	if err := i.put(ctx, all); err != nil {
		return err
	}
	return i.put(ctx, slices.DeleteFunc(tags, func(r record) bool { return !i.isWhole(r) }))
}

// putPlans brings the plans of companies.
func (i *importer) putPlans(ctx context.Context, companies []object) error {
	var all []record
	for _, c := range companies {
		if plan := member(c, "plan"); number(plan, "id") != 0 && !i.has("plan "+text(plan, "id")) {
			all = append(all, record{"plan", text(plan, "id"), row{"id": number(plan, "id"), "name": text(plan, "name")}})
		}
	}
	return i.put(ctx, all)
}

// isWhole reports whether the company and the tag that a record joins are here, and leaves it out otherwise.
func (i *importer) isWhole(r record) bool {
	company, tag := fmt.Sprint("company ", r.row["company_id"]), fmt.Sprint("tag ", r.row["tag_id"])
	if !i.has(company) || r.kind == "company_tag" && !i.has(tag) {
		i.skip(Skipped{Kind: r.kind, ID: r.id, Why: "its company or its tag is not here"})
		return false
	}
	return true
}

func (i *importer) companyRow(c object) row {
	r := row{
		"id": text(c, "id"), "company_id": text(c, "company_id"), "name": text(c, "name"),
		"last_request_at": number(c, "last_request_at"), "created_at": number(c, "created_at"), "updated_at": number(c, "updated_at"),
	}
	for _, name := range []string{"size", "monthly_spend", "session_count"} {
		r.put(name, number(c, name))
	}
	for _, name := range []string{"website", "industry"} {
		r.put(name, text(c, name))
	}
	if plan := member(c, "plan"); i.has("plan " + text(plan, "id")) {
		r["plan_id"] = number(plan, "id")
	}
	if at := number(c, "remote_created_at"); at != number(c, "created_at") {
		r.put("remote_created_at", at)
	}
	if r["company_id"] == "" {
		r["company_id"] = r["id"]
	}
	r["custom_attributes"] = scalars(c, func(name string) {
		i.skip(Skipped{Kind: "custom_attribute", ID: name, Of: text(c, "id"), Why: "it is no text, number or boolean"})
	})
	return r
}

// companyNotes reads the notes about a company, which older servers do not have.
func (i *importer) companyNotes(ctx context.Context, id string) (all []record, err error) {
	err = i.client.numbered(ctx, noteVersion, "/companies/"+url.PathEscape(id)+"/notes", func(note object) {
		all = append(all, record{"note", text(note, "id"), noteRow(note).put("company_id", id)})
	})
	if isRefused(err) {
		return nil, nil
	}
	return all, err
}

// lateCompany notes a company that a contact has and the list did not have yet.
func (i *importer) lateCompany(c object) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.late = append(i.late, c)
}

func (i *importer) putLateCompanies(ctx context.Context) error {
	late := i.late
	i.late = nil
	return i.putCompanies(ctx, late)
}
