// Package transfer moves workspaces out of Lobby and into it: as a file in a form of its own, which every Lobby reads on
// either database.
// cmd/lobby calls it with an open store. It knows files, lines and the forms of others; which rows there are is known to
// sqlstore, and what they mean to people.
// It must not know HTTP of Lobby itself, print anything, or read the environment.
package transfer
