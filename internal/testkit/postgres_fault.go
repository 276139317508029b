package testkit

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// Execute runs one statement as the superuser, on a connection of its own.
func (s *Server) Execute(t testing.TB, statement string) {
	t.Helper()
	if err := s.execute(statementTimeout, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// Set changes a setting of the server, which its connections notice with their next statement.
func (s *Server) Set(t testing.TB, name, value string) {
	t.Helper()
	s.Execute(t, "ALTER SYSTEM SET "+name+" = '"+value+"'")
	s.Execute(t, "SELECT pg_reload_conf()")
	for deadline := time.Now().Add(statementTimeout); ; time.Sleep(10 * time.Millisecond) {
		var now string
		if err := s.query("postgres", "SELECT current_setting('"+name+"')", &now); err != nil || time.Now().After(deadline) {
			t.Fatalf("%s is %q: %v", name, now, err)
		}
		if now == value {
			return
		}
	}
}

// Query runs a statement as the superuser and scans its only row.
func (s *Server) Query(t testing.TB, statement string, into ...any) {
	t.Helper()
	if err := s.query("postgres", statement, into...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// Stop stops PostgreSQL as its operator would: it ends all connections, and what it has goes to its standby.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if err := syscall.Kill(s.postmaster(t), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	s.awaitExit()
}

// Freeze stops all processes of PostgreSQL where they are, until the function that it returns is called, or t ends.
// The kernel goes on accepting connections for them.
func (s *Server) Freeze(t testing.TB) (thaw func()) {
	t.Helper()
	all := s.processes(t)
	for _, pid := range all {
		_ = syscall.Kill(pid, syscall.SIGSTOP) // one that has just ended needs no stop
	}
	thaw = sync.OnceFunc(func() {
		for _, pid := range all {
			_ = syscall.Kill(pid, syscall.SIGCONT)
		}
	})
	t.Cleanup(thaw)
	return thaw
}

// Kill kills all processes of PostgreSQL at once, as the end of its machine would.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	s.killProcesses(t)
	s.awaitExit()
}

func (s *Server) killProcesses(t testing.TB) {
	t.Helper()
	for _, pid := range s.processes(t) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

func (s *Server) postmaster(t testing.TB) int {
	t.Helper()
	return s.pid(t, "data/postmaster.pid")
}

// pid returns the process that a file of the server's folder names in its first line.
func (s *Server) pid(t testing.TB, file string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.folder, file))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	pid, err := strconv.Atoi(string(first))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// processes returns the postmaster and its children.
func (s *Server) processes(t testing.TB) []int {
	t.Helper()
	all := []int{s.postmaster(t)}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(stats) == 0 {
		t.Skip("this system has no /proc")
	}
	for _, file := range stats {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // the process has ended
		}
		// The name, in brackets, may hold anything; behind it stand the state and the parent.
		_, rest, _ := strings.Cut(string(text[bytes.LastIndexByte(text, ')'):]), " ")
		fields := strings.Fields(rest)
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil && fields[1] == strconv.Itoa(all[0]) {
			all = append(all, pid)
		}
	}
	return all
}

// Proxy passes connections on to a server, until it is told to drop what comes.
type Proxy struct {
	listener net.Listener
	to       string
	dropping atomic.Bool

	mu   sync.Mutex
	open map[net.Conn]bool
}

// NewProxy starts a proxy for the server at a host and port, which ends with t.
func NewProxy(t testing.TB, to string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: l, to: to, open: map[net.Conn]bool{}}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { p.pass(c) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		p.mu.Lock()
		for c := range p.open {
			c.Close()
		}
		p.mu.Unlock()
		running.Wait()
	})
	return p
}

// Address is where the proxy listens.
func (p *Proxy) Address() string { return p.listener.Addr().String() }

// Drop has everything that comes vanish, on old connections and new ones, as on a cut network. Nobody is told.
func (p *Proxy) Drop() { p.dropping.Store(true) }

// Pass ends the connections that were cut, and passes on new ones again.
func (p *Proxy) Pass() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		c.Close()
	}
	p.dropping.Store(false)
}

func (p *Proxy) pass(client net.Conn) {
	p.keep(client)
	defer p.end(client)
	if p.dropping.Load() {
		_, _ = io.Copy(io.Discard, client)
		return
	}
	server, err := net.Dial("tcp", p.to)
	if err != nil {
		return
	}
	p.keep(server)
	defer p.end(server)
	var both sync.WaitGroup
	both.Go(func() { p.copy(server, client) })
	p.copy(client, server)
	both.Wait()
}

func (p *Proxy) copy(to, from net.Conn) {
	defer to.Close()
	buffer := make([]byte, 16<<10)
	for {
		n, err := from.Read(buffer)
		if p.dropping.Load() {
			_, _ = io.Copy(io.Discard, from)
			return
		}
		if err != nil {
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (p *Proxy) keep(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[c] = true
}

func (p *Proxy) end(c net.Conn) {
	c.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, c)
}

// Address is the host and port of the server.
func (s *Server) Address() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

// Through returns the DSN of the server by way of other hosts, each a host and port, with more parameters.
func (s *Server) Through(parameters string, hosts ...string) string {
	return strings.Replace(s.DSN(), s.Address(), strings.Join(hosts, ","), 1) + parameters
}
