package api

import (
	"context"

	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/profile"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// GET /lobby/v1/people/{id}/export
func (a *API) exportPerson(c *call) (encoder, error) {
	e, err := personExport(c.r.Context(), a.lobby, c.caller(), c.param("id"))
	if err != nil {
		return nil, err
	}
	e.Version, e.Words = c.version, wire.Words{Base: a.base(c)}
	return e, nil
}

// ExportPerson returns all that a workspace has about the person to whom an id leads, as JSON. Errors:
// people.ErrPersonNotFound.
func ExportPerson(ctx context.Context, l *people.Lobby, caller workspace.Caller, anyID string) ([]byte, error) {
	e, err := personExport(ctx, l, caller, anyID)
	if err != nil {
		return nil, err
	}
	e.Version = apiversion.Preview
	return e.AppendJSON(nil), nil
}

func personExport(ctx context.Context, l *people.Lobby, caller workspace.Caller, anyID string) (*wire.PersonExport, error) {
	p, err := profile.Of(ctx, l, caller, anyID, profile.All)
	if err != nil {
		return nil, err
	}
	rest := make([]wire.PersonRecord, len(p.Rest))
	for i, r := range p.Rest {
		rest[i] = wire.PersonRecord(r)
	}
	return &wire.PersonExport{
		Person: p.Person, Absorbed: p.Absorbed, Companies: p.Companies, Tags: p.Tags, Notes: p.Notes, Segments: p.Segments,
		Subscriptions: p.Subscriptions, Events: p.Events, Summaries: p.Summaries, Changes: p.Changes, Conversations: p.Conversations,
		Messages: p.Messages, Mails: p.Mails, PageViews: p.PageViews, Rest: rest,
	}, nil
}
