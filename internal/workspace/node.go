package workspace

import "context"

// Node is a server that runs on the database.
type Node struct {
	ID string
	// SeenAt is when it last wrote, by its own clock.
	SeenAt int64
	// Counts is what it counted lately, as a text that other servers understand; "" for nothing.
	Counts string
}

// nodeLife is how many seconds a server that is silent stays in the list.
const nodeLife = 60

// OtherNodes returns the servers on the database besides the one with an id. A server that ended stays for a minute.
func (g *Registry) OtherNodes(ctx context.Context, id string) ([]*Node, error) {
	all, err := Read(ctx, g.Store, func(r Reader) ([]*Node, error) { return r.Nodes() })
	var others []*Node
	for _, n := range all {
		if n.ID != id {
			others = append(others, n)
		}
	}
	return others, err
}

// AnnounceNode stores that a server runs, and what it counted. It deletes those that have been silent for a minute.
func (g *Registry) AnnounceNode(ctx context.Context, n *Node) error {
	return g.Store.Write(ctx, func(w Writer) error {
		if err := w.PutNode(n); err != nil {
			return err
		}
		return w.DeleteNodes(n.SeenAt - nodeLife)
	})
}
