package duplicate

import (
	"cmp"
	"slices"
	"strings"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// graph has the people of a workspace who share values, and the pairs of them who are different. People have numbers there.
type graph struct {
	ids     []string // of the people, by their numbers
	numbers map[string]int
	values  []value
	apart   map[[2]int]Distinction
	told    map[int]bool // the people of whom there is a pair
}

// value is one that several people may have, with these people.
type value struct {
	field, text string
	people      []int
}

// holding is a person whose record has a value.
type holding struct{ field, text, personID string }

// graphOf returns the graph of all, or with ids that of the values and the pairs of these people.
func graphOf(r people.Reader, ws workspace.ID, ids []string) (*graph, error) {
	var all []holding
	err := r.(Reader).EachShared(ws, MaxRecords, ids, func(field, text, personID string) {
		all = append(all, holding{field, text, personID})
	})
	if err != nil {
		return nil, err
	}
	g := newGraph(all)
	if len(g.values) == 0 {
		return g, nil
	}
	told, err := distinctions(r, ws, ids)
	for _, d := range told {
		first, isIn := g.numbers[d.People[0]]
		if second, both := g.numbers[d.People[1]]; isIn && both {
			g.apart[pairOf(first, second)] = d
			g.told[first], g.told[second] = true, true
		}
	}
	return g, err
}

// newGraph returns the graph of all who have values.
func newGraph(all []holding) *graph {
	g := &graph{numbers: make(map[string]int, len(all)), apart: map[[2]int]Distinction{}, told: map[int]bool{}}
	order := func(a, b holding) int {
		return cmp.Or(strings.Compare(a.field, b.field), strings.Compare(a.text, b.text))
	}
	if !slices.IsSortedFunc(all, order) { // by the database
		slices.SortFunc(all, order)
	}
	numbers := make([]int, len(all))
	for i, h := range all {
		n, known := g.numbers[h.personID]
		if !known {
			n = len(g.ids)
			g.numbers[h.personID], g.ids = n, append(g.ids, h.personID)
		}
		numbers[i] = n
	}
	for from, to := 0, 0; from < len(all); from = to {
		for to = from + 1; to < len(all) && order(all[from], all[to]) == 0; to++ {
		}
		if have := numbers[from:to:to]; len(have) <= MaxRecords {
			slices.Sort(have)
			g.values = append(g.values, value{all[from].field, all[from].text, slices.Compact(have)})
		}
	}
	return g
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
			for _, n := range v.people {
				if other := step.ids[n]; !slices.Contains(known, other) && !slices.Contains(frontier, other) {
					frontier = append(frontier, other)
				}
			}
		}
		known = append(known, frontier...)
	}
	return graphOf(r, ws, known)
}

// pairOf returns two of a kind in order.
func pairOf[T cmp.Ordered](a, b T) [2]T { return [2]T{min(a, b), max(a, b)} }

// clusters returns those connected parts that are wanted, at most limit, the largest first and those of one size by id, and how
// many parts there are. It reads no people.
func (g *graph) clusters(limit int, isWanted func(*Cluster) bool) (first []*Cluster, total int) {
	roots := make(union, len(g.ids))
	for n := range roots {
		roots[n] = n
	}
	for _, v := range g.values {
		g.connect(roots, v.people)
	}
	sizes, least := make([]int, len(g.ids)), make([]string, len(g.ids)) // by the roots
	for n, id := range g.ids {
		root := roots.of(n)
		if sizes[root]++; sizes[root] == 1 || id < least[root] {
			least[root] = id
		}
	}
	order := func(a, b *Cluster) int { return cmp.Or(cmp.Compare(b.Size, a.Size), cmp.Compare(a.ID, b.ID)) }
	var part Cluster
	for root, size := range sizes {
		if size < 2 {
			continue
		}
		total++
		part.ID, part.Size = least[root], size
		if isFull := len(first) == limit; isFull && order(&part, first[limit-1]) > 0 || !isWanted(&part) {
			continue
		}
		at, _ := slices.BinarySearchFunc(first, &part, order)
		first = slices.Insert(first, at, &Cluster{ID: part.ID, Size: size})
		first = first[:min(len(first), limit)]
	}
	byRoot := make([]*Cluster, len(g.ids))
	for _, c := range first {
		byRoot[roots.of(g.numbers[c.ID])] = c
	}
	g.explain(first, func(n int) *Cluster { return byRoot[roots.of(n)] })
	return first, total
}

// fields is the order in which what people share is given.
var fields = []string{"email", "phone", "external_id"}

// explain sets who is in clusters, what connects them, and which of them are different. of returns the cluster of a person, nil
// for none.
func (g *graph) explain(all []*Cluster, of func(n int) *Cluster) {
	for n, id := range g.ids {
		if c := of(n); c != nil {
			c.ids = append(c.ids, id)
		}
	}
	for _, v := range g.values {
		byCluster := map[*Cluster][]string{}
		for _, n := range v.people {
			if c := of(n); c != nil {
				byCluster[c] = append(byCluster[c], g.ids[n])
			}
		}
		for c, ids := range byCluster {
			if len(ids) > 1 {
				slices.Sort(ids)
				c.Reasons = append(c.Reasons, Reason{v.field, v.text, ids})
			}
		}
	}
	for pair, told := range g.apart {
		if c := of(pair[0]); c != nil && c == of(pair[1]) {
			c.Distinctions = append(c.Distinctions, told)
		}
	}
	for _, c := range all {
		slices.Sort(c.ids)
		slices.SortFunc(c.Distinctions, compare)
		slices.SortFunc(c.Reasons, func(a, b Reason) int {
			return cmp.Or(cmp.Compare(slices.Index(fields, a.Field), slices.Index(fields, b.Field)), cmp.Compare(a.Value, b.Value))
		})
	}
}

// connect connects all who share a value, except for different people: each connects with all others but with those.
func (g *graph) connect(roots union, all []int) {
	if len(g.told) == 0 || !slices.ContainsFunc(all, func(n int) bool { return g.told[n] }) {
		for i := 1; i < len(all); i++ {
			roots.join(all[0], all[i])
		}
		return
	}
	left := slices.Clone(all)
	for len(left) > 0 {
		reached := []int{left[0]}
		left = left[1:]
		for len(reached) > 0 && len(left) > 0 {
			n := reached[0]
			reached = reached[1:]
			var apart []int
			for _, other := range left {
				if _, is := g.apart[pairOf(n, other)]; is {
					apart = append(apart, other)
					continue
				}
				roots.join(n, other)
				reached = append(reached, other)
			}
			left = apart
		}
	}
}

// union has for each person another one on the way to the root of all connected with it. A root has itself.
type union []int

func (u union) of(n int) int {
	for n != u[n] {
		u[n] = u[u[n]]
		n = u[n]
	}
	return n
}

func (u union) join(a, b int) { u[u.of(b)] = u.of(a) }
