package wire

import (
	"strings"
	"testing"
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
		`<p>open`:                                                               "<p>open",
		`&lt;script&gt;`:                                                        "<p>&lt;script&gt;</p>",
		"héllo 😀":                                                               "<p>héllo 😀</p>",
		" \n\t":                                                                 "",
		"":                                                                      "",
	} {
		if got := cleanHTML(text); got != want {
			t.Errorf("%q becomes\n%q, want\n%q", text, got, want)
		}
		if again := cleanHTML(want); again != want {
			t.Errorf("what is clean, %q, becomes %q", want, again)
		}
	}
}

func FuzzHTML(f *testing.F) {
	for _, text := range []string{"Hello\n\nWorld", "<p>a</p>", `<a href="javascript:x">a</a>`, "<scr<script>ipt>", "a < b", "&lt;p&gt;", "<svg/onload=f()>", "\x00<b"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		clean := cleanHTML(text)
		if again := cleanHTML(clean); again != clean {
			t.Errorf("%q becomes %q, and that %q", text, clean, again)
		}
		for _, harm := range []string{"<script", "<style", "<svg", "<iframe", "javascript:\"", "\"javascript:"} {
			if strings.Contains(strings.ToLower(clean), harm) {
				t.Errorf("%q becomes %q", text, clean)
			}
		}
	})
}
