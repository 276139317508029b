package app_test

import (
	"fmt"
	"os"
	"testing"

	"lobby/internal/testkit"
)

// managed is two servers that Patroni runs, each behind a cable that can be cut.
type managed struct {
	*testkit.Patroni
	cables [2]*testkit.Proxy
}

// managedFaults are what may become of a primary that Patroni runs. Each returns when there is one again, and what
// an operator then does to the machines: nothing but to turn a dead one on.
var managedFaults = []struct {
	name string
	run  func(t *testing.T, m *managed, primary testkit.Reign) (mend func())
}{
	{"killed", func(t *testing.T, m *managed, primary testkit.Reign) func() {
		m.KillPostgres(t, primary.Node)
		m.AwaitPrimary(t, primary)
		return func() {}
	}},
	{"node killed", func(t *testing.T, m *managed, primary testkit.Reign) func() {
		m.cables[primary.Node].Drop()
		m.KillNode(t, primary.Node)
		m.AwaitPrimary(t, primary)
		return func() {
			m.cables[primary.Node].Pass()
			m.StartNode(t, primary.Node)
		}
	}},
	{"switched over", func(t *testing.T, m *managed, primary testkit.Reign) func() {
		return m.await(t, primary, func() error { return m.SwitchOver(primary.Node) })
	}},
	{"rolling restart", func(t *testing.T, m *managed, primary testkit.Reign) func() {
		if err := m.RestartPostgres(1 - primary.Node); err != nil {
			t.Fatal(err)
		}
		m.AwaitStandby(t)
		return m.await(t, primary, func() error { return m.RestartPostgres(primary.Node) })
	}},
}

// await gives Patroni an order and waits until there is another primary. What it returns waits until Patroni is done.
func (m *managed) await(t *testing.T, primary testkit.Reign, order func() error) (done func()) {
	t.Helper()
	ordered := make(chan error, 1)
	go func() { ordered <- order() }()
	m.AwaitPrimary(t, primary)
	return func() {
		if err := <-ordered; err != nil {
			t.Error(err)
		}
	}
}

// Patroni decides who is the primary, and Lobby follows: nothing that was acknowledged is lost, and nobody has to help.
func TestWhatWasAcknowledgedOutlivesThePrimaryOfPatroni(t *testing.T) {
	if os.Getenv("LOBBY_TEST_DEEP") != "1" {
		t.Skip("a part of make test-deep")
	}
	t.Parallel()
	const rounds, changes = 5, 2_000 // 20 rounds, 10,000 changes around each fault
	m := &managed{Patroni: testkit.NewPatroni(t)}
	nodes := m.Nodes()
	for i, node := range nodes {
		m.cables[i] = testkit.NewProxy(t, node.Address())
	}
	dsn := nodes[0].Through("&target_session_attrs=read-write", m.cables[0].Address(), m.cables[1].Address())
	servers := serveTogether(t, 2, "--database", dsn, "--database-timeout=5s")
	totals := map[string]outcome{}
	for round := range rounds {
		for _, fault := range managedFaults {
			m.AwaitStandby(t)
			primary, stands := m.Primary()
			if !stands {
				t.Fatal("there is no primary")
			}
			o := outlive(t, servers, fmt.Sprint(fault.name, " ", round), changes, func() func() { return fault.run(t, m, primary) })
			t.Log(o)
			totals[fault.name] = totals[fault.name].add(o)
		}
	}
	for _, fault := range managedFaults {
		o := totals[fault.name]
		o.name = fmt.Sprint(fault.name, ", ", rounds, " rounds")
		t.Log(o)
	}
}

// add returns the sums of two outcomes, and the longest of their times.
func (o outcome) add(other outcome) outcome {
	sum := outcome{
		acked: o.acked + other.acked, lost: o.lost + other.lost, statuses: map[int]int{},
		outage: max(o.outage, other.outage), mending: max(o.mending, other.mending),
	}
	for _, statuses := range []map[int]int{o.statuses, other.statuses} {
		for status, count := range statuses {
			sum.statuses[status] += count
		}
	}
	return sum
}
