package wire

import "testing"

// shapes are bodies as programs and people write them, and how they come out.
var shapes = []struct{ about, text, want string }{
	{
		"plain",
		"Dear Ann,\nplease call me.\n\nBob",
		"<p>Dear Ann,<br>please call me.</p><p>Bob</p>",
	},
	{
		"plain with one tag",
		"Dear <b>Ann</b>,\nplease call\n\nBob",
		"<p>Dear <b>Ann</b>,<br>please call</p><p>Bob</p>",
	},
	{
		"plain with a link",
		"See <a href=\"https://x.example/\">this</a>\nand that\n\n\n\nBob",
		"<p>See <a href=\"https://x.example/\" rel=\"nofollow\">this</a><br>and that</p><p>Bob</p>",
	},
	{
		"plain with a break",
		"one<br>\ntwo<br />\n<br />\nthree\nfour",
		"<p>one<br>two<br><br>three<br>four</p>",
	},
	{
		"plain around a block",
		"Dear Ann,\nhere:\n<ul><li>a</li></ul>\nBye\nBob",
		"<p>Dear Ann,<br>here:</p><ul><li>a</li></ul><p>Bye<br>Bob</p>",
	},
	{
		"old Mac line ends",
		"a\rb\r\rc",
		"<p>a<br>b</p><p>c</p>",
	},
	{
		"Markdown",
		"# Title\n- one\n- *two*\n\n> said\n\n`a < b` and **bold** <https://x.example>",
		"<p># Title<br>- one<br>- *two*</p><p>&gt; said</p><p>`a &lt; b` and **bold** &lt;https://x.example&gt;</p>",
	},
	{
		"lone signs",
		"a < b & c > d, 1<2, x<y, </3, <-, <3, <>, a<, &, &&, AT&T, R&D;",
		"<p>a &lt; b &amp; c &gt; d, 1&lt;2, x&lt;y, &lt;/3, &lt;-, &lt;3, &lt;&gt;, a&lt;, &amp;, &amp;&amp;, AT&amp;T, R&amp;D;</p>",
	},
	{
		"comparisons",
		"if a<b and c>d then b<a",
		"<p>if a&lt;b and c&gt;d then b&lt;a</p>",
	},
	{
		"addresses in brackets",
		"Ann <ann@example.com> and <mailto:bob@example.com>, <https://x.example/?a=1&copy=2>",
		"<p>Ann &lt;ann@example.com&gt; and &lt;mailto:bob@example.com&gt;, &lt;https://x.example/?a=1&amp;copy=2&gt;</p>",
	},
	{
		"placeholders and types",
		"Dear <name>, List<String> and Map<K, V>, <your name here>, <first-name>",
		"<p>Dear &lt;name&gt;, List&lt;String&gt; and Map&lt;K, V&gt;, &lt;your name here&gt;, &lt;first-name&gt;</p>",
	},
	{
		"entities",
		"AT&amp;T &lt;b&gt; &eacute; &#233; &#xe9; &nbsp;x &unknown; &copy 1",
		"<p>AT&amp;T &lt;b&gt; é é é \u00a0x &amp;unknown; &amp;copy 1</p>",
	},
	{
		"unfinished markup",
		"see <b and <a href=\"x and <!-- and <script> or <style> and </p and <? and <!x",
		"<p>see &lt;b and &lt;a href=&#34;x and &lt;!-- and &lt;script&gt; or &lt;style&gt; and &lt;/p and &lt;? and &lt;!x</p>",
	},
	{
		"zero width",
		"a\u200bb 👨\u200d👩\u200d👧 \ufeffc",
		"<p>a\u200bb 👨\u200d👩\u200d👧 \ufeffc</p>",
	},
	{
		"blank",
		"<p>&nbsp;</p><div>\u200b</div><p>a</p><p> \u00a0 </p>",
		"<p>a</p>",
	},
	{
		"two divs",
		"<div>Dear Ann,</div><div>please call me</div>",
		"<p>Dear Ann,</p><p>please call me</p>",
	},
	{
		"contenteditable of Chrome",
		"Dear Ann,<div><br></div><div>please call me</div><div>Bob<br></div>",
		"<p>Dear Ann,</p><p>please call me</p><p>Bob</p>",
	},
	{
		"contenteditable of Firefox",
		"Dear Ann,<br><br>please call me<br>",
		"<p>Dear Ann,<br><br>please call me</p>",
	},
	{
		"contenteditable of Safari",
		"<div>Dear Ann,</div><div><br></div><div><span style=\"color: rgb(0, 0, 0);\">please&nbsp;</span><b>call</b> me</div>",
		"<p>Dear Ann,</p><p>please\u00a0<b>call</b> me</p>",
	},
	{
		"Gmail",
		"<div dir=\"ltr\">Dear Ann,<div><br></div><div>please <b>call</b> me</div></div><br><div class=\"gmail_quote gmail_quote_container\"><div dir=\"ltr\" class=\"gmail_attr\">On Mon, Ann &lt;<a href=\"mailto:ann@example.com\">ann@example.com</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex\">\r\n<div>Hello</div>\r\n<div>World</div></blockquote></div>",
		"<p>Dear Ann,</p><p>please <b>call</b> me</p><p>On Mon, Ann &lt;<a href=\"mailto:ann@example.com\" rel=\"nofollow\">ann@example.com</a>&gt; wrote:</p><blockquote><p>Hello</p><p>World</p></blockquote>",
	},
	{
		"Outlook",
		"<html xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\">\r\n<head>\r\n<meta name=\"Generator\" content=\"Microsoft Word 15 (filtered medium)\">\r\n<title>Untitled</title><!--[if !mso]><style>v\\:* {behavior:url(#default#VML);}</style><![endif]--><style><!--\r\n/* Font Definitions */\r\np.MsoNormal {margin:0cm;}\r\n--></style><!--[if gte mso 9]><xml>\r\n<o:shapedefaults v:ext=\"edit\" spidmax=\"1026\" />\r\n</xml><![endif]-->\r\n</head>\r\n<body lang=\"EN-GB\" link=\"#0563C1\" vlink=\"#954F72\">\r\n<div class=\"WordSection1\">\r\n<p class=\"MsoNormal\">Dear Ann,<o:p></o:p></p>\r\n<p class=\"MsoNormal\"><o:p>&nbsp;</o:p></p>\r\n<p class=\"MsoNormal\">please call <b><span style='color:red'>me</span></b>\r\ntoday.<o:p></o:p></p>\r\n<p class=\"MsoListParagraph\"><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><![endif]>first<o:p></o:p></p>\r\n<p class=MsoNormal><st1:City w:st=\"on\">London</st1:City> <img width=1 src=\"cid:image001.png@01D\" alt=\"Logo of\r\nAcme\"></p>\r\n</div>\r\n</body>\r\n</html>",
		"<p>Dear Ann,</p><p>please call <b>me</b> today.</p><p>·\u00a0\u00a0 first</p><p>London Logo of Acme</p>",
	},
	{
		"Apple Mail",
		"<html><head><meta http-equiv=\"content-type\" content=\"text/html; charset=utf-8\"></head><body style=\"overflow-wrap: break-word; -webkit-nbsp-mode: space;\">Dear Ann,<div><br></div><div>please call me</div><div><br class=\"Apple-interchange-newline\"><div dir=\"auto\"><div>--&nbsp;</div><div>Bob</div></div><br></div><div><blockquote type=\"cite\"><div>On 1 Jan 2026, at 12:00, Ann &lt;ann@example.com&gt; wrote:</div><br class=\"Apple-interchange-newline\"><div><p>Hello</p></div></blockquote></div></body></html>",
		"<p>Dear Ann,</p><p>please call me</p><p>--\u00a0</p><p>Bob</p><blockquote><p>On 1 Jan 2026, at 12:00, Ann &lt;ann@example.com&gt; wrote:</p><p>Hello</p></blockquote>",
	},
	{
		"Google Docs",
		"<meta charset=\"utf-8\"><b style=\"font-weight:normal;\" id=\"docs-internal-guid-1\"><p dir=\"ltr\" style=\"line-height:1.38\"><span style=\"font-weight:400\">Dear Ann,</span></p><br /><ul style=\"margin:0\"><li dir=\"ltr\" aria-level=\"1\"><p dir=\"ltr\" role=\"presentation\"><span>one</span></p></li><li dir=\"ltr\"><p dir=\"ltr\"><span>two</span></p></li></ul><p dir=\"ltr\"><a href=\"https://x.example/my file.pdf\" style=\"text-decoration:none;\"><span>file</span></a></p></b><br class=\"Apple-interchange-newline\">",
		"<p>Dear Ann,</p><ul><li><p>one</p></li><li><p>two</p></li></ul><p><a href=\"https://x.example/my%20file.pdf\" rel=\"nofollow\">file</a></p>",
	},
	{
		"Google Sheets",
		"<table xmlns=\"http://www.w3.org/1999/xhtml\" cellspacing=\"0\" dir=\"ltr\" border=\"1\" data-sheets-root=\"1\"><colgroup><col width=\"100\"/></colgroup><tbody><tr style=\"height:21px;\"><td style=\"overflow:hidden\">a</td><td></td></tr><tr><td>c<br/>d</td><td><b>1</b></td></tr></tbody></table>",
		"<table><tbody><tr><td>a</td><td></td></tr><tr><td>c<br>d</td><td><b>1</b></td></tr></tbody></table>",
	},
	{
		"a table without bodies",
		"<table><caption>Prices</caption><tr><th>a<th>b<tr><td>1<td><p>2</p><p>3</p></table>after",
		"<table><tr><td>Prices</td></tr><tr><th>a</th><th>b</th></tr><tr><td>1</td><td><p>2</p><p>3</p></td></tr></table><p>after</p>",
	},
	{
		"a table that breaks off",
		"<table><tr><td>a<ul><li>b",
		"<table><tr><td>a<ul><li>b</li></ul></td></tr></table>",
	},
	{
		"text beside the cells",
		"<table>x<tr>y<td>z</td></tr></table>",
		"<table><tr><td>x</td></tr><tr><td>y</td><td>z</td></tr></table>",
	},
	{
		"a cell of no table",
		"<tr><td>a</td><td>b</td></tr>c",
		"<p>a</p><p>b</p><p>c</p>",
	},
	{
		"nested lists",
		"<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul><ol><li>e<ol><li>f</ol></ol>",
		"<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul><ol><li>e<ol><li>f</li></ol></li></ol>",
	},
	{
		"lists of Word for the web",
		"<ul><li><div>a</div><div>b</div></li></ul><ul><ul><li>c</li></ul></ul>",
		"<ul><li>a<br>b</li></ul><ul><ul><li>c</li></ul></ul>",
	},
	{
		"text in a list",
		"<ul>a<li>b</li>c</ul>",
		"<ul><li>a</li><li>b</li><li>c</li></ul>",
	},
	{
		"an item of no list",
		"<li>a</li><li>b</li>",
		"<p>a</p><p>b</p>",
	},
	{
		"a definition list",
		"<dl><dt>a</dt><dd>b</dd></dl>",
		"<p>a</p><p>b</p>",
	},
	{
		"formats around blocks",
		"<b><div>a</div><div>b <i>c</div></b>d</i>e",
		"<p><b>a</b></p><p><b>b <i>c</i></b></p><p><i>d</i>e</p>",
	},
	{
		"a link around blocks",
		"<a href=\"https://x.example/\"><div>a</div><div>b</div></a><a href=\"https://y.example/\">c<a href=\"https://z.example/\">d</a>",
		"<p><a href=\"https://x.example/\" rel=\"nofollow\">a</a></p><p><a href=\"https://x.example/\" rel=\"nofollow\">b</a></p><p><a href=\"https://y.example/\" rel=\"nofollow\">c</a><a href=\"https://z.example/\" rel=\"nofollow\">d</a></p>",
	},
	{
		"formats that cross",
		"<b>a<i>b</b>c</i>d",
		"<p><b>a<i>b</i></b><i>c</i>d</p>",
	},
	{
		"formats that stay open",
		"<p><b>a</p><p>b",
		"<p><b>a</b></p><p><b>b</b></p>",
	},
	{
		"struck and inserted",
		"<del>a</del><ins>b</ins><strike>c</strike><kbd>d</kbd><font color=red>e</font>",
		"<p><s>a</s><u>b</u><s>c</s><code>d</code>e</p>",
	},
	{
		"links to mend",
		"<a href=\" https://x.example/my file.pdf \">a</a> <a href=\"https://x.example/100%/ä?q=a b&amp;c={d}\">b</a> <a href=\"www.x.example\">c</a> <a href=\"mailto:ann@example.com?subject=Call me\">d</a> <a href=\"tel:+44 20 7946 0958\">e</a> <a href=\"//x.example/\">f</a> <a href=\"https://x.example/a\nb\">g</a>",
		"<p><a href=\"https://x.example/my%20file.pdf\" rel=\"nofollow\">a</a> <a href=\"https://x.example/100%25/%C3%A4?q=a%20b&amp;c=%7Bd%7D\" rel=\"nofollow\">b</a> <a href=\"http://www.x.example\" rel=\"nofollow\">c</a> <a href=\"mailto:ann@example.com?subject=Call%20me\" rel=\"nofollow\">d</a> <a href=\"tel:+44%2020%207946%200958\" rel=\"nofollow\">e</a> <a href=\"https://x.example/\" rel=\"nofollow\">f</a> <a href=\"https://x.example/ab\" rel=\"nofollow\">g</a></p>",
	},
	{
		"links that go",
		"<a href=\"javascript:alert(1)\">a</a> <a href=\"java\nscript:alert(1)\">b</a> <a name=\"top\">c</a> <a href=\"\">d</a> <a href=\"file:///etc/passwd\">e</a>",
		"<p>a b c d e</p>",
	},
	{
		"pictures",
		"<img src=\"https://x.example/a b.png\" alt=\"A\"><img src=\"cid:1\" alt=\"B\"><img src=\"data:image/png;base64,AA\"><p><img src=x.png alt=\"C &amp; D\"></p>",
		"<p><img src=\"https://x.example/a%20b.png\" alt=\"A\">B</p><p>C &amp; D</p>",
	},
	{
		"code",
		"<pre>\nfor i < 3 {\n\tgo()\n\n}</pre><p>x <code>a  b</code></p>",
		"<pre>for i &lt; 3 {\n\tgo()\n\n}</pre><p>x <code>a b</code></p>",
	},
	{
		"code in lines",
		"<pre><div>a</div><div>  b</div></pre><pre>  c<br>d</pre>",
		"<pre>a</pre><pre>  b</pre><pre>  c\nd</pre>",
	},
	{
		"headings",
		"<h1>A<div>b</div></h1>c<h2>d",
		"<h1>A</h1><h1>b</h1><p>c</p><h2>d</h2>",
	},
	{
		"a form",
		"<form><label>Name</label> <select><option>A<option>B</select><textarea>x\ny</textarea></form>",
		"<p>Name</p><p>A</p><p>B</p><p>x y</p>",
	},
	{
		"hidden",
		"a<script>alert('<b>')</script>b<style>p{}</style>c<template><p>x</p></template>d<!-- e --><iframe src=x>f</iframe>",
		"<p>abcd</p>",
	},
	{
		"white space",
		"<p>  a \n  b\t<b> c </b> d</p>\n\n<p>e</p>",
		"<p>a b <b>c</b> d</p><p>e</p>",
	},
	{
		"rules",
		"a<hr>b<hr/>",
		"<p>a</p><hr><p>b</p><hr>",
	},
	{
		"blockquotes",
		"<blockquote>a<blockquote>b</blockquote>c</blockquote>d",
		"<blockquote><p>a</p><blockquote><p>b</p></blockquote><p>c</p></blockquote><p>d</p>",
	},
	{
		"ends without beginnings",
		"a</p>b</div></b></ul></td>c",
		"<p>a</p><p>b</p><p>c</p>",
	},
	{
		"one paragraph in capitals",
		"<P ALIGN=CENTER>a<BR>b</P>",
		"<p>a<br>b</p>",
	},
}

func TestHTMLOfRealShapes(t *testing.T) {
	t.Parallel()
	for _, c := range shapes {
		if got := CleanHTML(c.text); got != c.want {
			t.Errorf("%s:\n%q\nbecomes\n%q, want\n%q", c.about, c.text, got, c.want)
		}
		if again := CleanHTML(c.want); again != c.want {
			t.Errorf("%s: what is clean,\n%q, becomes\n%q", c.about, c.want, again)
		}
	}
}
