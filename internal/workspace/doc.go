// Package workspace is what belongs to a workspace itself, whoever its people are: its settings, access tokens, identity
// secrets, admins and teams, the log of what admins did, and the outbox. It also says who calls a use case, and what an
// identifier looks like.
// The fronts call the use cases on [Registry]; people and, later, inbox build on it; sqlstore keeps it, through [Store].
// It must not know persons, HTTP, SQL or JSON, and imports the standard library only.
package workspace
