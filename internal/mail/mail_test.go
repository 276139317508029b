package mail_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"lobby/internal/inbox"
	"lobby/internal/mail"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// office is a server that sends mail to a mail server, and a contact, Ada.
type office struct {
	*testkit.Instance
	mails *mailServer
	ada   string
}

const base = "https://lobby.example.com/people"

// eachOffice runs a test on both databases.
func eachOffice(t *testing.T, test func(t *testing.T, o *office)) {
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) {
		m := serveMail(t)
		s := testkit.Start(t, database, testkit.Mail(m.url, "post@lobby.example.com"), testkit.PublicURL(base))
		o := &office{Instance: s, mails: m}
		o.set(t, `{"name":"Acme"}`)
		o.ada = o.contact(t, `{"role":"user","email":"ada@example.com","name":"Ada Öz"}`)
		test(t, o)
	})
}

func (o *office) set(t *testing.T, settings string) {
	t.Helper()
	if r := o.Do(t, "PUT", "/lobby/v1/settings", settings); r.Status != 200 {
		t.Fatal(r.Text)
	}
}

func (o *office) contact(t *testing.T, body string) string {
	t.Helper()
	return o.Do(t, "POST", "/contacts", body).Get("id").(string)
}

// write sends an email message to a contact.
func (o *office) write(t *testing.T, to, subject, body string) *testkit.Response {
	t.Helper()
	r := o.Do(t, "POST", "/messages", map[string]any{
		"message_type": "email", "subject": subject, "body": body, "from": map[string]any{"type": "admin", "id": 1}, "to": map[string]any{"type": "user", "id": to},
	})
	if r.Status != 200 {
		t.Fatal(r.Text)
	}
	return r
}

// run runs a sender until the test ends, or stop is called.
func (o *office) run(t *testing.T) (stop func()) {
	t.Helper()
	sender, err := mail.NewSender(mail.Options{
		Inbox: o.App.Inbox, Server: o.mails.url, From: "post@lobby.example.com", PublicURL: base, TLS: o.mails.roots,
		Log: slog.New(slog.DiscardHandler), Failed: func(err error) { t.Log(err) }, Spread: func() float64 { return 0.5 },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { sender.Run(ctx) })
	stop = func() { cancel(); running.Wait() }
	t.Cleanup(stop)
	return stop
}

// await waits until something is so.
func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	for until := time.Now().Add(time.Minute); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("it never came to be that " + what)
		}
	}
}

// state returns a mail by the number of its row.
func (o *office) state(t *testing.T, id int64) *inbox.Mail {
	t.Helper()
	m, err := workspace.Read(t.Context(), o.Store.Inbox(), func(r inbox.Reader) (*inbox.Mail, error) { return r.Mail(o.Workspace, id) })
	if err != nil || m == nil {
		t.Fatalf("mail %d is %v: %v", id, m, err)
	}
	return m
}

func (o *office) settled(t *testing.T, id int64, state inbox.MailState, reason string) {
	t.Helper()
	await(t, fmt.Sprintf("mail %d is %s", id, state), func() bool { return o.state(t, id).State == state })
	if m := o.state(t, id); m.Reason != reason {
		t.Errorf("mail %d is %s because of %q, want %q", id, state, m.Reason, reason)
	}
}

// has fails the test unless a contact has a member.
func (o *office) has(t *testing.T, id, member string, want any) {
	t.Helper()
	if got := o.Do(t, "GET", "/contacts/"+id, nil).Get(member); got != want {
		t.Errorf("%s is %v, want %v", member, got, want)
	}
}

// read returns the header of a mail and its parts, by media type.
func read(t *testing.T, m received) (netmail.Header, map[string]string) {
	t.Helper()
	parsed, err := netmail.ReadMessage(strings.NewReader(m.text))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("the mail is %s, %v\n%s", kind, err, m.text)
	}
	parts := map[string]string{}
	for all := multipart.NewReader(parsed.Body, params["boundary"]); ; {
		part, err := all.NextRawPart()
		if err == io.EOF {
			return parsed.Header, parts
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		parts[kind] = string(text)
	}
}

// follow sends a request to a link in a mail, at the server of the test.
func (o *office) follow(t *testing.T, method, address string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, strings.Replace(address, base, o.URL, 1), strings.NewReader("List-Unsubscribe=One-Click"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

func TestAnEmailIsSentAndOneClickEndsIt(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.set(t, `{"email_reply_to":"help@acme.example"}`)
		if r := o.write(t, o.ada, "Grüße\r\nBcc: eve@example.com", "<p>Hello <a href=\"https://example.com/a?b=1&c=2\">there</a></p><script>x</script>"); r.Header.Get("Lobby-Email") != "queued" {
			t.Errorf("Lobby-Email is %q", r.Header.Get("Lobby-Email"))
		}
		o.run(t)
		o.settled(t, 1, inbox.MailSent, "")
		sent := o.mails.taken("")
		if len(sent) != 1 || sent[0].from != "post@lobby.example.com" || sent[0].to != "ada@example.com" {
			t.Fatalf("sent %+v", sent)
		}
		header, parts := read(t, sent[0])
		decoder := new(mime.WordDecoder)
		for name, want := range map[string]string{
			"Subject": "Grüße  Bcc: eve@example.com", "To": `"Ada Öz" <ada@example.com>`, "From": `"Lobby (Acme)" <post@lobby.example.com>`, "Reply-To": "<help@acme.example>",
			"Message-Id": "<lobby." + string(o.Workspace) + ".mail.1@lobby.example.com>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Bcc": "",
		} {
			if got, err := decoder.DecodeHeader(header.Get(name)); got != want && strings.Trim(got, `"`) != want && strings.ReplaceAll(got, `"`, "") != strings.ReplaceAll(want, `"`, "") {
				t.Errorf("%s is %q, %v, want %q", name, got, err, want)
			}
		}
		if at, err := header.Date(); err != nil || at.Unix() != testkit.Began {
			t.Errorf("the date is %v, %v", at, err)
		}
		if text := parts["text/plain"]; !strings.Contains(text, "Hello there (https://example.com/a?b=1&c=2)") || !strings.Contains(text, "Unsubscribe: "+base) {
			t.Errorf("the text is %s", text)
		}
		if page := parts["text/html"]; !strings.Contains(page, `<a href="https://example.com/a?b=1&amp;c=2"`) || strings.Contains(page, "script") || strings.Contains(page, "<img") {
			t.Errorf("the page is %s", page)
		}

		leave := strings.Trim(header.Get("List-Unsubscribe"), "<>")
		if r := o.follow(t, "GET", leave); r.StatusCode != 200 {
			t.Errorf("the page to unsubscribe: %d", r.StatusCode)
		}
		o.has(t, o.ada, "unsubscribed_from_emails", false)
		if r := o.follow(t, "POST", leave+"x"); r.StatusCode != 404 {
			t.Errorf("a forged link: %d", r.StatusCode)
		}
		if r := o.follow(t, "POST", strings.Replace(leave, "/unsubscribe/", "/open/", 1)); r.StatusCode == 200 {
			t.Errorf("a link for something else: %d", r.StatusCode)
		}
		o.has(t, o.ada, "unsubscribed_from_emails", false)
		for range 2 {
			if r := o.follow(t, "POST", leave); r.StatusCode != 200 {
				t.Errorf("one click: %d", r.StatusCode)
			}
		}
		o.has(t, o.ada, "unsubscribed_from_emails", true)
		o.write(t, o.ada, "Again", "Hello")
		o.settled(t, 2, inbox.MailSuppressed, "unsubscribed_from_emails")
	})
}

func TestWhatAMailServerRefuses(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		answers := map[string]*smtp.SMTPError{
			"gone@example.com":   {Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "gone@example.com is unknown"},
			"policy@example.com": {Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "relaying denied"},
			"full@example.com":   {Code: 552, EnhancedCode: smtp.EnhancedCode{5, 2, 2}, Message: "mailbox full"},
			"later@example.com":  {Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted"},
		}
		o.mails.refuses(func(to string) error {
			if answer := answers[to]; answer != nil {
				return answer
			}
			return nil
		})
		ids := map[string]string{}
		order := []string{"gone", "policy", "full", "later"}
		for _, name := range order {
			ids[name] = o.contact(t, `{"role":"user","email":"`+name+`@example.com"}`)
			o.write(t, ids[name], "Hello", "Hello")
		}
		o.run(t)
		o.settled(t, 1, inbox.MailFailed, "550 5.1.1")
		o.settled(t, 3, inbox.MailFailed, "552 5.2.2")
		for i, name := range order {
			await(t, name+" was attempted", func() bool { return o.state(t, int64(i)+1).Reason != "" })
			o.has(t, ids[name], "has_hard_bounced", name == "gone")
		}
		o.write(t, ids["gone"], "Hello", "Hello")
		o.settled(t, 5, inbox.MailSuppressed, "has_hard_bounced")
		if m := o.state(t, 4); m.State != inbox.MailWaits || m.Attempts != 1 || m.NextAttemptAt != testkit.Began+60 {
			t.Errorf("what is to be tried again is %+v", m)
		}
		o.mails.refuses(nil)
		o.Clock.Pass(61 * time.Second)
		o.settled(t, 4, inbox.MailSent, "")
		o.settled(t, 2, inbox.MailSent, "")
	})
}

func TestRepliesAreSentToWhoIsNotThere(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.run(t)
		begin := func() string {
			return o.Do(t, "POST", "/conversations", `{"from":{"type":"user","id":"`+o.ada+`"},"body":"Hi"}`).Get("conversation_id").(string)
		}
		reply := func(id, kind string) {
			t.Helper()
			if r := o.Do(t, "POST", "/conversations/"+id+"/reply", `{"message_type":"`+kind+`","type":"admin","admin_id":"1","body":"<p>Yes</p>"}`); r.Status != 200 {
				t.Fatal(r.Text)
			}
		}
		away, there := begin(), begin()
		reply(away, "note")
		reply(away, "comment")
		reply(there, "comment")
		o.Do(t, "PUT", "/conversations/"+there, `{"read":true}`)
		if m := o.state(t, 1); m.NextAttemptAt != testkit.Began+60 {
			t.Errorf("the reply is due at %d", m.NextAttemptAt)
		}
		o.Clock.Pass(60 * time.Second)
		o.settled(t, 1, inbox.MailSent, "")
		o.settled(t, 2, inbox.MailSuppressed, "read")
		header, _ := read(t, o.mails.taken("")[0])
		if header.Get("Subject") != "Message from Acme" || !strings.Contains(header.Get("References"), ".thread.1@") {
			t.Errorf("the reply is %v", header)
		}
		reply(away, "comment")
		o.Clock.Pass(10 * time.Second)
		o.Do(t, "PUT", "/contacts/"+o.ada, fmt.Sprintf(`{"last_seen_at":%d}`, o.Clock.Now().Unix()))
		o.Clock.Pass(50 * time.Second)
		o.settled(t, 3, inbox.MailSent, "") // its pages show no conversations
		o.set(t, `{"messenger":true}`)
		reply(away, "comment")
		o.Clock.Pass(10 * time.Second)
		o.Do(t, "PUT", "/contacts/"+o.ada, fmt.Sprintf(`{"last_seen_at":%d}`, o.Clock.Now().Unix()))
		o.Clock.Pass(50 * time.Second)
		o.settled(t, 4, inbox.MailSuppressed, "seen on a page")
		o.set(t, `{"email_replies":false}`)
		reply(away, "comment")
		o.set(t, `{"email_replies":true,"email_delay":0}`)
		reply(away, "comment")
		o.settled(t, 5, inbox.MailSent, "")
	})
}

var (
	pictures = regexp.MustCompile(`<img src="([^"]*/email/open/[^"]*)"`)
	links    = regexp.MustCompile(`<a href="([^"]*/email/click/[^"]*)"`)
)

func TestOpenedAndClickedAreSeenAtOnce(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.set(t, `{"email_opens":true,"email_clicks":true}`)
		o.write(t, o.ada, "Hello", `<p><a href="https://example.com/?a=1&amp;b=%20x#y">there</a> <a href="mailto:x@example.com">us</a></p>`)
		o.run(t)
		o.settled(t, 1, inbox.MailSent, "")
		_, parts := read(t, o.mails.taken("")[0])
		page := parts["text/html"]
		picture, click := pictures.FindStringSubmatch(page), links.FindStringSubmatch(page)
		if picture == nil || click == nil || !strings.Contains(page, `href="mailto:x@example.com"`) {
			t.Fatal(page)
		}
		if r := o.follow(t, "GET", picture[1]); r.StatusCode != 200 || r.Header.Get("Content-Type") != "image/gif" || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("the picture: %d %v", r.StatusCode, r.Header)
		}
		o.has(t, o.ada, "last_email_opened_at", float64(testkit.Began))
		if r := o.follow(t, "GET", click[1]); r.StatusCode != 302 || r.Header.Get("Location") != "https://example.com/?a=1&b=%20x#y" {
			t.Errorf("the click: %d to %q", r.StatusCode, r.Header.Get("Location"))
		}
		o.has(t, o.ada, "last_email_clicked_at", float64(testkit.Began))
		forged, err := url.Parse(click[1])
		if err != nil {
			t.Fatal(err)
		}
		forged.RawQuery = "to=" + url.QueryEscape("https://example.org/")
		if r := o.follow(t, "GET", forged.String()); r.StatusCode != 404 || r.Header.Get("Location") != "" {
			t.Errorf("a forged target: %d to %q", r.StatusCode, r.Header.Get("Location"))
		}
	})
}

func TestAMailOfAServerThatIsGoneIsTakenOver(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.write(t, o.ada, "Hello", "Hello")
		ws, err := o.Lobby.Workspace(t.Context(), o.Workspace)
		if err != nil {
			t.Fatal(err)
		}
		lost, err := o.App.Inbox.TakeMail(t.Context(), ws.Caller(), 1)
		if err != nil || lost == nil {
			t.Fatal(lost, err)
		}
		if again, err := o.App.Inbox.TakeMail(t.Context(), ws.Caller(), 1); err != nil || again != nil {
			t.Errorf("taken twice: %v, %v", again, err)
		}
		o.run(t)
		o.Clock.Pass((inbox.MailLease + 1) * time.Second)
		o.settled(t, 1, inbox.MailSent, "")
		if err := o.App.Inbox.SettleMail(t.Context(), ws.Caller(), lost.Mail, inbox.Outcome{IsFinal: true, HasBounced: true}, 0); err != nil {
			t.Error(err)
		}
		o.settled(t, 1, inbox.MailSent, "")
		o.has(t, o.ada, "has_hard_bounced", false)
	})
}

func TestSeveralServersSendEachMailOnce(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		const n = 40
		for i := range n {
			o.write(t, o.ada, fmt.Sprint(i), "Hello")
		}
		o.run(t)
		o.run(t)
		for i := range n {
			o.settled(t, int64(i)+1, inbox.MailSent, "")
		}
		if sent := len(o.mails.taken("")); sent != n {
			t.Errorf("%d mails were sent, of %d", sent, n)
		}
	})
}

func TestAServerWithoutMailSaysSo(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	o := &office{Instance: s}
	ada := o.contact(t, `{"role":"user","email":"ada@example.com"}`)
	if r := o.write(t, ada, "Hello", "Hello"); r.Header.Get("Lobby-Email") != "stored, not sent" {
		t.Errorf("Lobby-Email is %q", r.Header.Get("Lobby-Email"))
	}
	if due, err := s.App.Inbox.DueMails(t.Context(), 10); err != nil || len(due) != 0 {
		t.Errorf("due: %v, %v", due, err)
	}
}
