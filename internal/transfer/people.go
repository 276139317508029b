package transfer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// PeopleOptions say how a file of people is read.
type PeopleOptions struct {
	// CSV says that the first line names columns; otherwise each line is a JSON object.
	CSV bool
	// Map has the fields that columns or members go to, by their names; "" leaves one out.
	Map map[string]string
	// PerLine leaves out the lines that cannot be imported, and calls Skip for each. Otherwise the first of them ends the
	// import, and nothing is written.
	PerLine bool
	Skip    func(*LineError)
	DryRun  bool
	// Each is called for every line, with the number of bytes read so far.
	Each func(read int64)

	columns map[string]column // of the members that were there, by their names
}

// PeopleResult counts what an import did.
type PeopleResult struct{ Created, Updated, Skipped int }

// sheetLine is what a line says of one person.
type sheetLine struct {
	number int
	// values are the fields that it gives, by their index in people.Fields; a null value clears a field.
	values     map[int]search.Value
	attributes search.Attributes
}

// errDryRun ends a transaction that is not to be kept.
var errDryRun = errors.New("a dry run")

// ImportPeople adds the contacts of a file to a workspace, in one transaction. A line is about the contact with its id, or
// else with its external_id, or else with its email address; a new one is made unless there is one. Fields that a line does
// not give stay. Errors: *LineError, workspace.ErrWorkspaceNotFound, and those of the database.
func ImportPeople(ctx context.Context, l *people.Lobby, ws workspace.ID, source *Source, o PeopleOptions) (result PeopleResult, err error) {
	if _, err := l.Workspace(ctx, ws); err != nil {
		return result, err
	}
	o.columns = map[string]column{}
	err = l.Store.Write(ctx, func(w people.Writer) error {
		result = PeopleResult{}
		in, err := source.open()
		if err != nil {
			return err
		}
		err = (&sheet{lobby: l, w: w, ws: ws, options: o, result: &result, definitions: l.Definitions(w, ws)}).read(ctx, in)
		if err = errors.Join(err, in.Close()); err == nil && o.DryRun {
			err = errDryRun
		}
		return err
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return result, err
}

// sheet is the import of one file.
type sheet struct {
	lobby       *people.Lobby
	w           people.Writer
	ws          workspace.ID
	options     PeopleOptions
	result      *PeopleResult
	definitions *people.Definitions
	admins      map[int64]bool
	known       *knownIDs
	told        people.Person // what the line at hand says; no line keeps it
}

func (s *sheet) read(ctx context.Context, in *sourceReader) error {
	admins, err := s.w.Admins(s.ws)
	if err != nil {
		return err
	}
	s.admins = map[int64]bool{}
	for _, a := range admins {
		s.admins[a.ID] = true
	}
	if s.known, err = readKnown(s.w, s.ws); err != nil {
		return err
	}
	next, err := s.lines(in)
	if err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		line, err := next()
		if err == nil && line == nil {
			return nil
		}
		if err == nil {
			if err = s.write(line); err != nil && isRefusal(err) {
				err = &LineError{line.number, err}
			}
		}
		if err := s.settle(err); err != nil {
			return err
		}
		s.options.Each(in.read)
	}
}

// settle returns the error that ends the import, if any.
func (s *sheet) settle(err error) error {
	if bad, ok := errors.AsType[*LineError](err); ok && s.options.PerLine {
		s.result.Skipped++
		s.options.Skip(bad)
		return nil
	}
	return err
}

// isRefusal reports whether an error is about a line, and not about the database.
func isRefusal(err error) bool {
	var (
		invalid  *workspace.InvalidError
		conflict *people.ConflictError
		blocked  *people.BlockedError
		refused  *lineRefusal
	)
	return errors.As(err, &invalid) || errors.As(err, &conflict) || errors.As(err, &blocked) || errors.As(err, &refused) ||
		errors.Is(err, people.ErrTooManyAttributes) || errors.Is(err, people.ErrAttributeNameInvalid)
}

// lineRefusal says what is wrong with a line.
type lineRefusal struct{ what string }

func (e *lineRefusal) Error() string { return e.what }

func refuse(format string, args ...any) error { return &lineRefusal{fmt.Sprintf(format, args...)} }

// write adds or changes the contact of a line.
func (s *sheet) write(line *sheetLine) error {
	s.told = people.Person{}
	told := &s.told
	line.apply(told)
	if err := s.check(told); err != nil {
		return err
	}
	isKnown := s.known.mayHave(told)
	var before *people.Person
	var err error
	if isKnown || told.ID != "" {
		if before, err = s.find(told); err != nil {
			return err
		}
	}
	attributes, err := s.definitions.FromFile(s.w, line.attributes)
	if err != nil {
		return err
	}
	if before != nil {
		return s.update(line, told, before, attributes)
	}
	now := s.lobby.Unix()
	p := told
	p.Workspace, p.CustomAttributes = s.ws, search.Attributes(nil).With(attributes)
	if p.CreatedAt == 0 {
		p.CreatedAt = now
	}
	if p.UpdatedAt == 0 {
		p.UpdatedAt = max(now, p.CreatedAt)
	}
	if p.ID == "" {
		p.ID = s.lobby.IDAt(p.CreatedAt)
	}
	if p.Role == "" {
		p.Role = people.User
	}
	if p.Role == people.User && p.ExternalID == "" && p.Email == "" {
		return refuse("a user needs an external_id or an email")
	}
	if isKnown {
		if err := people.CheckReturn(s.w, p); err != nil {
			return err
		}
	}
	s.result.Created++
	s.known.add(p)
	return s.lobby.Save(s.w, s.caller(), nil, p)
}

// update changes the contact that a line is about. told is what the line says of it.
func (s *sheet) update(line *sheetLine, told, before *people.Person, attributes search.Attributes) error {
	after := before.Clone()
	line.apply(after)
	if told.Role == "" {
		after.Role = before.Role
	}
	after.ID, after.CreatedAt, after.UpdatedAt = before.ID, before.CreatedAt, max(s.lobby.Unix(), before.UpdatedAt)
	after.CustomAttributes = before.CustomAttributes.With(attributes)
	if after.Role != before.Role {
		return refuse("contact %s is a %s, and a file cannot change that", before.ID, before.Role)
	}
	if err := people.CheckUnique(s.w, before, after); err != nil {
		return err
	}
	s.result.Updated++
	s.known.add(after)
	return s.lobby.Save(s.w, s.caller(), before, after)
}

// caller says that a file wrote what it writes.
func (s *sheet) caller() workspace.Caller {
	return workspace.Caller{Workspace: s.ws, Actor: workspace.Actor{Kind: "import"}}
}

// apply sets the fields that a line gives.
func (l *sheetLine) apply(p *people.Person) {
	for i, v := range l.values {
		people.Fields[i].SetValue(p, v)
	}
}

func (s *sheet) check(p *people.Person) error {
	p.Email = strings.TrimSpace(p.Email)
	switch {
	case p.Role != "" && !p.Role.IsContact():
		return refuse("role must be user or lead")
	case p.ID != "" && !workspace.IsID(p.ID):
		return refuse("id must be 24 hexadecimal digits in lower case")
	case p.OwnerID != 0 && !s.admins[p.OwnerID]:
		return refuse("owner_id %d is no admin of the workspace", p.OwnerID)
	}
	return errors.Join(workspace.CheckIdentifier("external_id", p.ExternalID), workspace.CheckEmail("email", p.Email))
}

// find returns the contact that a line is about; nil for a new one.
func (s *sheet) find(told *people.Person) (*people.Person, error) {
	var found []*people.Person
	var err error
	switch {
	case told.ID != "":
		p, failed := s.w.Person(s.ws, told.ID)
		if p != nil {
			found = []*people.Person{p}
		}
		err = failed
	case told.ExternalID != "":
		found, err = s.w.ContactsByExternalID(s.ws, told.ExternalID)
	case told.Email != "":
		found, err = s.w.PeopleByEmail(s.ws, told.Email)
		found = slices.DeleteFunc(found, func(p *people.Person) bool {
			return !p.IsLiveContact() || told.Role != "" && p.Role != told.Role
		})
		slices.SortStableFunc(found, func(p, q *people.Person) int { return strings.Compare(string(q.Role), string(p.Role)) }) // users first
	}
	if err != nil || len(found) == 0 {
		return nil, err
	}
	p := found[0]
	if told.ID == "" && told.ExternalID == "" {
		if p, err = s.w.Person(s.ws, p.ID); err != nil {
			return nil, err
		}
	}
	if !p.IsLiveContact() {
		return nil, refuse("%s %s is there, and not as a contact that can be changed: it is %s", p.Role, p.ID, describe(p))
	}
	return p, nil
}

func describe(p *people.Person) string {
	if p.State == people.Active {
		return "a visitor"
	}
	return string(p.State)
}
