package httpserver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pair writes a new certificate and its key, for a name, into two files.
func pair(t *testing.T, certFile, keyFile, name string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: cert}, keyFile: {Type: "PRIVATE KEY", Bytes: der}} {
		if file == "" {
			continue
		}
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestANewCertificateIsNoticed(t *testing.T) {
	t.Parallel()
	folder, log := t.TempDir(), new(logged)
	certFile, keyFile := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	c := &certificate{certFile: certFile, keyFile: keyFile, log: slog.New(slog.NewJSONHandler(log, nil))}
	name := func() string {
		t.Helper()
		c.looked = time.Time{} // long ago
		got, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return got.Leaf.Subject.CommonName
	}
	pair(t, certFile, keyFile, "first")
	if err := c.load(); err != nil || name() != "first" {
		t.Fatalf("the first certificate: %v", err)
	}
	pair(t, certFile, keyFile, "second")
	if got := name(); got != "second" {
		t.Errorf("after a change it is %s", got)
	}
	for _, spoil := range []func(){
		func() { pair(t, certFile, "", "third") }, // whose key is not there yet
		func() { _ = os.Remove(keyFile) },
		func() { _ = os.WriteFile(certFile, []byte("nonsense"), 0o600) },
	} {
		spoil()
		if got := name() + name(); got != "secondsecond" {
			t.Errorf("with files that are no pair it is %s", got)
		}
	}
	if !strings.Contains(log.String(), "the new certificate cannot be used") || strings.Contains(log.String(), "nonsense") {
		t.Errorf("the log has %s", log.String())
	}
	pair(t, certFile, keyFile, "fourth")
	if got := name(); got != "fourth" {
		t.Errorf("after it was mended it is %s", got)
	}
	pair(t, certFile, keyFile, "fifth")
	if got, _ := c.get(nil); got.Leaf.Subject.CommonName != "fourth" {
		t.Error("the files are read again within a second")
	}
}

func TestUnfinishedHandshakesKeepNobodyOut(t *testing.T) {
	t.Parallel()
	certFile, keyFile := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	pair(t, certFile, keyFile, "lobby.test")
	config, err := FileTLS(certFile, keyFile, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, Options{TLS: config, Limits: Limits{AddressConnections: 4}, Timeouts: Timeouts{Header: time.Hour}})
	for range 20 {
		c, err := net.Dial("tcp", s.address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // its own
	defer client.CloseIdleConnections()
	response, err := client.Get("https://" + s.address + "/visitors")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if strings.Contains(s.log.String(), "handshake") {
		t.Errorf("the log has %s", s.log.String())
	}
}

func TestACertificateThatCannotBeFetchedIsTold(t *testing.T) {
	t.Parallel()
	log := new(logged)
	config := ACME{
		Domains: []string{"lobby.example.com"}, Folder: t.TempDir(), Directory: "https://127.0.0.1:1/dir", Log: slog.New(slog.NewJSONHandler(log, nil)),
	}.TLS()
	for range 2 {
		for _, name := range []string{"LOBBY.example.com", "evil.example.com", ""} {
			if _, err := config.GetCertificate(&tls.ClientHelloInfo{ServerName: name}); err == nil {
				t.Errorf("%q has a certificate", name)
			}
		}
	}
	if n := strings.Count(log.String(), "there is no certificate"); n != 1 || strings.Contains(log.String(), "evil") {
		t.Errorf("told %d times: %s", n, log.String())
	}
}

func TestHTTPSIsServedInBothVersionsOfHTTP(t *testing.T) {
	t.Parallel()
	certFile, keyFile := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	if _, err := FileTLS(certFile, keyFile, slog.Default()); err == nil {
		t.Error("files that are not there are accepted")
	}
	pair(t, certFile, keyFile, "lobby.test")
	config, err := FileTLS(certFile, keyFile, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	o := answering(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS == nil {
			t.Error("the handler does not see that it is TLS")
		}
		_, _ = io.WriteString(w, r.Proto)
	})
	o.TLS = config
	s := start(t, o)
	for _, want := range []string{"HTTP/1.1", "HTTP/2.0"} {
		client := http.Client{Transport: &http.Transport{
			ForceAttemptHTTP2: want == "HTTP/2.0",
			TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // its own
		}}
		for range 2 {
			response, err := client.Get("https://" + s.address + "/visitors")
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			if _ = response.Body.Close(); err != nil || string(body) != want || response.Header.Get("X-Request-Id") == "" {
				t.Errorf("%q %v: %v, want %s", body, response.Header, err, want)
			}
		}
		client.CloseIdleConnections()
	}
	c, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if answer, _ := io.ReadAll(c); !strings.HasPrefix(string(answer), "HTTP/1.0 400 ") {
		t.Errorf("plain HTTP got %q", answer)
	}
}
