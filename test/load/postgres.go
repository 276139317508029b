package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	accounts "os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// postgresServer is a PostgreSQL server of this program. It listens on a socket in its folder, which no other user can
// enter.
type postgresServer struct {
	folder string
	cmd    *exec.Cmd
}

// clusterSettings are the PostgreSQL settings, with the memory of a small server.
var clusterSettings = []string{"listen_addresses=", "shared_buffers=256MB", "max_connections=50", "timezone=UTC"}

// startCluster creates and starts a PostgreSQL server, and waits until it accepts connections.
func startCluster(ctx context.Context) (*postgresServer, error) {
	folder, err := os.MkdirTemp("", "lobby-pg-")
	if err != nil {
		return nil, err
	}
	c := &postgresServer{folder: folder}
	if err := c.start(ctx); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

func (c *postgresServer) start(ctx context.Context) error {
	bin, err := postgresBin()
	if err != nil {
		return err
	}
	as, err := notRoot(c.folder)
	if err != nil {
		return err
	}
	data := filepath.Join(c.folder, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
	initdb.Dir, initdb.SysProcAttr = c.folder, as
	if said, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, said)
	}
	args := []string{"-D", data, "-c", "unix_socket_directories=" + c.folder}
	for _, setting := range clusterSettings {
		args = append(args, "-c", setting)
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), args...)
	cmd.Dir, cmd.SysProcAttr = c.folder, as
	if err := cmd.Start(); err != nil {
		return err
	}
	c.cmd = cmd
	for begin := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		err := execPostgres(ctx, c.address("postgres"), "SELECT 1")
		if err == nil || time.Since(begin) > time.Minute {
			return err
		}
	}
}

func (c *postgresServer) address(database string) string {
	return "postgres:///" + database + "?user=postgres&host=" + c.folder
}

func (c *postgresServer) pid() int { return c.cmd.Process.Pid }

// stop stops the server and removes its folder.
func (c *postgresServer) stop() (err error) {
	if c.cmd != nil {
		c.cmd.Process.Signal(syscall.SIGINT) //nolint:errcheck // Wait says what became of it
		err = c.cmd.Wait()
	}
	return errors.Join(err, os.RemoveAll(c.folder))
}

// notRoot gives a folder to another user when this process runs as root, which PostgreSQL refuses to do.
func notRoot(folder string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	account, err := accounts.Lookup("postgres")
	if err != nil {
		if account, err = accounts.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, uidErr := strconv.Atoi(account.Uid)
	gid, gidErr := strconv.Atoi(account.Gid)
	if err := errors.Join(uidErr, gidErr); err != nil {
		return nil, err
	}
	as := &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return &syscall.SysProcAttr{Credential: as}, os.Chown(folder, uid, gid)
}

// postgresBin returns the folder of initdb and postgres.
func postgresBin() (string, error) {
	folders := []string{os.Getenv("LOBBY_TEST_PG_BIN")}
	if initdb, err := exec.LookPath("initdb"); err == nil {
		// PATH may name a mere link; postgres lies beside the real one.
		if real, err := filepath.EvalSymlinks(initdb); err == nil {
			folders = append(folders, filepath.Dir(real))
		}
	}
	installed, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.Reverse(installed)
	for _, folder := range append(folders, installed...) {
		if _, err := os.Stat(filepath.Join(folder, "initdb")); folder != "" && err == nil {
			return folder, nil
		}
	}
	return "", errors.New("PostgreSQL is not installed: install it, or measure with -databases sqlite")
}
