package testkit

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// Patroni is two PostgreSQL servers that Patroni runs, one of which is the synchronous standby of the other, and an etcd.
type Patroni struct {
	nodes [2]*Server
	names [2]string
	apis  [2]string // the host and port of each Patroni
}

var (
	//go:embed patroni.yml
	patroniSettings string
	//go:embed patroni_keeper.sh
	patroniKeeper string
)

var errNoPatroni = fmt.Errorf("Patroni is %w: install the Debian packages patroni and etcd-server", errNotInstalled)

// NewPatroni starts a cluster that ends with t. If one of its programs is not installed, it skips or fails t like [Postgres].
func NewPatroni(t testing.TB) *Patroni {
	t.Helper()
	for _, program := range []string{"patroni", "etcd"} {
		if _, err := exec.LookPath(program); err != nil {
			skipOrFail(t, errNoPatroni)
		}
	}
	bin, err := postgresBin()
	if err != nil {
		skipOrFail(t, err)
	}
	p := &Patroni{names: [2]string{"east", "west"}}
	etcd, password := startEtcd(t), rand.Text()
	for i := range p.nodes {
		node := &Server{bin: bin, password: password, patroni: true}
		t.Cleanup(node.close)
		if err := node.prepare(); err != nil {
			t.Fatal(err)
		}
		p.nodes[i], p.apis[i] = node, freeAddress(t)
		node.configure(t, map[string]string{"name": p.names[i], "api": p.apis[i], "etcd": etcd})
		node.Restart(t)
	}
	p.AwaitStandby(t)
	return p
}

// configure writes the settings of the node's Patroni.
func (s *Server) configure(t testing.TB, values map[string]string) {
	t.Helper()
	values["folder"], values["bin"], values["password"], values["port"] = s.folder, s.bin, s.password, strconv.Itoa(s.port)
	text := os.Expand(patroniSettings, func(name string) string { return values[name] })
	writeSettings(t, filepath.Join(s.folder, "patroni.yml"), text)
}

// startEtcd runs an etcd of one member until t ends, and returns its host and port.
func startEtcd(t testing.TB) string {
	t.Helper()
	clients, peers := freeAddress(t), "http://"+freeAddress(t)
	runServer(t, serverFolder(t, "lobby-etcd-"), "etcd", "--log-level=error", "--data-dir=data",
		"--listen-client-urls=http://"+clients, "--advertise-client-urls=http://"+clients,
		"--listen-peer-urls="+peers, "--initial-advertise-peer-urls="+peers, "--initial-cluster=default="+peers)
	return clients
}

// Nodes returns the two servers.
func (p *Patroni) Nodes() [2]*Server { return p.nodes }

// member is what Patroni says of a node. Its role is leader, sync_standby or replica.
type member struct{ Name, Role, State string }

func (p *Patroni) members() (roles map[string]member) {
	for _, api := range p.apis {
		text, err := ask(http.MethodGet, api, "/cluster", nil)
		var cluster struct{ Members []member }
		if err != nil || json.Unmarshal(text, &cluster) != nil {
			continue
		}
		roles = map[string]member{}
		for _, m := range cluster.Members {
			roles[m.Name] = m
		}
		return roles
	}
	return nil
}

// AwaitStandby waits until Patroni could make the standby the primary without losing a commit.
func (p *Patroni) AwaitStandby(t testing.TB) {
	t.Helper()
	p.await(t, "a synchronous standby", func() bool {
		found := map[string]bool{}
		for _, m := range p.members() {
			found[m.Role] = m.State == "running" || m.State == "streaming"
		}
		return found["leader"] && found["sync_standby"]
	})
}

func (p *Patroni) await(t testing.TB, what string, stands func() bool) {
	t.Helper()
	for deadline := time.Now().Add(startTimeout); !stands(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("Patroni has no %s after %v: %v", what, startTimeout, p.members())
		}
	}
}

// Reign is the time from the start of a primary to its end.
type Reign struct {
	Node  int // the index of the server
	since time.Time
}

// Primary returns who reigns. It is false while nobody does.
func (p *Patroni) Primary() (Reign, bool) {
	for i, node := range p.nodes {
		r, follows := Reign{Node: i}, true
		if err := node.query("postgres", "SELECT pg_is_in_recovery(), pg_postmaster_start_time()", &follows, &r.since); err == nil && !follows {
			return r, true
		}
	}
	return Reign{}, false
}

// AwaitPrimary waits until there is another primary than before, or the same after it started again.
func (p *Patroni) AwaitPrimary(t testing.TB, before Reign) {
	t.Helper()
	p.await(t, "new primary", func() bool {
		now, stands := p.Primary()
		return stands && (now.Node != before.Node || !now.since.Equal(before.since))
	})
}

// KillPostgres kills all processes of a node's PostgreSQL. Its Patroni sees to the rest.
func (p *Patroni) KillPostgres(t testing.TB, node int) { p.nodes[node].killProcesses(t) }

// KillNode kills the processes of a node's PostgreSQL, and its Patroni.
func (p *Patroni) KillNode(t testing.TB, node int) {
	t.Helper()
	s := p.nodes[node]
	patroni := s.pid(t, "patroni.pid")
	s.killProcesses(t)
	_ = syscall.Kill(patroni, syscall.SIGKILL)
	s.awaitExit()
}

// StartNode starts Patroni again after [Patroni.KillNode].
func (p *Patroni) StartNode(t testing.TB, node int) { p.nodes[node].Restart(t) }

// SwitchOver has Patroni make the other node the primary, and returns once it is.
func (p *Patroni) SwitchOver(from int) error {
	return p.order(from, "/switchover", map[string]string{"leader": p.names[from], "candidate": p.names[1-from]})
}

// RestartPostgres has Patroni restart the PostgreSQL of a node, and returns once it runs again.
func (p *Patroni) RestartPostgres(node int) error {
	return p.order(node, "/restart", map[string]string{})
}

func (p *Patroni) order(node int, path string, body any) error {
	text, err := ask(http.MethodPost, p.apis[node], path, body)
	if err != nil {
		return fmt.Errorf("ask Patroni for %s: %w %s", path, err, text)
	}
	return nil
}

func ask(method, api, path string, body any) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	sent, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://"+api+path, bytes.NewReader(sent))
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", answer.StatusCode)
	}
	return text, err
}
