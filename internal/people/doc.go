// Package people is the domain of Lobby: persons, each with one life from visitor to lead to user, and their workspaces.
// It has the rules by which they are read, changed, converted and recorded.
// The fronts (api, messenger, admin) call the use cases on [Lobby]; sqlstore keeps what they write, through [Store].
// It must not know HTTP, SQL or JSON, and imports the standard library only.
package people
