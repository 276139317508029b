// Package people is the domain of Lobby: persons and their one life from visitor to lead to user, the workspaces they
// belong to, and the rules by which they are read, changed, converted and remembered.
// The fronts (api, messenger, admin) call the use cases on [Lobby]; sqlstore keeps what they write, through [Store].
// It must not know HTTP, SQL or JSON, and imports the standard library only.
package people
