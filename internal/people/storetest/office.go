package storetest

import "lobby/internal/people"

// office returns the same transaction for what belongs to workspaces, which every reader and writer of a store also serves.
func office(r people.Reader) people.OfficeWriter { return r.(people.OfficeWriter) }
