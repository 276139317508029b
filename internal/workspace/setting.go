package workspace

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// errSetting refuses a value of a setting.
var errSetting = errors.New("no value of that setting")

// SettingKind says what the values of a setting are.
type SettingKind int

// The kinds of settings.
const (
	TextSetting   SettingKind = iota
	FlagSetting               // on or off
	NumberSetting             // a whole number
	ListSetting               // texts, without order or repetition
)

// Setting is something that an owner decides for a workspace: one row of the table from which the command line, the
// API and the reference take it. Its values are texts; lists are written with commas.
type Setting struct {
	Name    string
	Kind    SettingKind
	Default string
	// Values says what the setting may be, Meaning what it does, each in the words of the reference.
	Values, Meaning string
	check           func(string) error
	// rename returns the one name of a value that has several; nil for a setting whose values have one each.
	rename func(string) string
	// field is where a value is kept that has a place of its own in the workspace; nil for the others.
	field func(*Workspace) settingField
}

// settingField is a value's own place in a workspace.
type settingField interface {
	show() string
	keep(string)
}

// Of returns the value in a workspace, or the default.
func (s *Setting) Of(ws *Workspace) string {
	if s.field != nil {
		return cmp.Or(s.field(ws).show(), s.Default)
	}
	if value, given := ws.Settings[s.Name]; given {
		return value
	}
	return s.Default
}

// On reports whether a FlagSetting is on.
func (s *Setting) On(ws *Workspace) bool { return s.Of(ws) == "on" }

// Number returns the value of a NumberSetting.
func (s *Setting) Number(ws *Workspace) int64 {
	n, _ := strconv.ParseInt(s.Of(ws), 10, 64)
	return n
}

// List returns the values of a ListSetting, in order.
func (s *Setting) List(ws *Workspace) []string {
	value := s.Of(ws)
	if value == "" {
		return nil
	}
	return strings.Split(value, ",")
}

// Set gives a workspace a value; "" gives it the default. InvalidError.
func (s *Setting) Set(ws *Workspace, value string) error {
	value = s.normal(value)
	if value == "" && s.Kind != ListSetting {
		value = s.Default
	}
	for _, one := range s.each(value) {
		if err := s.check(one); err != nil {
			return Invalid(s.Name, fmt.Sprintf("must be %s", s.Values))
		}
	}
	if s.rename != nil {
		value = s.rename(value)
	}
	if s.field != nil {
		s.field(ws).keep(value)
		return nil
	}
	settings := make(map[string]string, len(ws.Settings)+1)
	for name, old := range ws.Settings {
		settings[name] = old
	}
	if value == s.Default {
		delete(settings, s.Name)
	} else {
		settings[s.Name] = value
	}
	ws.Settings = settings
	return nil
}

// normal brings a list into its one form.
func (s *Setting) normal(value string) string {
	value = strings.TrimSpace(value)
	if s.Kind != ListSetting {
		return value
	}
	var all []string
	for one := range strings.SplitSeq(value, ",") {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, one)
		}
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ",")
}

// each returns what of a value is to be checked by itself.
func (s *Setting) each(value string) []string {
	switch {
	case s.Kind != ListSetting:
		return []string{value}
	case value == "":
		return nil
	}
	return strings.Split(value, ",")
}

// FindSetting returns the setting of that name, or nil.
func FindSetting(name string) *Setting {
	for _, s := range Settings {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// ChangeSettings gives a workspace several values, all or none. ErrWorkspaceNotFound, InvalidError.
func (g *Registry) ChangeSettings(ctx context.Context, c Caller, values map[string]string) (*Workspace, error) {
	return g.ChangeWorkspace(ctx, c, func(ws *Workspace) error {
		for _, s := range Settings { // in the order of the table, so that a mistake is always the same one
			if value, given := values[s.Name]; given {
				if err := s.Set(ws, value); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
