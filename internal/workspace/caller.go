package workspace

import "context"

// Caller says on whose behalf a use case runs: the workspace that it may see, that workspace's settings, and what the
// journal records about the caller. [Workspace.Caller] makes one; the front adds the actor.
type Caller struct {
	Workspace ID
	// FollowMerged makes the id of a merged contact stand for the one that absorbed it: see [Workspace.ResolveMerged].
	FollowMerged bool
	// Timezone is the IANA name of the time zone in which searches count days; empty for UTC.
	Timezone string
	// SearchLag is the number of seconds for which searches leave out records that were just written; see the setting.
	SearchLag int64
	// VisitorLife is the number of months for which a visitor is kept after it was last seen; 0 for ever.
	VisitorLife int64
	// UploadLimit is the max size in bytes of the files that come with one message.
	UploadLimit int64
	// AssignsNew and FirstReply say what happens when a contact begins a conversation; see the settings.
	AssignsNew bool
	FirstReply string
	// MailsReplies and ReplyDelay say whether what admins write in conversations is sent by email, and after how many seconds;
	// see the settings.
	MailsReplies bool
	ReplyDelay   int64
	// ShowsConversations says that pages show conversations; see [Messenger].
	ShowsConversations bool

	Actor Actor
	// RequestID is the id that the response carries too, so that a journal entry can be traced to a request.
	RequestID string
	// AdminID is the admin to whom changes are attributed; 0 for none.
	AdminID int64
}

// Actor is who asked for a change: a program, a page, or a teammate.
type Actor struct {
	// Kind is "token", "browser", "command", "login", "mail" or "import".
	Kind string
	// ID is the token's id, the page's origin, the command's name, the login's id or the kind of mail; never a secret.
	ID string
}

// Caller returns a caller for the workspace and its settings, without an actor and an admin.
func (ws *Workspace) Caller() Caller {
	return Caller{
		Workspace: ws.ID, FollowMerged: ws.ResolveMerged, Timezone: ws.Timezone,
		SearchLag: SearchLag.Number(ws), VisitorLife: VisitorLife.Number(ws),
		UploadLimit: UploadLimit.Number(ws) << 10, AssignsNew: AssignsNew.On(ws), FirstReply: FirstReply.Of(ws),
		MailsReplies: EmailReplies.On(ws), ReplyDelay: EmailDelay.Number(ws),
		ShowsConversations: Messenger.On(ws),
	}
}

type contextKey struct{}

// Within returns a context for work on behalf of a workspace, so that a store can share its connections fairly.
func Within(ctx context.Context, ws ID) context.Context {
	return context.WithValue(ctx, contextKey{}, ws)
}

// Of returns the workspace on whose behalf a context is used, and "" for none.
func Of(ctx context.Context) ID {
	ws, _ := ctx.Value(contextKey{}).(ID)
	return ws
}
