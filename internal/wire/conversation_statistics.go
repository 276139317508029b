package wire

import (
	"strconv"

	"lobby/internal/inbox"
	"lobby/internal/jsonio"
)

// statistics writes how fast a conversation was answered. Durations are in seconds; there are no office hours to leave out.
func (c *Conversation) statistics(o *jsonio.Writer) {
	v := c.conversation
	s := &v.Statistics
	pace, _ := inbox.ReadPace(s.Pace)
	o.Open("statistics")
	o.Text("type", "conversation_statistics")
	secondsOrNull(o, "time_to_assignment", v, s.RoutedAt)
	secondsOrNull(o, "time_to_admin_reply", v, s.FirstAdminReplyAt)
	secondsOrNull(o, "time_to_first_close", v, s.FirstCloseAt)
	secondsOrNull(o, "time_to_last_close", v, s.LastCloseAt)
	if median, known := s.Median(); known {
		o.Int("median_time_to_reply", median)
	} else {
		o.Null("median_time_to_reply")
	}
	o.IntOrNull("first_contact_reply_at", v.FirstReplyAt)
	o.IntOrNull("first_assignment_at", s.FirstAssignmentAt)
	o.IntOrNull("first_admin_reply_at", s.FirstAdminReplyAt)
	o.IntOrNull("first_close_at", s.FirstCloseAt)
	o.IntOrNull("last_assignment_at", s.LastAssignmentAt)
	o.IntOrNull("last_assignment_admin_reply_at", s.LastAssignmentReplyAt)
	o.IntOrNull("last_contact_reply_at", s.LastContactReplyAt)
	o.IntOrNull("last_admin_reply_at", s.LastAdminReplyAt)
	o.IntOrNull("last_close_at", s.LastCloseAt)
	if s.ClosedBy == 0 {
		o.Null("last_closed_by_id")
	} else {
		o.Text("last_closed_by_id", strconv.FormatInt(s.ClosedBy, 10))
	}
	o.Int("count_reopens", s.Reopens)
	o.Int("count_assignments", s.Assignments)
	o.Int("count_conversation_parts", v.CountOfParts())
	if c.TeamStatistics {
		teamPaces(o, "assigned_team_first_response_time", v, pace.Teams)
	}
	if c.MoreStatistics {
		teamPaces(o, "assigned_team_first_response_time_in_office_hours", v, pace.Teams)
		o.Null("handling_time")
		o.Null("adjusted_handling_time")
	}
	o.Close()
}

func secondsOrNull(o *jsonio.Writer, name string, c *inbox.Conversation, at int64) {
	if took, known := c.Took(at); known {
		o.Int(name, took)
		return
	}
	o.Null(name)
}

// teamPaces writes how fast the teams replied that did.
func teamPaces(o *jsonio.Writer, name string, c *inbox.Conversation, all []inbox.TeamPace) {
	o.OpenList(name)
	for _, g := range all {
		if g.Took == nil {
			continue
		}
		o.Item()
		o.Int("team_id", g.TeamID)
		o.TextOrNull("team_name", c.TeamNames[g.TeamID])
		o.Int("response_time", *g.Took)
		o.Close()
	}
	o.CloseList()
}
