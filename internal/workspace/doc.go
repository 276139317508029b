// Package workspace has what belongs to a workspace apart from its people: settings, access tokens, identity secrets,
// admins, teams, the activity log and the outbox. It also defines the [Caller] of a use case and the form of identifiers.
// The fronts call the use cases on [Registry]; people and, later, inbox build on it; sqlstore implements [Store].
// It must not know persons, HTTP, SQL or JSON, and imports the standard library only.
package workspace
