//go:build unix

package deploy

import (
	"crypto/tls"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// authority starts Pebble, the certificate authority that Let's Encrypt has for tests. It finds every name on
// 127.0.0.1 and proves it at a port. It returns the address of the directory and the certificate to trust.
func authority(t *testing.T, port string) (directory, trusted string) {
	t.Helper()
	folder := t.TempDir()
	compile := exec.Command("go", "build", "-modfile=tools/go.mod", "-o", folder+"/",
		"github.com/letsencrypt/pebble/v2/cmd/pebble", "github.com/letsencrypt/pebble/v2/cmd/pebble-challtestsrv")
	compile.Dir, compile.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	names := "127.0.0.1:" + freePort(t)
	dns := run(t, exec.Command(filepath.Join(folder, "pebble-challtestsrv"), "-dnsserver", names, "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "",
		"-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", "", "-management", "127.0.0.1:"+freePort(t)))
	dns.awaitPort(t, strings.TrimPrefix(names, "127.0.0.1:"))

	cert, key, _ := certificate(t)
	listen := freePort(t)
	file := filepath.Join(folder, "pebble.json")
	write(t, file, fmt.Sprintf(`{"pebble":{"listenAddress":"127.0.0.1:%s","managementListenAddress":"127.0.0.1:%s","certificate":%q,"privateKey":%q,
		"httpPort":1,"tlsPort":%s,"retryAfter":{"authz":1,"order":1},"profiles":{"default":{"description":"for tests","validityPeriod":7776000}}}}`,
		listen, freePort(t), cert, key, port))
	cmd := exec.Command(filepath.Join(folder, "pebble"), "-config", file, "-dnsserver", names)
	cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0")
	run(t, cmd).awaitPort(t, listen)
	return "https://127.0.0.1:" + listen + "/dir", cert
}

func TestACertificateIsFetchedByACME(t *testing.T) {
	t.Parallel()
	port := freePort(t)
	directory, trusted := authority(t, port)
	folder := filepath.Join(t.TempDir(), "acme")
	env := []string{"SSL_CERT_FILE=" + trusted}
	options := []string{
		"--listen", "127.0.0.1:" + port, "--acme-domain", "lobby.test,people.test", "--acme-folder", folder, "--acme-directory", directory,
		"--acme-email", "owner@lobby.test",
	}
	serial := func(name string) (string, error) {
		c, err := tls.Dial("tcp", "127.0.0.1:"+port, &tls.Config{ServerName: name, InsecureSkipVerify: true}) //nolint:gosec // the authority is of the test's own
		if err != nil {
			return "", err
		}
		defer c.Close() //nolint:errcheck // nothing was sent
		leaf := c.ConnectionState().PeerCertificates[0]
		if !strings.HasPrefix(leaf.Issuer.CommonName, "Pebble") || leaf.VerifyHostname(name) != nil {
			t.Errorf("%s has a certificate of %v for %v", name, leaf.Issuer, leaf.DNSNames)
		}
		return leaf.SerialNumber.String(), nil
	}

	server, address := serve(t, env, options...)
	if address != "https://127.0.0.1:"+port || !strings.Contains(server.out.String(), "\n  url              https://lobby.test\n") {
		t.Errorf("it prints %s", server.out)
	}
	first, err := serial("lobby.test")
	if err != nil {
		t.Fatal(err)
	}
	if other, err := serial("people.test"); err != nil || other == first {
		t.Errorf("the second name: %v", err)
	}
	for _, name := range []string{"evil.test", "", "127.0.0.1"} {
		if _, err := serial(name); err == nil {
			t.Errorf("%q has a certificate", name)
		}
	}
	if status, printed := lobbyDoes(t, env, append([]string{"health"}, options...)...); status != 0 {
		t.Errorf("health: %d %s", status, printed)
	}
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	newClient("https://lobby.test", port, "127.0.0.2").walk(t)

	if err := server.stop(); err != nil {
		t.Error(err)
	}
	serve(t, env, options...)
	if again, err := serial("lobby.test"); err != nil || again != first {
		t.Errorf("after a restart it is another certificate: %v", err)
	}
}
