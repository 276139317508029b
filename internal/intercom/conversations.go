package intercom

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/inbox"
	"lobby/internal/sqlstore"
)

// Of conversations, version 2.16 tells more than older ones, and a Lobby tells most in its preview.
const (
	wordsVersion = "2.16"
	lobbyVersion = "Preview"
)

func (i *importer) wordsVersion() string {
	if i.isLobby {
		return lobbyVersion
	}
	return wordsVersion
}

// conversations brings all conversations, those first that were changed first. What is changed meanwhile comes again at the
// end.
func (i *importer) conversations(ctx context.Context) error {
	query := map[string]any{"field": "updated_at", "operator": ">", "value": max(0, i.Since-1)}
	cursor, done := "", 0
	for {
		answer, err := i.searchFrom(ctx, cursor, i.wordsVersion(), "/conversations/search", query)
		if isRefused(err) && cursor == "" {
			i.skip(Skipped{Kind: "conversation", Why: "the server does not let the token read conversations: " + err.Error()})
			return nil
		}
		if err != nil {
			return err
		}
		page := objects(answer, "conversations")
		if err := i.pageOfConversations(ctx, page); err != nil {
			return err
		}
		done += len(page)
		i.Progress("conversations", done, int(number(answer, "total_count")))
		if cursor = nextCursor(answer); cursor == "" || len(page) == 0 {
			return nil
		}
	}
}

// pageOfConversations brings the conversations of one page that are not here as they are there.
func (i *importer) pageOfConversations(ctx context.Context, page []object) error {
	all := make([]*conversation, len(page))
	for n, o := range page {
		all[n] = newConversation(i.Workspace, o)
	}
	var refused []error
	err := i.store.Inbox().Read(ctx, func(r inbox.Reader) error {
		refused = make([]error, len(page))
		for n, o := range page {
			here, err := inbox.CheckImport(r, all[n].Conversation)
			if err == nil && here != nil && !i.All && i.isKnownConversation(o, here, all[n].Conversation) {
				err = errUnchanged
			}
			if err != nil && !isOfTheRecord(err) {
				return err
			}
			refused[n] = err
		}
		return nil
	})
	if err != nil {
		return err
	}
	var fresh []int
	for n, err := range refused {
		switch {
		case errors.Is(err, errUnchanged):
			i.result.Counts["unchanged"]++
		case err != nil:
			i.skip(Skipped{Kind: "conversation", ID: text(page[n], "id"), Why: err.Error()})
		case i.DryRun:
			i.result.Counts["conversation"]++
			i.result.Counts["conversation_part"] += int(max(0, number(member(page[n], "statistics"), "count_conversation_parts")-1))
		default:
			fresh = append(fresh, n)
		}
	}
	whole := make([]*conversation, len(fresh))
	err = inParallel(ctx, i.Parallel, len(fresh), func(ctx context.Context, n int) (err error) {
		whole[n], err = i.conversation(ctx, text(page[fresh[n]], "id"))
		return err
	})
	if err != nil {
		return err
	}
	return i.putConversations(ctx, slices.DeleteFunc(whole, func(c *conversation) bool { return c == nil }))
}

// errUnchanged says that a conversation is here as it is there.
var errUnchanged = &inbox.ImportError{Why: "it is here as it is there"}

// isKnownConversation reports whether a conversation is here as it is there, as far as a list tells. Several changes may
// have one time.
func (i *importer) isKnownConversation(o object, here, there *inbox.Conversation) bool {
	return here.UpdatedAt == there.UpdatedAt && here.State == there.State && here.IsRead == there.IsRead && here.Title == there.Title &&
		here.AdminAssigneeID == there.AdminAssigneeID && here.TeamAssigneeID == there.TeamAssigneeID && here.Priority == there.Priority &&
		(!i.isLobby || here.CountOfParts() == number(member(o, "statistics"), "count_conversation_parts"))
}

// conversation reads a conversation with its parts and its files; nil when it is gone.
func (i *importer) conversation(ctx context.Context, id string) (*conversation, error) {
	o, err := i.client.ask(ctx, "GET", i.wordsVersion(), "/conversations/"+url.PathEscape(id), nil, nil)
	if isMissing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("conversation %s: %w", id, err)
	}
	c := newConversation(i.Workspace, o)
	files := c.Source.Attachments
	for _, p := range c.Parts {
		files = slices.Concat(files, p.Attachments)
	}
	for _, a := range files {
		if err := i.upload(ctx, c, a); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// upload reads a file that the other server keeps itself, if it is a Lobby: its id and its content. Other files stay where
// they are.
func (i *importer) upload(ctx context.Context, c *conversation, a *inbox.Attachment) error {
	at, err := url.Parse(a.URL)
	if err != nil || !i.isLobby {
		return nil //nolint:nilerr // it is an address like any other
	}
	place := strings.Split(strings.TrimPrefix(at.Path, "/"), "/")
	if len(place) != 4 || place[0] != "uploads" || place[1] != text(member(i.me, "app"), "id_code") {
		return nil
	}
	content, err := i.client.file(ctx, at.EscapedPath())
	switch {
	case isRefused(err):
		c.skip("attachment", a.Name, "the server does not give it: "+err.Error())
		return nil
	case err != nil:
		return err
	}
	a.ID, a.URL, a.Content, a.Size = place[2], "", base64.StdEncoding.EncodeToString(content), int64(len(content))
	return nil
}

// putConversations writes conversations, all in one transaction if that works, and else one by one.
func (i *importer) putConversations(ctx context.Context, all []*conversation) error {
	if len(all) == 0 {
		return nil
	}
	var left [][]inbox.LeftOut
	err := i.store.Put(ctx, i.Workspace, i.Now, false, func(to *sqlstore.Importer) error {
		left = make([][]inbox.LeftOut, len(all))
		for n, c := range all {
			var err error
			if left[n], err = to.PutConversation(c.Conversation); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case err != nil && !isOfTheRecord(err):
		return err
	case err != nil && len(all) == 1:
		i.skip(Skipped{Kind: "conversation", ID: strconv.FormatInt(all[0].ID, 10), Why: err.Error()})
		return nil
	case err != nil:
		for n := range all {
			if err := i.putConversations(ctx, all[n:n+1]); err != nil {
				return err
			}
		}
		return nil
	}
	for n, c := range all {
		for _, l := range left[n] {
			c.skip(l.Kind, l.ID, l.Why)
		}
		i.result.Counts["conversation"]++
		i.result.Counts["conversation_part"] += len(c.Parts)
		for _, s := range c.skipped {
			i.skip(s)
		}
	}
	return i.tellStrangers(ctx, all)
}

// tellStrangers reports the authors who are not here, each once. What they wrote stays theirs, by their id alone.
func (i *importer) tellStrangers(ctx context.Context, all []*conversation) error {
	here := map[string]bool{}
	err := i.store.Inbox().Read(ctx, func(r inbox.Reader) error {
		admins, err := r.Admins(i.Workspace)
		if err != nil {
			return err
		}
		for _, a := range admins {
			here["admin "+strconv.FormatInt(a.ID, 10)] = true
		}
		var ids []string
		for _, c := range all {
			for author := range c.names {
				if id, is := strings.CutPrefix(author, "contact "); is {
					ids = append(ids, id)
				}
			}
		}
		contacts, err := r.ContactsByID(i.Workspace, ids)
		for id := range contacts {
			here["contact "+id] = true
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range all {
		for author, name := range c.names {
			if here[author] || i.known["author "+author] {
				continue
			}
			i.known["author "+author] = true
			kind, id, _ := strings.Cut(author, " ")
			i.skip(Skipped{Kind: "author", ID: id, Why: fmt.Sprintf("the %s %q is not here: the words stay, by the id alone", kind, name)})
		}
	}
	return nil
}
