package apidoc

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// appendYAML appends a tree in block style, indented by depth levels. A text that YAML may not read as a plain text is
// quoted as in JSON, which is a subset of YAML.
func appendYAML(buf []byte, value any, depth int) []byte {
	switch v := value.(type) {
	case Object:
		for _, m := range v {
			buf = append(appendIndent(buf, depth), yamlText(m.Name)...)
			buf = appendYAMLValue(append(buf, ':'), m.Value, depth+1)
		}
	case List:
		for _, element := range v {
			buf = append(appendIndent(buf, depth), '-')
			if o, is := element.(Object); is && len(o) > 0 {
				// The first member follows the dash, in place of its indentation.
				at := len(buf)
				buf = appendYAML(buf, element, depth+1)
				buf = slices.Replace(buf, at, at+2*(depth+1), ' ')
				continue
			}
			buf = appendYAMLValue(buf, element, depth+1)
		}
	}
	return buf
}

// appendYAMLValue appends the value after a name or a dash.
func appendYAMLValue(buf []byte, value any, depth int) []byte {
	switch v := value.(type) {
	case Object:
		if len(v) > 0 {
			return appendYAML(append(buf, '\n'), v, depth)
		}
		return append(buf, " {}\n"...)
	case List:
		if line, fits := oneLine(v); fits {
			return append(append(append(buf, ' '), line...), '\n')
		}
		return appendYAML(append(buf, '\n'), v, depth)
	case string:
		if prose(v) {
			buf = append(buf, " |-\n"...)
			for line := range strings.SplitSeq(v, "\n") {
				if line != "" {
					buf = append(appendIndent(buf, depth), line...)
				}
				buf = append(buf, '\n')
			}
			return buf
		}
		return append(append(append(buf, ' '), yamlText(v)...), '\n')
	default:
		return append(appendScalar(append(buf, ' '), value), '\n')
	}
}

// oneLine returns a list of scalars in brackets, and whether it fits into one line.
func oneLine(all List) (line string, fits bool) {
	words := make([]string, len(all))
	for i, element := range all {
		switch v := element.(type) {
		case Object, List:
			return "", false
		case string:
			if words[i] = yamlText(v); strings.ContainsAny(words[i], ",[]{}") {
				words[i] = string(appendText(nil, v))
			}
		default:
			words[i] = string(appendScalar(nil, v))
		}
	}
	line = "[" + strings.Join(words, ", ") + "]"
	return line, len(line) <= 80
}

func appendIndent(buf []byte, depth int) []byte {
	for range depth {
		buf = append(buf, "  "...)
	}
	return buf
}

var (
	// plain matches texts that begin with a letter, a slash or a dollar sign and have only printable characters and spaces.
	plain = regexp.MustCompile(`^[\pL/$]([\pL\pM\pN\pP\pS ])*$`)
	// reserved are the words that some parsers read as another type than text, in any case.
	reserved = []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
	// breaks escapes the characters that some parsers take for the end of a line, even between quotes.
	breaks = strings.NewReplacer("\u0085", `\u0085`, "\u2028", `\u2028`, "\u2029", `\u2029`)
)

// prose reports whether to write s as a block of lines.
func prose(s string) bool {
	printable := strings.IndexFunc(s, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) < 0
	return printable && s != "" && s[0] > ' ' && s[len(s)-1] > ' ' && (strings.Contains(s, "\n") || len(s) > 80 && yamlText(s) != s)
}

func yamlText(s string) string {
	if plain.MatchString(s) && !strings.ContainsAny(s, ":#\"\\") && s[len(s)-1] != ' ' && !slices.Contains(reserved, strings.ToLower(s)) {
		return s
	}
	return breaks.Replace(string(appendText(nil, s)))
}
