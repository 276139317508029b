package inbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Statistics says how fast a conversation was answered. It follows from the parts in their order. Assignments, replies and
// closings count from the first word of a contact on. Times are Unix seconds; 0 means "never".
type Statistics struct {
	// RoutedAt is the last assignment until an admin replied first.
	RoutedAt                            int64
	FirstAssignmentAt, LastAssignmentAt int64
	FirstAdminReplyAt, LastAdminReplyAt int64
	FirstCloseAt, LastCloseAt, ClosedBy int64 // ClosedBy is the admin of the last closing, 0 for the bot
	LastContactReplyAt                  int64
	LastAssignmentReplyAt               int64 // the first reply of an admin after the last assignment
	// AskedAt is the first word of a contact to which no admin has replied yet.
	AskedAt              int64
	Reopens, Assignments int64
	// MedianReplyTime is the median of the times that admins took to reply, in seconds. Without Pace there is none.
	MedianReplyTime int64
	// Pace is a [Pace] as JSON; "" for a blank one.
	Pace string
}

// Pace is what statistics remember of replies in detail.
type Pace struct {
	// Times are what admins took to reply to contacts, in seconds, sorted.
	Times []int64 `json:"times,omitempty"`
	// Teams are the assignments to teams, the first one of each.
	Teams []TeamPace `json:"teams,omitempty"`
}

// TeamPace is how fast an admin replied after an assignment to a team.
type TeamPace struct {
	TeamID int64 `json:"team"`
	At     int64 `json:"at"` // of the assignment
	// Took is how many seconds went by until an admin replied; nil when none has.
	Took *int64 `json:"took,omitempty"`
}

// Median returns the median of the times that admins took to reply; known is false when none replied.
func (s *Statistics) Median() (seconds int64, known bool) {
	return s.MedianReplyTime, strings.Contains(s.Pace, `"times"`)
}

// ReadPace reads the JSON of a pace.
func ReadPace(text string) (p Pace, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &p)
	}
	return p, err
}

// Took returns the seconds from the first word of a contact to a later time; known is false when either is missing.
func (c *Conversation) Took(at int64) (seconds int64, known bool) {
	if at == 0 || c.FirstReplyAt == 0 {
		return 0, false
	}
	return max(at-c.FirstReplyAt, 0), true
}

// CountOfParts returns the number of parts with the first message, as statistics have it.
func (c *Conversation) CountOfParts() int64 { return c.PartCount + 1 }

// isContactWord reports whether a contact wrote a part, or chose an answer by it.
func (p *Part) isContactWord() bool {
	return p.ContactID != "" && (p.Type == CommentPart || p.Type == OpenPart || p.Type == QuickReplyPart)
}

// isAdminReply reports whether an admin spoke to the contacts by a part.
func (p *Part) isAdminReply() bool {
	switch p.Type {
	case QuickReplyPart:
		return p.AdminID != 0
	case CommentPart, OpenPart, ClosePart, AssignmentPart, AssignAndReopenPart, AssignAndUnsnoozePart:
		return p.AdminID != 0 && p.Body != ""
	}
	return false
}

// last is the time of the latest part that statistics know of.
func (s *Statistics) last() int64 {
	return max(s.LastContactReplyAt, s.LastAdminReplyAt, s.LastAssignmentAt, s.LastCloseAt)
}

// begin counts the first message, if a contact wrote it.
func (s *Statistics) begin(m *Message) {
	if m.ContactID != "" {
		s.LastContactReplyAt, s.AskedAt = m.CreatedAt, m.CreatedAt
	}
}

// take counts the next part. It leaves reopenings alone, which the part does not tell.
func (s *Statistics) take(p *Part) error {
	if p.Assigned.ID != 0 {
		s.Assignments++
	}
	switch {
	case p.isContactWord():
		s.LastContactReplyAt = max(s.LastContactReplyAt, p.CreatedAt)
		if s.AskedAt == 0 {
			s.AskedAt = p.CreatedAt
		}
		return nil
	case s.LastContactReplyAt == 0:
		return nil
	}
	if p.Type == ClosePart {
		s.ClosedBy = p.AdminID
		mark(&s.FirstCloseAt, &s.LastCloseAt, p.CreatedAt)
	}
	isToTeam, replies := p.Assigned.Kind == TeamAssignee && p.Assigned.ID != 0, p.isAdminReply()
	if p.Assigned.ID != 0 {
		mark(&s.FirstAssignmentAt, &s.LastAssignmentAt, p.CreatedAt)
		s.LastAssignmentReplyAt = 0
		if s.FirstAdminReplyAt == 0 {
			s.RoutedAt = p.CreatedAt
		}
	}
	if replies {
		mark(&s.FirstAdminReplyAt, &s.LastAdminReplyAt, p.CreatedAt)
		if s.LastAssignmentAt != 0 && s.LastAssignmentReplyAt == 0 {
			s.LastAssignmentReplyAt = p.CreatedAt
		}
	}
	if isToTeam || replies {
		return s.keepPace(p, isToTeam, replies)
	}
	return nil
}

// mark sets the first and the last time of something.
func mark(first, last *int64, at int64) {
	if *first == 0 {
		*first = at
	}
	*last = max(*last, at)
}

// keepPace notes in the pace that a part assigned a team, or replied.
func (s *Statistics) keepPace(p *Part, isToTeam, replies bool) error {
	pace, err := ReadPace(s.Pace)
	if err != nil {
		return fmt.Errorf("pace of conversation %d: %w", p.ConversationID, err)
	}
	if isToTeam && !slices.ContainsFunc(pace.Teams, func(g TeamPace) bool { return g.TeamID == p.Assigned.ID }) {
		pace.Teams = append(pace.Teams, TeamPace{TeamID: p.Assigned.ID, At: p.CreatedAt})
	}
	if replies {
		for i := range pace.Teams {
			if g := &pace.Teams[i]; g.Took == nil {
				took := max(p.CreatedAt-g.At, 0)
				g.Took = &took
			}
		}
		if s.AskedAt != 0 {
			took := max(p.CreatedAt-s.AskedAt, 0)
			at, _ := slices.BinarySearch(pace.Times, took)
			pace.Times = slices.Insert(pace.Times, at, took)
			s.MedianReplyTime = median(pace.Times)
		}
		s.AskedAt = 0
	}
	if pace.Times == nil && pace.Teams == nil {
		return nil
	}
	text, err := json.Marshal(pace)
	s.Pace = string(text)
	return err
}

// median returns the median of sorted numbers: of the two in the middle the mean, without its fraction.
func median(sorted []int64) int64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// Recount returns the statistics of a conversation by its first message and all its parts, in their order. The number of
// reopenings stays.
func (c *Conversation) Recount(source *Message, parts []*Part) (Statistics, error) {
	s := Statistics{Reopens: c.Statistics.Reopens}
	s.begin(source)
	for _, p := range parts {
		if err := s.take(p); err != nil {
			return s, err
		}
	}
	return s, nil
}

// count counts a part that was just written. One that was imported with an earlier time than others has all parts counted
// anew, in their order; so has the first word of a contact.
func (t *thread) count(p *Part, from State) error {
	s := &t.now.Statistics
	if from == Closed && p.State == Open && s.LastContactReplyAt != 0 {
		s.Reopens++
	}
	isFirst := s.LastContactReplyAt == 0 && p.isContactWord() && t.now.PartCount > 1
	if p.CreatedAt >= s.last() && !isFirst {
		return s.take(p)
	}
	all, err := t.w.Unlocked().Parts(t.now.Workspace, t.now.ID, AllParts)
	if err != nil {
		return err
	}
	sources, err := t.w.Messages(t.now.Workspace, []int64{t.now.MessageID})
	if err != nil {
		return err
	}
	t.now.Statistics, err = t.now.Recount(sources[t.now.MessageID], t.withNew(all))
	return err
}
