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
// are listed, unless that is empty. A cluster that nobody changes meanwhile is seen exactly once. It reads the index of all
// addresses and numbers. Errors: workspace.InvalidError of "starting_after".
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
		all := g.clusters()
		page := &Page{Total: len(all)}
		if after != "" {
			all = slices.DeleteFunc(all, func(c *Cluster) bool { return c.Size > size || c.Size == size && c.ID <= id })
		}
		page.Clusters = all[:min(limit, len(all))]
		if len(all) > limit {
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
		for _, found := range g.clusters() {
			if slices.Contains(found.ids, p.ID) {
				return found, load(r, c.Workspace, found)
			}
		}
		return nil, ErrNone
	})
}

// graph has the people of a workspace who share values, and the pairs of them who are different.
type graph struct {
	values []Reason
	apart  map[[2]string]Distinction
	// told are the people of whom there is a pair.
	told map[string]bool
}

// graphOf returns the graph of all, or with ids that of the values and the pairs of these people.
func graphOf(r people.Reader, ws workspace.ID, ids []string) (*graph, error) {
	g := &graph{apart: map[[2]string]Distinction{}, told: map[string]bool{}}
	err := r.(Reader).EachShared(ws, MaxRecords, ids, g.add)
	if err != nil || len(g.values) == 0 {
		return g, err
	}
	all, err := distinctions(r, ws, ids)
	for _, d := range all {
		g.apart[d.People] = d
		g.told[d.People[0]], g.told[d.People[1]] = true, true
	}
	return g, err
}

// add adds a person to the last value, or to a new one.
func (g *graph) add(field, value, personID string) {
	last := len(g.values) - 1
	if last < 0 || g.values[last].Field != field || g.values[last].Value != value {
		g.values = append(g.values, Reason{Field: field, Value: value})
		last++
	}
	v := &g.values[last]
	if !slices.Contains(v.IDs, personID) {
		v.IDs = append(v.IDs, personID)
	}
}

// graphAround returns the graph of all who are connected with a person by any number of steps.
func graphAround(r people.Reader, ws workspace.ID, id string) (*graph, error) {
	known, frontier := []string{id}, []string{id}
	for len(frontier) > 0 {
		step, err := graphOf(r, ws, frontier)
		if err != nil {
			return nil, err
		}
		frontier = nil
		for _, v := range step.values {
			for _, other := range v.IDs {
				if !slices.Contains(known, other) && !slices.Contains(frontier, other) {
					frontier = append(frontier, other)
				}
			}
		}
		known = append(known, frontier...)
	}
	return graphOf(r, ws, known)
}

// pairOf returns two ids in order.
func pairOf(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// clusters returns the connected parts of the graph, the largest first and those of one size by id.
func (g *graph) clusters() []*Cluster {
	roots := union{}
	for _, v := range g.values {
		g.connect(roots, v.IDs)
	}
	found := map[string]*Cluster{}
	for id := range roots {
		root := roots.of(id)
		c := found[root]
		if c == nil {
			c = new(Cluster)
			found[root] = c
		}
		c.ids = append(c.ids, id)
	}
	for _, v := range g.values {
		byRoot := map[string][]string{}
		for _, id := range v.IDs {
			if _, has := roots[id]; has {
				byRoot[roots.of(id)] = append(byRoot[roots.of(id)], id)
			}
		}
		for root, ids := range byRoot {
			if len(ids) > 1 {
				slices.Sort(ids)
				found[root].Reasons = append(found[root].Reasons, Reason{v.Field, v.Value, ids})
			}
		}
	}
	for pair, told := range g.apart {
		if c := found[roots.of(pair[0])]; c != nil && roots.of(pair[0]) == roots.of(pair[1]) {
			c.Distinctions = append(c.Distinctions, told)
		}
	}
	var all []*Cluster
	for _, c := range found {
		slices.Sort(c.ids)
		slices.SortFunc(c.Distinctions, compare)
		c.ID, c.Size = c.ids[0], len(c.ids)
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *Cluster) int { return cmp.Or(cmp.Compare(b.Size, a.Size), cmp.Compare(a.ID, b.ID)) })
	return all
}

// connect connects all who share a value, except for different people: each connects with all others but with those.
func (g *graph) connect(roots union, ids []string) {
	if !slices.ContainsFunc(ids, func(id string) bool { return g.told[id] }) {
		for _, id := range ids[1:] {
			roots.join(ids[0], id)
		}
		return
	}
	left := slices.Clone(ids)
	for len(left) > 0 {
		reached := []string{left[0]}
		left = left[1:]
		for len(reached) > 0 && len(left) > 0 {
			id := reached[0]
			reached = reached[1:]
			var apart []string
			for _, other := range left {
				if _, is := g.apart[pairOf(id, other)]; is {
					apart = append(apart, other)
					continue
				}
				roots.join(id, other)
				reached = append(reached, other)
			}
			left = apart
		}
	}
}

// union has, for each person who is connected with somebody, another one on the way to the root of all connected with it. A
// root has itself.
type union map[string]string

func (u union) of(id string) string {
	next, has := u[id]
	if !has {
		u[id] = id
		return id
	}
	for next != u[next] {
		u[id] = u[next]
		id, next = next, u[next]
	}
	return next
}

func (u union) join(a, b string) { u[u.of(b)] = u.of(a) }

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
