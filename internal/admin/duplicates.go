package admin

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"lobby/internal/duplicate"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

const (
	// clusterSize is how many clusters a page lists, and maxPairs how many pairs of different people.
	clusterSize = 20
	maxPairs    = 50
	// maxListed is how many people of a cluster a list names, and maxBeside how many are shown side by side.
	maxListed = 4
	maxBeside = 12
)

// duplicatesPage is what the page duplicates shows.
type duplicatesPage struct {
	Clusters []cluster
	Total    int
	Count    string // of the clusters, in words
	Next     string // address of the next page; empty for none
	IsFirst  bool
	Pairs    []pair // of different people
	// Merged is a merge that was just made; nil for none.
	Merged *mergedCluster
}

// cluster is one in a list.
type cluster struct {
	ID       string
	Size     string
	People   []human
	More     int // people who are not named
	Reasons  []string
	ActiveAt *moment
}

// pair is two who are not the same person.
type pair struct {
	First, Second human
	At            *moment
}

type mergedCluster struct {
	Name    string
	ID      string
	Changes []string // entries of the journal, in order
}

// fieldWords say what people share.
var fieldWords = map[string]string{"email": "the email address", "phone": "the phone number", "external_id": "an id of your own that is the browser id of another,"}

func (a *admin) duplicates() duplicate.Duplicates { return duplicate.Duplicates{Lobby: a.lobby} }

func (a *admin) showDuplicates(r *request) error {
	return a.duplicatesWith(r, http.StatusOK, "")
}

// duplicatesWith shows the list, with a sentence about what went wrong.
func (a *admin) duplicatesWith(r *request, status int, problem string) error {
	after := r.URL.Query().Get("after")
	found, err := a.duplicates().Clusters(r.Context(), r.caller, after, clusterSize)
	if _, isInvalid := errors.AsType[*workspace.InvalidError](err); isInvalid {
		return errNotFound
	}
	if err != nil {
		return err
	}
	page := &duplicatesPage{Total: found.Total, Count: counted(found.Total, "group"), IsFirst: after == ""}
	for _, c := range found.Clusters {
		page.Clusters = append(page.Clusters, r.listed(c))
	}
	if found.Next != "" {
		page.Next = r.base + r.in("duplicates?after="+url.QueryEscape(found.Next))
	}
	if page.IsFirst {
		pairs, _, err := a.duplicates().Distinctions(r.Context(), r.caller, "", maxPairs)
		if err != nil {
			return err
		}
		for _, p := range pairs {
			page.Pairs = append(page.Pairs, pair{newHuman(p.Shown[0]), newHuman(p.Shown[1]), r.moment(p.At)})
		}
	}
	if page.Merged, err = a.justMerged(r); err != nil {
		return err
	}
	return r.showWith(status, "duplicates", page, problem)
}

// listed returns a cluster as a list shows it.
func (r *request) listed(c *duplicate.Cluster) cluster {
	shown := cluster{ID: c.People[0].ID, Size: counted(c.Size, "person"), ActiveAt: r.moment(c.ActiveAt)}
	if c.Size != 1 {
		shown.Size = grouped(c.Size) + " people"
	}
	for _, p := range c.People[:min(len(c.People), maxListed)] {
		shown.People = append(shown.People, newHuman(p))
	}
	shown.More = c.Size - len(shown.People)
	for _, reason := range c.Reasons[:min(len(c.Reasons), maxListed)] {
		shown.Reasons = append(shown.Reasons, grouped(len(reason.IDs))+" share "+fieldWords[reason.Field]+" "+reason.Value)
	}
	return shown
}

// justMerged returns the merge that the address of the page names; nil for none.
func (a *admin) justMerged(r *request) (*mergedCluster, error) {
	q := r.URL.Query()
	changes := q["change"]
	if len(changes) == 0 || len(changes) > duplicate.MaxMerged || slices.ContainsFunc(changes, func(id string) bool { return !workspace.IsID(id) }) {
		return nil, nil
	}
	p, err := a.lobby.Resolve(r.Context(), r.caller, q.Get("merged"))
	if errors.Is(err, people.ErrPersonNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &mergedCluster{nameOf(p), p.ID, changes}, nil
}

// duplicatePage is what the page duplicate shows: one cluster, and what a merge of it would do.
type duplicatePage struct {
	ID         string
	Title      string
	Members    []candidate
	Hidden     int // people who are not shown
	Reasons    []string
	Apart      []string // pairs of different people, in words
	Error      string
	HasChanged bool // since the preview that was shown before
	Into       human
	From       []human
	Rows       []clusterRow
	Words      []string // what a merge does
	Seen       string   // stands for all of the preview; empty for none
	MayWrite   bool
}

// candidate is a person of a cluster, and what is to become of it.
type candidate struct {
	human
	Stays, Goes bool
	Facts       []fact
}

// clusterRow is a field of all who are merged: the survivor's value, those of the others, and what it becomes.
type clusterRow struct {
	Label  string
	Values []value
	After  value
	IsNew  bool
}

// showDuplicate shows the cluster of a person. Unless the address says who stays and who goes, the suggestion is shown.
func (a *admin) showDuplicate(r *request) error {
	q := r.URL.Query()
	return a.duplicateWith(r, http.StatusOK, r.PathValue("id"), duplicate.Order{IntoID: q.Get("into"), FromIDs: q["from"]}, "")
}

func (a *admin) duplicateWith(r *request, status int, id string, order duplicate.Order, seen string) error {
	c, err := a.duplicates().Cluster(r.Context(), r.caller, id)
	if errors.Is(err, duplicate.ErrNone) {
		return a.duplicatesWith(r, http.StatusNotFound, "Nobody shares anything with that person any more.")
	}
	if err != nil {
		return err
	}
	page := &duplicatePage{ID: id, MayWrite: r.member.Role.MayWrite(), Hidden: max(0, c.Size-maxBeside)}
	shown := c.People[:min(len(c.People), maxBeside)]
	page.Title = nameOf(shown[0]) + " and " + counted(c.Size-1, "other")
	isChosen := order.IntoID != ""
	if !isChosen {
		order = suggestion(c, shown)
	}
	order.FromIDs = slices.DeleteFunc(order.FromIDs, func(from string) bool { return from == order.IntoID })
	for _, p := range shown {
		page.Members = append(page.Members, r.memberOf(p, order))
	}
	page.Reasons = r.listed(c).Reasons
	names := map[string]string{}
	for _, p := range c.People {
		names[p.ID] = nameOf(p)
	}
	for _, d := range c.Distinctions {
		page.Apart = append(page.Apart, names[d.People[0]]+" and "+names[d.People[1]]+" are different people.")
	}
	switch plan, err := a.duplicates().Preview(r.Context(), r.caller, order); {
	case err == nil:
		page.preview(r, plan)
	case !isChosen && len(order.FromIDs) == 0:
	default:
		if page.Error = duplicateRefusal(err); page.Error == "" {
			return err
		}
		status = http.StatusUnprocessableEntity
	}
	page.HasChanged = seen != "" && page.Seen != seen
	return r.show(status, "duplicate", page)
}

// suggestion returns who of a cluster should stay, and who may go into it.
func suggestion(c *duplicate.Cluster, shown []*people.Person) duplicate.Order {
	order := duplicate.Order{IntoID: shown[0].ID}
	for _, p := range shown[1:] {
		isApart := slices.ContainsFunc(c.Distinctions, func(d duplicate.Distinction) bool {
			others := append([]string{order.IntoID}, order.FromIDs...)
			return d.People[0] == p.ID && slices.Contains(others, d.People[1]) || d.People[1] == p.ID && slices.Contains(others, d.People[0])
		})
		if !isApart {
			order.FromIDs = append(order.FromIDs, p.ID)
		}
	}
	return order
}

func (r *request) memberOf(p *people.Person, order duplicate.Order) candidate {
	m := candidate{human: newHuman(p), Stays: p.ID == order.IntoID, Goes: slices.Contains(order.FromIDs, p.ID)}
	for _, name := range []string{"email", "phone", "external_id", "last_seen_at", "created_at"} {
		if v := r.valueOf(p, name); !v.IsBlank() {
			m.Facts = append(m.Facts, fact{Label: label(name), Value: v})
		}
	}
	return m
}

// preview sets what a merge would do, field by field and in words.
func (page *duplicatePage) preview(r *request, plan *duplicate.Plan) {
	page.Into = newHuman(plan.Into)
	last := plan.Into
	var fields, seen []string
	for _, p := range plan.Plans {
		page.From, last = append(page.From, newHuman(p.Change.Subject)), p.Contact
		for _, name := range previewFields(p.Change) {
			if !slices.Contains(fields, name) && name != "updated_at" {
				fields = append(fields, name)
			}
		}
		seen = append(seen, r.preview(p).Seen)
	}
	for _, name := range fields {
		row := clusterRow{Label: label(name), Values: []value{r.valueOf(plan.Into, name)}, After: r.valueOf(last, name)}
		for _, p := range plan.Plans {
			row.Values = append(row.Values, r.valueOf(p.Change.Subject, name))
		}
		row.IsNew = row.Values[0].Exact() != row.After.Exact()
		if slices.ContainsFunc(row.Values, func(v value) bool { return !v.IsBlank() }) {
			page.Rows = append(page.Rows, row)
		}
	}
	page.Words, page.Seen = mergeWords(plan), strings.Join(seen, ".")
}

// mergeWords says what a merge does.
func mergeWords(plan *duplicate.Plan) (all []string) {
	into := nameOf(plan.Into)
	all = append(all, into+" stays, with the same id and all its own values. What the others know besides is taken over.")
	all = append(all, "Conversations, notes, events, tags and companies of the others are shown with "+into+". Their ids lead to "+into+" from now on.")
	hasUser, hasLead := false, false
	for _, p := range plan.Plans {
		hasUser = hasUser || p.Change.Subject.Role == people.User
		hasLead = hasLead || p.Change.Subject.Role == people.Lead
	}
	if hasUser {
		all = append(all, "Whoever signs in as one of these users is "+into+" then, and nobody else can get their ids and email addresses.")
	}
	if hasLead && plan.Into.Role == people.Lead {
		all = append(all, "Nobody has proven who a lead is: the browser of "+into+" will show the conversations of all of them. Merge only those that you know to be one.")
	}
	return append(all, "You can undo it, at once or later in the history of the person.")
}

// duplicateRefusal says in words why people are not merged; empty for an error that is no refusal.
func duplicateRefusal(err error) string {
	_, isRank := errors.AsType[*duplicate.RankError](err)
	_, isApart := errors.AsType[*duplicate.DistinctError](err)
	switch {
	case isRank:
		return "Choose another one to stay: a user rather than a lead, one who signed in rather than one who only said so, and one with an id of your own rather than one without."
	case isApart:
		return "Two of them are different people, as you said. Leave one out, or take that back in the list of duplicates."
	case errors.Is(err, duplicate.ErrHidden):
		return "Somebody among them is archived or blocked."
	}
	if invalid, is := errors.AsType[*workspace.InvalidError](err); is && invalid.Field == "from" {
		return "Choose who goes into the one that stays."
	}
	return refusal(err)
}

// mergeDuplicates does what the preview has shown, or shows what it would be by now.
func (a *admin) mergeDuplicates(r *request) error {
	order := duplicate.Order{IntoID: r.PostForm.Get("into"), FromIDs: r.PostForm["from"]}
	plan, err := a.duplicates().Preview(r.Context(), r.caller, order)
	page := new(duplicatePage)
	if err == nil {
		page.preview(r, plan)
	}
	if errors.Is(err, people.ErrPersonNotFound) {
		return err
	}
	if seen := r.PostForm.Get("seen"); err != nil || page.Seen != seen {
		return a.duplicateWith(r, http.StatusConflict, order.IntoID, order, seen)
	}
	result, err := a.duplicates().Merge(r.Context(), r.caller, order)
	if err != nil {
		if duplicateRefusal(err) == "" {
			return err
		}
		return a.duplicateWith(r, http.StatusConflict, order.IntoID, order, "")
	}
	q := url.Values{"merged": {result.Contact.ID}}
	for _, c := range result.Changes {
		q.Add("change", c.ID)
	}
	return r.redirect(r.in("duplicates?" + q.Encode()))
}

// undoDuplicates undoes the entries of one merge, the last one first. Each is done once however often it is asked for.
func (a *admin) undoDuplicates(r *request) error {
	changes := r.PostForm["change"]
	if len(changes) == 0 || len(changes) > duplicate.MaxMerged {
		return errNotFound
	}
	for _, id := range slices.Backward(changes) {
		_, _, err := a.lobby.UndoChange(r.Context(), r.caller, id)
		if errors.Is(err, people.ErrChangeNotFound) {
			return errNotFound
		}
		if err != nil {
			if problem := refusal(err); problem != "" {
				return a.duplicatesWith(r, http.StatusConflict, problem)
			}
			return err
		}
	}
	return r.redirect(r.in("duplicates?done=undone"))
}

// tellApart remembers that people are different, or with "same" takes it back.
func (a *admin) tellApart(r *request) error {
	isSame := r.PostForm.Get("same") != ""
	_, err := a.duplicates().Distinguish(r.Context(), r.caller, r.PostForm["people"], isSame)
	if _, isInvalid := errors.AsType[*workspace.InvalidError](err); isInvalid {
		return a.duplicatesWith(r, http.StatusUnprocessableEntity, "Choose at least two people.")
	}
	if err != nil {
		return err
	}
	if isSame {
		return r.redirect(r.in("duplicates?done=same"))
	}
	return r.redirect(r.in("duplicates?done=distinct"))
}
