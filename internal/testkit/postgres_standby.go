package testkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Standby starts a second server that follows s, which waits for it at each commit. It ends with t.
func (s *Server) Standby(t testing.TB) *Server {
	t.Helper()
	standby := &Server{bin: s.bin, password: s.password, settings: s.settings, copying: s.copying}
	t.Cleanup(standby.close)
	if err := standby.prepare(); err != nil {
		t.Fatal(err)
	}
	standby.Follow(t, s)
	return standby
}

// Follow makes s, which is not running, a copy of another server that follows it. From then on the other one waits for s
// at each commit.
func (s *Server) Follow(t testing.TB, primary *Server) {
	t.Helper()
	data := filepath.Join(s.folder, "data")
	if err := os.RemoveAll(data); err != nil {
		t.Fatal(err)
	}
	copied := exec.Command(filepath.Join(s.bin, "pg_basebackup"), "-D", data, "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d", primary.DSN())
	copied.Dir = s.folder
	copied.SysProcAttr = &syscall.SysProcAttr{Credential: credential()}
	if said, err := copied.CombinedOutput(); err != nil {
		t.Fatalf("pg_basebackup: %v\n%s", err, said)
	}
	s.Restart(t)
	s.Set(t, "wal_retrieve_retry_interval", "200ms") // how long a primary that starts again has no standby
	primary.AwaitStandby(t)
}

// AwaitStandby waits until a standby follows, and has commits wait for it from then on.
func (s *Server) AwaitStandby(t testing.TB) {
	t.Helper()
	for deadline := time.Now().Add(startTimeout); ; time.Sleep(20 * time.Millisecond) {
		count := 0
		err := s.query("postgres", "SELECT count(*)::int FROM pg_stat_replication WHERE state = 'streaming'", &count)
		if err == nil && count > 0 {
			s.Set(t, "synchronous_standby_names", "*")
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("no standby follows: %v", err)
		}
	}
}

// Alone has commits wait for no standby.
func (s *Server) Alone(t testing.TB) {
	t.Helper()
	s.Set(t, "synchronous_standby_names", "")
}

// Promote makes a standby the primary, which waits for no standby of its own at first.
func (s *Server) Promote(t testing.TB) {
	t.Helper()
	var promoted bool
	s.Query(t, "SELECT pg_promote(true, 60)", &promoted)
	if !promoted {
		t.Fatalf("the standby at %s was not promoted", s.Address())
	}
	s.Alone(t)
}
