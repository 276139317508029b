package testkit

import (
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// The timeouts are generous because many test processes may start clusters at once on few cores.
const (
	startTimeout     = 2 * time.Minute
	answerTimeout    = 15 * time.Second // another program on our port may accept and never respond
	statementTimeout = 2 * time.Minute
)

// Server is a PostgreSQL cluster of this test process, on a loopback port and in a temporary folder.
type Server struct {
	folder   string
	bin      string
	port     int
	password string
	settings []string
	copying  string // the cheapest strategy of CREATE DATABASE to copy a template
	patroni  bool   // it is run by Patroni, with patroni.yml in its folder
	log      *os.File

	alive  *os.File      // the cluster ends when this is closed, by us or by the end of our process
	exited chan struct{} // closed once PostgreSQL has exited
}

// DSN returns the postgres:// address of the superuser's database, which is empty at first.
func (s *Server) DSN() string { return s.address("postgres") }

func (s *Server) address(database string) string {
	return fmt.Sprintf("postgres://postgres:%s@127.0.0.1:%d/%s?sslmode=disable", s.password, s.port, database)
}

// Crash kills PostgreSQL and returns once it has exited. Its next start has to recover from the log, as after a power cut.
func (s *Server) Crash(t testing.TB) {
	t.Helper()
	if _, err := s.alive.WriteString("crash\n"); err != nil {
		t.Fatal(err)
	}
	s.awaitExit()
}

// awaitExit waits until PostgreSQL, which was told to end or killed, has exited.
func (s *Server) awaitExit() {
	<-s.exited
	s.alive.Close()
}

// Restart starts PostgreSQL again after [Server.Crash], at the same address and on the same data.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
}

// execute runs one statement as the superuser, on a connection of its own.
func (s *Server) execute(timeout time.Duration, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.DSN())
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

// findCopying sets copying by the server's version: since PostgreSQL 15 a template is copied through the log by default.
func (s *Server) findCopying() error {
	var version int
	if err := s.query("postgres", "SELECT current_setting('server_version_num')::int", &version); err != nil {
		return err
	}
	if version >= 15_00_00 {
		s.copying = " STRATEGY FILE_COPY"
	}
	return nil
}

// startServer creates a cluster and waits until it accepts connections. Its password has two reasons: it keeps other users
// of the machine out, and it tells our server from one that took our port first.
func startServer(settings ...string) (*Server, error) {
	bin, err := postgresBin()
	if err != nil {
		return nil, err
	}
	for attempt := 1; ; attempt++ {
		s := &Server{bin: bin, password: rand.Text(), settings: settings}
		err := s.prepare()
		if err == nil {
			err = s.start()
		}
		if err == nil {
			err = s.findCopying()
		}
		if err == nil {
			return s, nil
		}
		s.close()
		if attempt == 3 || !errors.Is(err, errPortTaken) {
			return nil, err
		}
	}
}

var errPortTaken = errors.New("another process took the port")

// prepare creates the folder and finds a free port.
func (s *Server) prepare() (err error) {
	if s.folder, err = os.MkdirTemp("", "lobby-postgres-"); err != nil {
		return err
	}
	password := filepath.Join(s.folder, "password")
	if err := os.WriteFile(password, []byte(s.password), 0o600); err != nil {
		return err
	}
	if s.log, err = os.Create(filepath.Join(s.folder, "log")); err != nil {
		return err
	}
	if err := giveToServer(s.folder, password); err != nil {
		return err
	}
	s.port, err = freePort()
	return err
}

// keeper is the script of PostgreSQL's parent process. It outlives the test binary, even one that panics or is killed.
//
//go:embed postgres_keeper.sh
var keeper string

// start runs PostgreSQL under its keeper and waits until it accepts connections.
func (s *Server) start() error {
	alive, ours, err := os.Pipe()
	if err != nil {
		return err
	}
	defer alive.Close()
	cmd := exec.Command("sh", append([]string{"-c", keeper, "keeper", s.bin}, s.options()...)...)
	if s.patroni {
		cmd = exec.Command("sh", "-c", patroniKeeper)
	}
	cmd.Dir = s.folder
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "PG") })
	cmd.Stdin, cmd.Stdout, cmd.Stderr = alive, s.log, s.log
	// In a session of its own the keeper does not get the terminal's Ctrl-C, and can stop PostgreSQL properly.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: credential()}
	if err := cmd.Start(); err != nil {
		ours.Close()
		return fmt.Errorf("start PostgreSQL in %s: %w", s.folder, err)
	}
	exited := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(exited)
	}()
	s.alive, s.exited = ours, exited
	return s.awaitReady()
}

func (s *Server) options() []string {
	options := []string{
		"-c", "port=" + strconv.Itoa(s.port),
		"-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories=",
		"-c", "max_connections=200",
		"-c", "shared_buffers=32MB",
		"-c", "autovacuum=" + map[bool]string{true: "on", false: "off"}[IsDeep()], // plans made for empty tables do not suit large ones
		"-c", "autovacuum_naptime=10s",
		"-c", "timezone=UTC",
	}
	for _, setting := range s.settings {
		options = append(options, "-c", setting)
	}
	return options
}

func (s *Server) awaitReady() error {
	deadline := time.After(startTimeout)
	for {
		err := s.execute(answerTimeout, "SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-s.exited:
			return s.startError("PostgreSQL ended at once")
		case <-deadline:
			return s.startError(fmt.Sprintf("PostgreSQL does not answer after %v: %v", startTimeout, err))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// startError returns an error with the cluster's log.
func (s *Server) startError(what string) error {
	size, err := s.log.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	log := make([]byte, size)
	if _, err := s.log.ReadAt(log, 0); err != nil {
		return err
	}
	if strings.Contains(string(log), "could not bind") {
		return fmt.Errorf("%w: %s\n%s", errPortTaken, what, log)
	}
	return fmt.Errorf("%s:\n%s", what, log)
}

// close stops the cluster, waits until it has exited and removes its folder. It may be called at any stage of the start.
func (s *Server) close() {
	if s.alive != nil {
		s.alive.Close()
		<-s.exited
	}
	if s.log != nil {
		s.log.Close()
	}
	if s.folder != "" {
		os.RemoveAll(s.folder)
	}
}

// postgresBin returns the folder of initdb and postgres. If LOBBY_TEST_PG_BIN is set, it looks nowhere else.
func postgresBin() (string, error) {
	if bin := os.Getenv("LOBBY_TEST_PG_BIN"); bin != "" {
		if !hasServer(bin) {
			return "", fmt.Errorf("LOBBY_TEST_PG_BIN: no initdb and postgres in %s", bin)
		}
		return bin, nil
	}
	if initdb, err := exec.LookPath("initdb"); err == nil {
		// PATH may have only a link; postgres is beside its target.
		if real, err := filepath.EvalSymlinks(initdb); err == nil && hasServer(filepath.Dir(real)) {
			return filepath.Dir(real), nil
		}
	}
	return newestServer("/usr/lib/postgresql/*/bin")
}

// newestServer returns the folder with the highest major version, which is the name of its parent folder.
func newestServer(pattern string) (string, error) {
	folders, err := filepath.Glob(pattern)
	if err != nil {
		return "", err
	}
	newest, best := 0, ""
	for _, folder := range folders {
		major, err := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
		if err == nil && major > newest && hasServer(folder) {
			newest, best = major, folder
		}
	}
	if best == "" {
		return "", errNoPostgres
	}
	return best, nil
}

func hasServer(folder string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		if _, err := exec.LookPath(filepath.Join(folder, name)); err != nil {
			return false
		}
	}
	return true
}
