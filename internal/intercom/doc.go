// Package intercom brings a workspace from a server that speaks the Intercom API: Intercom itself, or another Lobby.
// cmd/lobby calls it with an open store. It asks the other server over HTTP, turns what it answers into records of an export,
// and writes these through sqlstore, so that ids, times and owners stay what they were.
// It must not print anything or read the environment.
package intercom
