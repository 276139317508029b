package admin_test

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"lobby/internal/account"
	"lobby/internal/workspace"
)

// conversation begins a conversation of a contact, and returns its id.
func (f fixture) conversation(contact, body string) string {
	f.Helper()
	return f.api("/conversations", map[string]any{"from": map[string]any{"type": "contact", "id": contact}, "body": body})["conversation_id"].(string)
}

// queue is what a list of conversations says.
func (f fixture) queue(query string) page {
	f.Helper()
	return f.must(f.get(f.at("conversations"+query)), http.StatusOK)
}

func TestConversationsAreWorkedOn(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.queue("").shows(f.T, "Nothing open here")
		ada := f.create(map[string]any{"role": "user", "name": "Ada", "email": "ada@home.example"})
		bob := f.create(map[string]any{"role": "lead", "name": "Bob"})
		first, second := f.conversation(ada, "Where is my <b>parcel</b>?"), f.conversation(bob, "Hello there")
		f.queue("").shows(f.T, "Ada", "Where is my <b>parcel</b>?", "Bob", "Hello there", "waits", "nobody's")
		at := f.at("conversations/" + first)
		f.must(f.get(at), http.StatusOK).shows(f.T, "Ada", "Where is my <b>parcel</b>?", "Open", "nobody has it")

		do := func(what string, form url.Values, done string) {
			f.Helper()
			p := f.must(f.post(at+"/"+what, form), http.StatusSeeOther)
			if !strings.HasSuffix(p.location, first+"?done="+done+"#last") {
				f.Errorf("%s leads to %s", what, p.location)
			}
		}
		// A form that is sent twice, as by a double click or a retry, is one reply.
		key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(f.get(at).body)[1]
		for range 2 {
			do("reply", url.Values{"act": {"reply"}, "text": {"On its <way>\n\nsince noon"}, "key": {key}}, "replied")
		}
		do("reply", url.Values{"act": {"note"}, "text": {"A <regular>"}}, "kept")
		p := f.get(at).shows(f.T, "On its <way>", "since noon", "A <regular>", "note")
		if n := strings.Count(p.body, "since noon"); n != 1 {
			f.Errorf("the reply is there %d times", n)
		}
		if p := f.post(at+"/reply", url.Values{"act": {"reply"}, "text": {"  "}}); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.body, "Write something first.") {
			f.Errorf("no text: %d", p.status)
		}
		long := strings.Repeat("x", 70000)
		if p := f.post(at+"/reply", url.Values{"act": {"note"}, "text": {long}}); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.body, "longer than 65536 bytes") {
			f.Errorf("a text that is too long: %d", p.status)
		}

		me := f.me()
		do("assign", url.Values{"kind": {"admin"}, "assignee": {fmt.Sprint(me)}}, "assigned")
		f.get(at).shows(f.T, "assigned it to "+owner[:3])
		f.queue("?whose=me").shows(f.T, "Ada", "!Bob")
		f.queue("?whose=nobody").shows(f.T, "!Ada", "Bob")
		f.queue(fmt.Sprintf("?whose=admin-%d", me)).shows(f.T, "Ada", "!Bob")
		f.queue("?whose=team-1").shows(f.T, "!Ada", "!Bob")
		f.must(f.post(at+"/assign", url.Values{"kind": {"admin"}, "assignee": {"999"}}), http.StatusConflict)
		do("assign", url.Values{"kind": {"admin"}, "assignee": {"0"}}, "assigned")
		f.queue("?whose=me").shows(f.T, "!Ada")

		do("snooze", url.Values{"until": {"tomorrow"}}, "snoozed")
		f.queue("").shows(f.T, "!Ada", "Bob")
		f.queue("?state=snoozed").shows(f.T, "Ada", "!Bob", "snoozed until")
		do("open", nil, "opened")
		do("close", nil, "closed")
		f.queue("?state=closed").shows(f.T, "Ada", "!Bob")
		f.get(at).shows(f.T, "closed it", "Open again")
		f.must(f.post(at+"/snooze", url.Values{"until": {"for ever"}}), http.StatusNotFound)
		f.must(f.get(f.at("conversations/99")), http.StatusNotFound)
		f.must(f.get(f.at("conversations/x")), http.StatusNotFound)
		f.must(f.get(f.at("conversations?below=x")), http.StatusNotFound)
		f.must(f.get(f.at("conversations/"+second)), http.StatusOK)

		reader := f.as(account.ReadOnly, "eve@shop.example")
		reader.must(reader.get(at), http.StatusOK).shows(f.T, "On its <way>", "!Assign", "!Send", "!Send and close", "may read conversations")
	})
}

// me is the admin that the owner is.
func (f fixture) me() int64 {
	f.Helper()
	members, err := f.server.App.Accounts.Members(f.Context(), workspace.Caller{Workspace: f.server.Workspace})
	if err != nil {
		f.Fatal(err)
	}
	return members[0].AdminID
}

func TestQueuesAreCountedAndSearched(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ada := f.create(map[string]any{"role": "user", "name": "Ada", "email": "ada@home.example"})
		bob := f.create(map[string]any{"role": "lead", "name": "Bob"})
		first := f.conversation(ada, "Where is my parcel?")
		for n := range 40 {
			f.conversation(bob, fmt.Sprintf("Question %d", n))
		}
		f.queue("").shows(f.T, "Everybody's 41", "Yours 0", "Nobody's 41", "Open 41", "Snoozed 0", "Closed 0")
		f.must(f.post(f.at("conversations/"+first+"/assign"), url.Values{"kind": {"admin"}, "assignee": {fmt.Sprint(f.me())}}), http.StatusSeeOther)
		f.queue("").shows(f.T, "Everybody's 41", "Yours 1", "Nobody's 40", "Open 41")
		f.queue("?whose=me").shows(f.T, "Open 1", "Closed 0", "Everybody's 41")
		f.must(f.post(f.at("conversations/"+first+"/close"), nil), http.StatusSeeOther)
		f.queue("?whose=me").shows(f.T, "Open 0", "Closed 1", "Yours 0")
		f.queue("?q=question").shows(f.T, "40 conversations, open, with “question”", "Bob", "!Ada")
		f.queue("?q=question+12").shows(f.T, "1 conversation, open", "Question 12")
		f.queue("?q=PARCEL").shows(f.T, "0 conversations", "Nothing open here", "is with somebody of that name")
		f.queue("?q=PARCEL&state=closed").shows(f.T, "1 conversation, closed", "Where is my parcel?")
		f.queue("?q=home.example&state=closed").shows(f.T, "1 conversation, closed")
		f.must(f.get(f.at("conversations?q=x&after=nonsense")), http.StatusNotFound)
		next := nextLink.FindStringSubmatch(f.queue("?q=question").body)
		f.queue(strings.ReplaceAll(next[1], "&amp;", "&")).shows(f.T, "40 conversations", "First page")
	})
}

func TestAConversationBeginsFromAPerson(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ada := f.create(map[string]any{"role": "user", "name": "Ada", "email": "ada@home.example"})
		at := f.at("people/" + ada)
		f.get(at).shows(f.T, "None yet.", "Write to Ada")
		p := f.must(f.post(at+"/messages", url.Values{"text": {"Hello <Ada>"}, "subject": {"About your parcel"}}), http.StatusSeeOther)
		path, _, _ := strings.Cut(p.location, "?")
		f.must(f.get(path), http.StatusOK).shows(f.T, "Hello <Ada>", "About your parcel", "Ada")
		f.get(at).shows(f.T, "About your parcel", "Hello <Ada>", "!None yet.")
		if !strings.Contains(f.get(at).body, `href="`+path) || !strings.Contains(f.get(path).body, `href="`+at) {
			f.Error("person and conversation do not lead to each other")
		}
		f.must(f.post(at+"/messages", url.Values{"text": {" "}}), http.StatusUnprocessableEntity).shows(f.T, "The text is blank.")
		f.must(f.post(at+"/messages", url.Values{"text": {"x"}, "channel": {"email"}}), http.StatusUnprocessableEntity).shows(f.T, "sends no emails")
		visitor := f.visitor(map[string]any{"user_id": "00000000-0000-4000-8000-000000000001"})
		f.get(f.at("people/"+visitor)).shows(f.T, "!Write to")
		f.must(f.post(f.at("people/"+visitor+"/messages"), url.Values{"text": {"x"}}), http.StatusConflict)
	})
}

func TestALongQueueHasPages(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ada := f.create(map[string]any{"role": "user", "name": "Ada", "email": "ada@home.example"})
		for n := range 65 {
			f.conversation(ada, fmt.Sprintf("word %02d.", n))
		}
		found := map[string]int{}
		path, pages := "", 0
		for more := true; more && pages < 5; pages++ {
			p := f.queue(path)
			for _, word := range regexp.MustCompile(`word \d\d`).FindAllString(p.body, -1) {
				found[word]++
			}
			var link []string
			if link = regexp.MustCompile(`href="([^"]+)" rel="next"`).FindStringSubmatch(p.body); link != nil {
				path = strings.ReplaceAll(link[1], "&amp;", "&")
			}
			more = link != nil
		}
		if pages != 3 || len(found) != 65 {
			f.Errorf("%d conversations on %d pages", len(found), pages)
		}
		for word, n := range found {
			if n != 1 {
				f.Errorf("%s is there %d times", word, n)
			}
		}
	})
}

// However much somebody writes, a page stays short, and all of it can be read.
func TestALongThreadHasPages(t *testing.T) {
	t.Parallel()
	f := start(t)
	ada := f.create(map[string]any{"role": "user", "name": "Ada", "email": "ada@home.example"})
	id := f.conversation(ada, "the first word")
	for n := range 130 {
		body := fmt.Sprintf("word %03d. %s", n, strings.Repeat("&amp;&quot;&lt;", 30*(n%7)))
		f.api("/conversations/"+id+"/reply", map[string]any{"message_type": "comment", "type": "user", "intercom_user_id": ada, "body": body})
	}
	found := map[string]int{}
	path := ""
	for range 12 {
		p := f.must(f.get(f.at("conversations/"+id+path)), http.StatusOK)
		for _, word := range regexp.MustCompile(`word \d\d\d|the first word`).FindAllString(p.body, -1) {
			found[word]++
		}
		link := regexp.MustCompile(`href="([^"]*before=[^"]+)"`).FindStringSubmatch(p.body)
		if link == nil {
			path = ""
			break
		}
		path = link[1]
	}
	if path != "" || len(found) != 131 {
		f.Errorf("%d entries were found, and there is more at %q", len(found), path)
	}
}

// An open page is told of a reply, and no more once its member is shut out.
func TestOpenConversationsAreTold(t *testing.T) {
	t.Parallel()
	f := start(t)
	ada := f.create(map[string]any{"role": "user", "name": "Ada", "email": "ada@home.example"})
	id := f.conversation(ada, "Hello")
	reply := func() {
		f.api("/conversations/"+id+"/reply", map[string]any{"message_type": "comment", "type": "user", "intercom_user_id": ada, "body": "Still there?"})
	}
	guest := f.as(account.ReadOnly, "eve@shop.example")
	for _, path := range []string{"conversations/changes", "conversations/changes?id=" + id} {
		res, err := guest.client.Get(guest.base + guest.at(path))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close() //nolint:errcheck // the stream ends with the test
		if kind := res.Header.Get("Content-Type"); kind != "text/event-stream" {
			t.Fatalf("%s is %s", path, kind)
		}
		lines := bufio.NewScanner(res.Body)
		event := func() bool {
			for lines.Scan() {
				if lines.Text() == "data: changed" {
					return true
				}
			}
			return false
		}
		if !event() {
			t.Fatal("nothing is told at first")
		}
		reply()
		if !event() {
			t.Fatal("the reply is not told")
		}
		if path == "conversations/changes" {
			continue
		}
		members, err := f.server.App.Accounts.Members(f.Context(), workspace.Caller{Workspace: f.server.Workspace})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range members {
			if m.Email == "eve@shop.example" {
				f.must(f.post(f.at("team/remove"), url.Values{"login": {m.LoginID}}), http.StatusSeeOther)
			}
		}
		reply()
		if event() {
			t.Error("somebody who was shut out is told")
		}
	}
}
