package admin

import "lobby/internal/sheet"

// What all pages are made of, and how they say things, is in package sheet.
type (
	value  = sheet.Value
	moment = sheet.Moment
	fact   sheet.Fact
	choice sheet.Choice
	step   sheet.Step
)

const (
	listSize = sheet.ListSize
	maxText  = sheet.MaxText
)

var (
	counted    = sheet.Counted
	grouped    = sheet.Grouped
	clipped    = sheet.Clipped
	sentence   = sheet.Sentence
	label      = sheet.Label
	textOf     = sheet.TextOf
	readCursor = sheet.ReadCursor
	cursorText = sheet.CursorText
	target     = sheet.TargetOf
	nameOf     = sheet.NameOf
	roleWords  = sheet.RoleWords
)
