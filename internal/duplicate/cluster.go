package duplicate

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// MaxRecords is how many records may have a value that still says who somebody is. What more have is nobody's own.
const MaxRecords = 1000

// MaxShown is how many people of a cluster are shown.
const MaxShown = 50

// Cluster is a set of people who may be one and the same.
type Cluster struct {
	// ID is the least of their ids.
	ID   string
	Size int
	// People are the first of them, at most [MaxShown]. The first one is suggested to stay.
	People []*people.Person
	// Reasons are the values that several of them share.
	Reasons []Reason
	// Distinctions are the pairs among them of whom the team said that they are different.
	Distinctions []Distinction
	// ActiveAt is when one of them was last seen, replied or was created, in Unix seconds.
	ActiveAt int64

	ids []string
}

// Reason is a value that several people have, themselves or by somebody whom they absorbed.
type Reason struct {
	Field string // email, phone or external_id
	Value string // as it is compared: the address folded, the number in E.164 form
	// IDs are the people who have it, in order.
	IDs []string
}

// Page is one page of the clusters of a workspace.
type Page struct {
	Clusters []*Cluster
	Total    int
	// Next is the place after which the next page begins; empty on the last page.
	Next string
}

// Clusters lists clusters, the largest first and those of one size by id, at most limit. Only clusters behind the place after
// are listed, unless that is empty. A cluster that nobody changes meanwhile is seen exactly once. It reads all values that
// several people share. Errors: workspace.InvalidError of "starting_after".
func (d Duplicates) Clusters(ctx context.Context, c workspace.Caller, after string, limit int) (*Page, error) {
	size, id, err := placeOf(after)
	if err != nil {
		return nil, err
	}
	return read(ctx, d, func(r people.Reader) (*Page, error) {
		g, err := graphOf(r, c.Workspace, nil)
		if err != nil {
			return nil, err
		}
		page := new(Page)
		page.Clusters, page.Total = g.clusters(limit+1, func(c *Cluster) bool {
			return after == "" || c.Size < size || c.Size == size && c.ID > id
		})
		if len(page.Clusters) > limit {
			page.Clusters = page.Clusters[:limit]
			last := page.Clusters[limit-1]
			page.Next = strconv.Itoa(last.Size) + "-" + last.ID
		}
		return page, load(r, c.Workspace, page.Clusters...)
	})
}

// placeOf returns the size and the id of the cluster after which a page begins.
func placeOf(after string) (size int, id string, err error) {
	if after == "" {
		return 0, "", nil
	}
	number, id, _ := strings.Cut(after, "-")
	size, err = strconv.Atoi(number)
	if err != nil || size < 2 || !workspace.IsID(id) {
		return 0, "", workspace.Invalid("starting_after", "must be the starting_after of another page")
	}
	return size, id, nil
}

// Cluster returns the cluster of a person. anyID is any id that the person ever had. Errors: people.ErrPersonNotFound, ErrNone.
func (d Duplicates) Cluster(ctx context.Context, c workspace.Caller, anyID string) (*Cluster, error) {
	return read(ctx, d, func(r people.Reader) (*Cluster, error) {
		p, err := people.ByAnyID(r, c.Workspace, anyID)
		if err != nil {
			return nil, err
		}
		g, err := graphAround(r, c.Workspace, p.ID)
		if err != nil {
			return nil, err
		}
		all, _ := g.clusters(len(g.ids), func(*Cluster) bool { return true })
		for _, found := range all {
			if slices.Contains(found.ids, p.ID) {
				return found, load(r, c.Workspace, found)
			}
		}
		return nil, ErrNone
	})
}

// load sets what the view of clusters shows of their people.
func load(r people.Reader, ws workspace.ID, all ...*Cluster) error {
	var ids []string
	for _, c := range all {
		ids = append(ids, c.ids...)
	}
	found := map[string]*people.Person{}
	for chunk := range slices.Chunk(ids, 500) {
		some, err := r.(Reader).PeopleByIDs(ws, chunk)
		if err != nil {
			return err
		}
		for _, p := range some {
			found[p.ID] = p
		}
	}
	for _, c := range all {
		for _, id := range c.ids {
			c.People = append(c.People, found[id])
			c.ActiveAt = max(c.ActiveAt, activeAt(found[id]))
		}
		slices.SortFunc(c.People, bestFirst)
		c.People = c.People[:min(len(c.People), MaxShown)]
	}
	return nil
}

func activeAt(p *people.Person) int64 { return max(p.LastSeenAt, p.LastRepliedAt, p.CreatedAt) }

// bestFirst compares who should rather stay: of the highest rank, of these the oldest.
func bestFirst(p, q *people.Person) int {
	return cmp.Or(cmp.Compare(rankOf(q), rankOf(p)), cmp.Compare(p.CreatedAt, q.CreatedAt), cmp.Compare(p.ID, q.ID))
}
