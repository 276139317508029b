package crash

import (
	"fmt"
	"io"
	"net"
	"net/http"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

const (
	// mailsInHand is how many mails a server sends at once, and so how many a kill may repeat or delay.
	mailsInHand = 4
	// mailLease is how long a mail waits that a server had in hand when it was killed.
	mailLease = 2 * time.Minute
)

// postOffice is a mail server that takes its time, and counts the mails by their Message-ID.
type postOffice struct {
	mu    sync.Mutex
	count map[string]int
}

func (p *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return letterBox{p}, nil }

type letterBox struct{ office *postOffice }

func (letterBox) Mail(string, *smtp.MailOptions) error { return nil }
func (letterBox) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (letterBox) Reset()                               {}
func (letterBox) Logout() error                        { return nil }

func (b letterBox) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, m.Body); err != nil {
		return err
	}
	time.Sleep(20 * time.Millisecond)
	b.office.mu.Lock()
	defer b.office.mu.Unlock()
	b.office.count[m.Header.Get("Message-Id")]++
	return nil
}

// taken returns how many mails there are, and how many came again.
func (p *postOffice) taken() (mails, again int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range p.count {
		mails++
		again += n - 1
	}
	return mails, again
}

// TestNoMailIsLostThoughTheServerIsKilled kills a server that sends mail. Only what it had in hand may come twice, or late:
// to see it come takes LOBBY_TEST_DEEP=1 and two minutes.
func TestNoMailIsLostThoughTheServerIsKilled(t *testing.T) {
	t.Parallel()
	office := &postOffice{count: map[string]int{}}
	outside := smtp.NewServer(office)
	outside.Domain = "127.0.0.1"
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go outside.Serve(listener) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { outside.Close() })
	folder := filepath.Join(t.TempDir(), "data")
	options := fmt.Sprintf("export LOBBY_SMTP='smtp://%s?tls=off' LOBBY_SMTP_FROM=post@lobby.example.com LOBBY_PUBLIC_URL=https://lobby.example.com", listener.Addr())
	s := start(t, folder, options)
	if status := post(s, "/contacts", `{"role":"user","external_id":"ada","email":"ada@example.com"}`); status != http.StatusOK {
		t.Fatalf("the contact: %d", status)
	}
	const kills, between = 3, 20
	written := 0
	for k := range kills {
		for range between {
			body := `{"message_type":"email","subject":"Hello","body":"Hello","from":{"type":"admin","id":1},"to":{"type":"user","user_id":"ada"}}`
			if status := post(s, "/messages", body); status != http.StatusOK {
				t.Fatalf("message %d: %d", written, status)
			}
			written++
		}
		for began := time.Now(); ; time.Sleep(time.Millisecond) {
			if mails, _ := office.taken(); mails >= between*k+between/4 {
				break
			}
			if time.Since(began) > patience {
				t.Fatalf("nothing is sent\n%s", s.logged())
			}
		}
		s.kill()
		s = start(t, folder, options)
	}
	want, wait := written-kills*mailsInHand, patience
	if os.Getenv("LOBBY_TEST_DEEP") == "1" {
		want, wait = written, mailLease+patience
	}
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		mails, again := office.taken()
		if again > kills*mailsInHand {
			t.Fatalf("%d mails came again", again)
		}
		if mails >= want {
			t.Logf("%d of %d mails came, %d of them again", mails, written, again)
			break
		}
		if time.Since(began) > wait {
			t.Fatalf("%d of %d mails came\n%s", mails, written, s.logged())
		}
	}
	if log := s.logged(); strings.Contains(log, "ada@example.com") {
		t.Errorf("the log names a contact:\n%s", log)
	}
	s.stop()
	fsck(t, folder)
}
