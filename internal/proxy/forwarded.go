package proxy

import "strings"

// element is what one proxy says in a Forwarded header (RFC 7239); what it does not say is empty.
type element struct{ client, host, proto string }

// parseForwarded parses the values of a Forwarded header into one element for each proxy, the first proxy's first. It
// returns nothing if any part is malformed: a quotation mark that a client leaves open would hide what its proxy adds.
func parseForwarded(values []string) (all []element) {
	if len(values) == 0 {
		return nil
	}
	rest, e := strings.Join(values, ","), element{}
	for {
		name, value, after, ok := cutPair(rest)
		if !ok {
			return nil
		}
		switch strings.ToLower(name) {
		case "for":
			e.client = value
		case "host":
			e.host = value
		case "proto":
			e.proto = value
		}
		switch {
		case after == "":
			return append(all, e)
		case after[0] == ',':
			all, e = append(all, e), element{}
		}
		rest = after[1:]
	}
}

// cutPair cuts one name and value off the front. What comes after is empty, or begins with a semicolon or a comma.
func cutPair(text string) (name, value, after string, ok bool) {
	text = strings.TrimLeft(text, " \t")
	if text == "" || text[0] == ';' || text[0] == ',' {
		return "", "", text, true // a list may have empty members
	}
	name, text, ok = strings.Cut(text, "=")
	if !ok || !isToken(name) {
		return "", "", "", false
	}
	if quoted, isQuoted := strings.CutPrefix(text, `"`); isQuoted {
		value, text, ok = cutQuoted(quoted)
	} else {
		end := strings.IndexAny(text, ";,")
		if end < 0 {
			end = len(text)
		}
		// An address with a port should be in quotation marks, and often is not.
		value, text = strings.TrimSpace(text[:end]), text[end:]
		ok = value != "" && !strings.ContainsAny(value, "\" \t")
	}
	after = strings.TrimLeft(text, " \t")
	return name, value, after, ok && (after == "" || after[0] == ';' || after[0] == ',')
}

// cutQuoted returns the text up to the closing quotation mark, and what comes after that.
func cutQuoted(text string) (value, after string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			return b.String(), text[i+1:], true
		case '\\':
			if i++; i == len(text) {
				return "", "", false
			}
		}
		b.WriteByte(text[i])
	}
	return "", "", false
}

func isToken(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	})
}
