package wire

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHTMLIsCleaned(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Hello":                         "<p>Hello</p>",
		" Hello \n":                     "<p>Hello</p>",
		"a < b & c > \"d\" 'e'":         "<p>a &lt; b &amp; c &gt; &#34;d&#34; &#39;e&#39;</p>",
		"one\ntwo\r\n\r\nthree":         "<p>one<br>two</p><p>three</p>",
		"<p>Hello</p>":                  "<p>Hello</p>",
		"<P>Hello</P>":                  "<p>Hello</p>",
		"a <b>bold</b> word":            "<p>a <b>bold</b> word</p>",
		"<br>":                          "<p><br></p>",
		"<hr>":                          "<hr>",
		"<h2>A</h2><ul><li>b</li></ul>": "<h2>A</h2><ul><li>b</li></ul>",
		`<p class="x" id="y" style="z" onclick="f()">a</p>`:                     "<p>a</p>",
		`<a href="https://a.example/?b=c&d" target="_blank">a</a>`:              `<p><a href="https://a.example/?b=c&amp;d" rel="nofollow">a</a></p>`,
		`<a href="javascript:alert(1)">a</a>`:                                   "<p>a</p>",
		`<a href="/contacts">a</a>`:                                             "<p>a</p>",
		`<img src="https://a.example/x.png" alt="x" onerror="f()">`:             `<p><img src="https://a.example/x.png" alt="x"></p>`,
		`<img src="data:text/html,x">`:                                          "",
		`<script>alert(1)</script>`:                                             "",
		`<style>a{}</style><iframe src="https://a.example"></iframe><!-- a -->`: "",
		`<svg onload="f()"><p>a</p></svg>`:                                      "<p>a</p>",
		`<p>open`:                                                               "<p>open</p>",
		`&lt;script&gt;`:                                                        "<p>&lt;script&gt;</p>",
		"héllo 😀":                                                               "<p>héllo 😀</p>",
		" \n\t":                                                                 "",
		"":                                                                      "",
	} {
		if got := CleanHTML(text); got != want {
			t.Errorf("%q becomes\n%q, want\n%q", text, got, want)
		}
		if again := CleanHTML(want); again != want {
			t.Errorf("what is clean, %q, becomes %q", want, again)
		}
	}
}

// tags are those of clean HTML.
var tags = regexp.MustCompile(`</?([a-z0-9]+)[^>]*>`)

// ink is what there is to see of a text.
func ink(text string) string {
	return strings.Map(func(r rune) rune {
		if !hasInk(r) {
			return -1
		}
		return r
	}, text)
}

// unbalanced says which tag of clean HTML has no other half.
func unbalanced(clean string) string {
	var open []string
	for _, tag := range tags.FindAllStringSubmatch(clean, -1) {
		switch name := tag[1]; {
		case name == "br" || name == "hr" || name == "img":
		case tag[0][1] != '/':
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			return tag[0]
		default:
			open = open[:len(open)-1]
		}
	}
	return strings.Join(open, " ")
}

func TestHTMLOfHostileTextsTakesLinearTime(t *testing.T) {
	t.Parallel()
	for about, text := range map[string]string{
		"scripts":      strings.Repeat("<script>", 20_000),
		"comments":     strings.Repeat("<!--", 40_000),
		"tags":         strings.Repeat("<p a=", 40_000) + ">",
		"quotes":       strings.Repeat("<p a=", 40_000) + " b=\">\"",
		"both quotes":  strings.Repeat(`<a b="<a b='`, 20_000),
		"brackets":     strings.Repeat("<", 200_000),
		"containers":   strings.Repeat("<blockquote><ul><li>x", 10_000),
		"tables":       strings.Repeat("<table><tr><td>x", 12_000),
		"formats":      strings.Repeat("<b><i><u><s><sub><sup><code>", 4_000) + strings.Repeat("<p>x", 20_000),
		"a long link":  `<a href="https://x.example/` + strings.Repeat("x", 10_000) + `">` + strings.Repeat("<p>x", 20_000),
		"cells of one": strings.Repeat("<td>x</td>", 20_000),
	} {
		if clean := CleanHTML(text); len(clean) > 20*len(text)+10_000 {
			t.Errorf("%s: %d bytes became %d", about, len(text), len(clean))
		} else if tag := unbalanced(clean); tag != "" {
			t.Errorf("%s: %s has no other half", about, tag)
		}
	}
}

func FuzzHTML(f *testing.F) {
	for _, text := range []string{"Hello\n\nWorld", "<p>a</p>", `<a href="javascript:x">a</a>`, "<scr<script>ipt>", "a < b", "&lt;p&gt;", "<svg/onload=f()>", "\x00<b"} {
		f.Add(text)
	}
	for _, c := range shapes {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") || strings.Contains(text, "&#") {
			return // no request has them, and those that stand for the like are replaced
		}
		clean := CleanHTML(text)
		if again := CleanHTML(clean); again != clean {
			t.Errorf("%q becomes %q, and that %q", text, clean, again)
		}
		if tag := unbalanced(clean); tag != "" {
			t.Errorf("%q becomes %q, where %s has no other half", text, clean, tag)
		}
		for _, harm := range []string{"<script", "<style", "<svg", "<iframe", "javascript:\"", "\"javascript:"} {
			if strings.Contains(strings.ToLower(clean), harm) {
				t.Errorf("%q becomes %q", text, clean)
			}
		}
		if !strings.Contains(text, ">") { // then there is no tag, and everything is there to read
			if got, want := ink(html.UnescapeString(tags.ReplaceAllString(clean, ""))), ink(entity.ReplaceAllStringFunc(text, html.UnescapeString)); got != want {
				t.Errorf("%q becomes %q: %q is read, want %q", text, clean, got, want)
			}
		}
	})
}
