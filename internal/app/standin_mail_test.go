package app_test

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"
)

// acceptMail accepts all emails on a port of its own, and returns its address and a channel of the recipients.
func acceptMail(t *testing.T) (address string, recipients chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	recipients = make(chan string, 10)
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close() //nolint:errcheck // the other side closes it first
				fmt.Fprint(c, "220 ready\r\n")
				inText := false
				for lines := bufio.NewScanner(c); lines.Scan(); {
					line := lines.Text()
					switch {
					case inText && line != ".":
						continue
					case line == "DATA":
						inText = true
						fmt.Fprint(c, "354 go on\r\n")
						continue
					case strings.HasPrefix(line, "RCPT TO:"):
						recipients <- line
					}
					inText = false
					fmt.Fprint(c, "250 fine\r\n")
				}
			}()
		}
	}()
	return listener.Addr().String(), recipients
}

func TestTheClockSendsWhatIsDue(t *testing.T) {
	t.Parallel()
	address, recipients := acceptMail(t)
	s := startStandin(t, "--smtp=smtp://"+address+"?tls=off", "--smtp-from=post@lobby.example.com", "--public-url=https://lobby.example.com")
	s.control(t, "clock", `{"freeze":true,"set":"2026-01-31T12:00:00Z"}`)
	person := s.must(t, 200, "POST", "/contacts", `{"role":"user","external_id":"a","email":"ada@example.com"}`).get("id").(string)
	said := s.must(t, 200, "POST", "/conversations", `{"from":{"type":"user","id":"`+person+`"},"body":"hello"}`)
	s.must(t, 200, "POST", "/conversations/"+said.get("conversation_id").(string)+"/reply", `{"message_type":"comment","type":"admin","admin_id":"1","body":"yes"}`)
	s.control(t, "clock", `{"advance":"59 seconds"}`)
	if len(recipients) != 0 {
		t.Error("an email was sent before it was due")
	}
	s.control(t, "clock", `{"advance":"1 second"}`)
	select {
	case to := <-recipients:
		if !strings.Contains(to, "ada@example.com") {
			t.Errorf("the email is to %s", to)
		}
	default:
		t.Error("the clock was set, and no email was sent")
	}
}
