package admin

import (
	"lobby/internal/display"
	"lobby/internal/sheet"
)

// What all pages are made of, and how they say things, is in packages display and sheet.
type (
	value  = display.Value
	origin = display.Origin
	moment = display.Moment
	fact   = display.Fact
	choice = display.Choice
	step   = display.Step
)

const (
	listSize = display.ListSize
	maxText  = display.MaxText
)

var (
	counted    = display.Counted
	grouped    = display.Grouped
	clipped    = display.Clipped
	sentence   = display.Sentence
	label      = display.Label
	textOf     = display.TextOf
	readCursor = display.ReadCursor
	cursorText = display.CursorText
	target     = sheet.TargetOf
	nameOf     = sheet.NameOf
	roleWords  = sheet.RoleWords
)
