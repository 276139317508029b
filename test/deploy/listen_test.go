//go:build unix

package deploy

import (
	"crypto/tls"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestHealthAsksTheServerWithTheSameOptions(t *testing.T) {
	t.Parallel()
	cert, key, _ := certificate(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "lobby.sock")
	for name, options := range map[string][]string{
		"host and port": {"--listen", "127.0.0.1:" + freePort(t)},
		"every address": {"--listen", ":" + freePort(t)},
		"TLS":           {"--listen", "127.0.0.1:" + freePort(t), "--tls-cert", cert, "--tls-key", key},
		"socket file":   {"--listen", "unix:" + file},
		"TLS and probes apart": {
			"--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key, "--admin-listen", "unix:" + filepath.Join(folder, "admin.sock"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"health"}, options...)
			if status, printed := lobbyDoes(t, nil, args...); status != 1 || !strings.Contains(printed, "does not answer") {
				t.Errorf("without a server: %d %s", status, printed)
			}
			server, _ := serve(t, nil, options...)
			if status, printed := lobbyDoes(t, nil, args...); status != 0 || printed != "ready\n" {
				t.Errorf("with a server: %d %s", status, printed)
			}
			if err := server.stop(); err != nil {
				t.Error(err)
			}
			if status, _ := lobbyDoes(t, nil, args...); status != 1 {
				t.Errorf("after the server: %d", status)
			}
		})
	}
}

func TestHealthFailsWhereTheServerIsNotReady(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
	})}
	go server.Serve(l) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { _ = server.Close() })
	status, printed := lobbyDoes(t, []string{"LOBBY_LISTEN=" + l.Addr().String()}, "health")
	if status != 1 || !strings.Contains(printed, "answers 503: not ready") {
		t.Errorf("%d %s", status, printed)
	}
	if status, _ := lobbyDoes(t, nil, "health", "--listen", "nonsense"); status != 2 {
		t.Errorf("a mistake in the options: %d", status)
	}
}

func TestASocketFileIsTakenOnlyFromTheDead(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "lobby.sock")
	first, _ := serve(t, nil, "--listen", "unix:"+file, "--socket-mode", "0600")
	if info, err := os.Lstat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v: %v", info, err)
	}
	status, printed := lobbyDoes(t, nil, "serve", "--ephemeral", "--listen", "unix:"+file)
	if status != 2 || !strings.Contains(printed, "cannot listen on unix:"+file+": bind: address already in use") {
		t.Errorf("a second server: %d %s", status, printed)
	}
	_ = first.cmd.Process.Kill()
	<-first.done
	if _, err := os.Lstat(file); err != nil {
		t.Fatalf("a killed server took its file along: %v", err)
	}
	serve(t, nil, "--listen", "unix:"+file)
	if response := raw(t, "unix", file, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"); response.StatusCode != http.StatusOK {
		t.Errorf("after the dead one: %s", response.Status)
	}
}

// passing runs a command with sockets that it inherits, as a service manager does.
func passing(t *testing.T, names string, sockets []net.Listener, args ...string) *exec.Cmd {
	t.Helper()
	// The shell's process becomes that of the program.
	cmd := exec.Command("sh", append([]string{"-c", `LISTEN_PID=$$ exec "$0" "$@"`, lobby(t)}, args...)...)
	cmd.Env = append(os.Environ(), "LISTEN_FDS="+string(rune('0'+len(sockets))), "LISTEN_FDNAMES="+names)
	for _, l := range sockets {
		file, err := l.(interface{ File() (*os.File, error) }).File()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = file.Close() })
		cmd.ExtraFiles = append(cmd.ExtraFiles, file)
	}
	return cmd
}

func TestSocketsOfAServiceManagerAreTaken(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "lobby.sock")
	var sockets []net.Listener
	for _, address := range []string{file, "127.0.0.1:0"} {
		network := "tcp"
		if address == file {
			network = "unix"
		}
		l, err := net.Listen(network, address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		sockets = append(sockets, l)
	}
	names, admin := "web:admin", sockets[1].Addr()
	args := []string{"serve", "--ephemeral", "--listen", "127.0.0.1:1"} // which nobody may take
	p := run(t, passing(t, names, sockets, args...))
	p.awaitReady(t)
	for address, want := range map[net.Addr]int{sockets[0].Addr(): http.StatusNotFound, admin: http.StatusOK} {
		if got := raw(t, address.Network(), address.String(), "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"); got.StatusCode != want {
			t.Errorf("/metrics on %s: %s, want %d", address, got.Status, want)
		}
	}
	if err := p.stop(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if _, err := os.Lstat(file); err != nil {
		t.Errorf("it has removed the service manager's file: %v", err)
	}
	for names, want := range map[string]string{
		"":            "the service manager passed 2 sockets, and more than one",
		"admin:admin": "the service manager passed 2 sockets, and more than one named admin",
	} {
		out, err := passing(t, names, sockets, args...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("named %q: %v %s", names, err, out)
		}
	}
	if out, err := passing(t, "admin", sockets[:1], args...).CombinedOutput(); err == nil || !strings.Contains(string(out), "named admin only") {
		t.Errorf("only one named admin: %v %s", err, out)
	}
}

func TestANewCertificateNeedsNoRestart(t *testing.T) {
	t.Parallel()
	cert, key, _ := certificate(t)
	server, address := serve(t, nil, "--tls-cert", cert, "--tls-key", key)
	address, isTLS := strings.CutPrefix(address, "https://")
	if !isTLS {
		t.Fatalf("it listens on %s", address)
	}
	serial := func() string {
		c, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // the certificate is of the test's own
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close() //nolint:errcheck // nothing was sent
		return c.ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	before := serial()
	newCert, newKey, _ := certificate(t)
	for from, to := range map[string]string{newCert: cert, newKey: key} {
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	server.await(t, "the new certificate", func() bool { return serial() != before })
	c := newClient("https://lobby.test", strings.TrimPrefix(address, "127.0.0.1:"), "127.0.0.2")
	c.walk(t)
	if response, _ := c.do(t, http.MethodGet, c.base+"/contacts", ""); response.ProtoMajor != 2 {
		t.Errorf("it speaks %s", response.Proto)
	}
}

func TestASecretMayBeInAFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "token")
	write(t, file, "another-token-for-deployments\n")
	cmd := exec.Command(lobby(t), "serve", "--ephemeral", "--listen", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), "LOBBY_ACCESS_TOKEN_FILE="+file)
	p := run(t, cmd)
	p.awaitReady(t)
	address := strings.TrimPrefix(listening.FindStringSubmatch(p.out.String())[1], "http://")
	response := raw(t, "tcp", address, "GET /me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer another-token-for-deployments\r\n\r\n")
	if response.StatusCode != http.StatusOK {
		t.Errorf("the token of the file: %s", response.Status)
	}
	_, log, _ := strings.Cut(p.out.String(), "msg=ready")
	if strings.Contains(log, "another-token") || !strings.Contains(log, "access-token=(set)") {
		t.Errorf("the log has %s", log)
	}
}
