package api

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"strings"

	"lobby/internal/apiversion"
	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// conversationsPage is how many conversations a page has when the request does not say.
const conversationsPage = 20

// required refuses a request without a member.
func required(name string) error {
	return &jsonio.FieldError{Field: name, Code: "parameter_not_found", Message: name + " is a required parameter"}
}

// conversation returns a whole conversation, or the error of the use case.
func (a *API) conversation(c *call, found *inbox.Conversation, err error) (encoder, error) {
	if err != nil {
		return nil, err
	}
	return wire.NewConversation(found, wire.Words{Base: a.base(c)}, c.version).Whole(), nil
}

// words reads how texts are to be written.
func (a *API) words(c *call, query *queryReader) wire.Words {
	display := query.values.Get("display_as")
	if display != "" && display != "html" && display != "plaintext" && query.err == nil {
		query.err = &workspace.InvalidError{Field: "display_as", Reason: "must be html or plaintext"}
	}
	return wire.Words{IsPlain: display == "plaintext", Base: a.base(c)}
}

// GET /conversations
func (a *API) listConversations(c *call) (encoder, error) {
	query := c.parameters()
	order, words := search.Order{Limit: query.pageSize(conversationsPage), AnyField: true}, a.words(c, &query)
	order.Field, order.Ascending = query.values.Get("sort"), query.oldestFirst()
	var of inbox.ContactRef
	if c.version <= apiversion.V2_5 {
		order.Query, of = oldFilters(&query)
	}
	cursor := query.values.Get("starting_after")
	if query.err != nil {
		return nil, query.err
	}
	page, err := pageOf(c, &order, cursor, func(ctx context.Context, by workspace.Caller, order search.Order) (*search.Page[*inbox.Conversation], error) {
		return a.inbox.Search(ctx, by, of, order)
	})
	if err != nil {
		return nil, err
	}
	return wire.ConversationList{SearchPages: *page, Words: words, Version: c.version}, nil
}

// oldFilters reads the filters that the list had up to version 2.5: an admin, or a contact.
func oldFilters(q *queryReader) (query search.Query, of inbox.ContactRef) {
	query.Combine = search.And
	filter := func(field string, v search.Value) {
		query.Queries = append(query.Queries, search.Query{Field: field, Operator: search.Equal, Values: []search.Value{v}})
	}
	switch kind := q.values.Get("type"); kind {
	case "":
	case "admin":
		id := cmp.Or(q.values.Get("admin_id"), q.values.Get("id"))
		if id == "" && q.err == nil {
			q.err = required("admin_id")
		}
		filter("admin_assignee_id", search.IntValue(number(id)))
	case "user":
		of = inbox.ContactRef{ID: q.values.Get("intercom_user_id"), UserID: q.values.Get("user_id"), Email: q.values.Get("email")}
		if of.IsZero() && q.err == nil {
			q.err = required("intercom_user_id")
		}
		if q.bool("unread") {
			filter("read", search.BoolValue(false))
		}
	default:
		if q.err == nil {
			q.err = &workspace.InvalidError{Field: "type", Reason: "must be admin or user"}
		}
	}
	if q.values.Get("open") != "" {
		filter("open", search.BoolValue(q.bool("open")))
	}
	return query, of
}

// GET /conversations/{id}
func (a *API) getConversation(c *call) (encoder, error) {
	query := c.parameters()
	words := a.words(c, &query)
	if query.err != nil {
		return nil, query.err
	}
	found, err := a.inbox.FindConversation(c.r.Context(), c.caller(), c.number("id"))
	if err != nil {
		return nil, err
	}
	return wire.NewConversation(found, words, c.version).Whole(), nil
}

// priorities are the words for priorities.
var priorities = map[string]inbox.Priority{
	"none": inbox.NoPriority, "low": inbox.LowPriority, "medium": inbox.MediumPriority, "high": inbox.HighPriority, "urgent": inbox.UrgentPriority,
}

// PUT /conversations/{id}, POST /conversations/{id}
func (a *API) updateConversation(c *call) (encoder, error) {
	query := c.parameters()
	words := a.words(c, &query)
	if query.err != nil {
		return nil, query.err
	}
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	update := inbox.Update{IsRead: in.Bool("read").Given(), CustomAttributes: in.Scalars("custom_attributes")}
	if c.version.AtLeast(apiversion.V2_13) {
		update.Title = in.Text("title").Given()
	}
	if c.version.AtLeast(apiversion.Preview) {
		update.AdminID = numberIn(in.ID("admin_id"))
		if word, given := in.Text("priority").Value(); given {
			level, known := priorities[word]
			if !known {
				in.Fail("priority", "parameter_invalid", "must be none, low, medium, high or urgent")
			}
			update.Priority = &level
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	found, err := a.inbox.UpdateConversation(c.r.Context(), c.caller(), c.number("id"), update)
	if err != nil {
		return nil, err
	}
	return wire.NewConversation(found, words, c.version).Whole(), nil
}

// DELETE /conversations/{id}
func (a *API) deleteConversation(c *call) (encoder, error) {
	retained := true
	if c.version.AtLeast(apiversion.V2_16) {
		query := c.parameters()
		if query.values.Get("retain_metrics") != "" {
			retained = query.bool("retain_metrics")
		}
		if query.err != nil {
			return nil, query.err
		}
	}
	id := c.number("id")
	return wire.DeletedConversation{ID: id}, a.inbox.DeleteConversation(c.r.Context(), c.caller(), id, retained)
}

const (
	// deletedPage and maxDeleted are how many deleted conversations a page has, and how many it may have.
	deletedPage = 20
	maxDeleted  = 60
)

// GET /conversations/deleted
func (a *API) listDeletedConversations(c *call) (encoder, error) {
	query := c.parameters()
	page, oldestFirst := query.page(deletedPage), query.oldestFirst()
	if query.err != nil {
		return nil, query.err
	}
	page.Size = min(page.Size, maxDeleted)
	all, total, err := a.inbox.DeletedConversations(c.r.Context(), c.caller(), !oldestFirst, page)
	return wire.DeletedConversationList{Conversations: all, Pages: a.numbered(c, page, total)}, err
}

// POST /conversations/{id}/run_assignment_rules, POST /conversations/{id}/run_assignment_rules/parts
func (a *API) runAssignmentRules(c *call) (encoder, error) {
	found, err := a.inbox.RunAssignmentRules(c.r.Context(), c.caller(), c.number("id"))
	return a.conversation(c, found, err)
}

// POST /conversations/redact
func (a *API) redactConversation(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	kind, id := in.Text("type").Or(""), numberIn(in.ID("conversation_id"))
	part, source := numberIn(in.ID("conversation_part_id")), numberIn(in.ID("source_id"))
	switch err := in.Err(); {
	case err != nil:
		return nil, err
	case kind != "conversation_part" && kind != "source":
		message := "The type attribute provided should be either 'conversation_part' or 'source'"
		return nil, &jsonio.FieldError{Field: "type", Code: "type_mismatch", Message: message}
	case id == 0:
		return nil, required("conversation_id")
	case kind == "source" && source == 0:
		return nil, required("source_id")
	case kind == "source":
		found, err := a.inbox.RedactSource(c.r.Context(), c.caller(), id, source)
		return a.conversation(c, found, err)
	case part == 0:
		return nil, required("conversation_part_id")
	}
	found, err := a.inbox.RedactPart(c.r.Context(), c.caller(), id, part)
	return a.conversation(c, found, err)
}

// bodyOrNone is body for an operation that may be called without one.
func (c *call) bodyOrNone() (*jsonio.Object, error) {
	var first [1]byte
	switch n, err := io.ReadFull(c.r.Body, first[:]); {
	case errors.Is(err, io.EOF) && n == 0:
		c.r.Body = io.NopCloser(strings.NewReader("{}"))
	default:
		c.r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(first[:n]), c.r.Body))
	}
	return c.body()
}

// contactNamed reads whom a member such as customer names.
func contactNamed(in *jsonio.Object) inbox.ContactRef {
	return inbox.ContactRef{
		ID: in.ID("intercom_user_id").Or(""), UserID: in.ID("user_id").Or(""), Email: in.Text("email").Or(""),
	}
}

// actorIn reads who changes the participants of a conversation: an admin, or one of them.
func actorIn(in, acting *jsonio.Object) (inbox.Actor, error) {
	by := inbox.Actor{AdminID: numberIn(in.ID("admin_id")), Contact: contactNamed(acting)}
	switch err := in.Err(); {
	case err != nil:
		return by, err
	case by.AdminID != 0:
		by.Contact = inbox.ContactRef{}
	case by.Contact.IsZero():
		return by, required("admin_id")
	}
	return by, nil
}

// POST /conversations/{id}/customers
//
// A contact who adds another is named beside customer or, as the description has it, within it.
func (a *API) attachCustomer(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	added, acting := in.Object("customer"), in
	if added.Has("customer") {
		added, acting = added.Object("customer"), added
	}
	ref := contactNamed(added)
	by, err := actorIn(in, acting)
	if err != nil {
		return nil, err
	}
	if ref.IsZero() {
		return nil, required("customer")
	}
	found, err := a.inbox.AttachContact(c.r.Context(), c.caller(), c.number("id"), by, ref)
	return a.customers(c, found, err)
}

// DELETE /conversations/{id}/customers/{contact_id}
func (a *API) detachCustomer(c *call) (encoder, error) {
	in, err := c.bodyOrNone()
	if err != nil {
		return nil, err
	}
	by, err := actorIn(in, in)
	if err != nil {
		return nil, err
	}
	found, err := a.inbox.DetachContact(c.r.Context(), c.caller(), c.number("id"), by, c.param("contact_id"))
	return a.customers(c, found, err)
}

// customers returns a whole conversation that begins with its participants, or the error of the use case.
func (a *API) customers(c *call, found *inbox.Conversation, err error) (encoder, error) {
	if err != nil {
		return nil, err
	}
	shown := wire.NewConversation(found, wire.Words{Base: a.base(c)}, c.version).Whole()
	shown.Customers = true
	return shown, nil
}

// POST /conversations/{id}/tags
func (a *API) tagConversation(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	id, admin := numberIn(in.ID("id")), numberIn(in.ID("admin_id"))
	switch err := in.Err(); {
	case err != nil:
		return nil, err
	case id == 0:
		return nil, required("id")
	case admin == 0:
		return nil, required("admin_id")
	}
	tag, err := a.inbox.TagConversation(c.r.Context(), c.caller(), c.number("conversation_id"), admin, id)
	return wire.ConversationTag{Tag: tag}, err
}

// DELETE /conversations/{id}/tags/{tag_id}
func (a *API) untagConversation(c *call) (encoder, error) {
	in, err := c.bodyOrNone()
	if err != nil {
		return nil, err
	}
	admin := numberIn(in.ID("admin_id"))
	switch err := in.Err(); {
	case err != nil:
		return nil, err
	case admin == 0:
		return nil, required("admin_id")
	}
	tag, err := a.inbox.UntagConversation(c.r.Context(), c.caller(), c.number("conversation_id"), admin, c.number("id"))
	return wire.ConversationTag{Tag: tag}, err
}

// converted says, when a visitor became a lead by writing, what was done with its identity.
func (c *call) converted(author *inbox.Contact) {
	if author.ConvertedBy != "" {
		c.decided(people.DecidedConverted, author.ConvertedBy)
	}
}
