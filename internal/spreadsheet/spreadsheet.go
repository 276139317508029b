// Package spreadsheet writes texts that spreadsheets show and do not calculate.
package spreadsheet

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// formulaStarts are the characters with which a formula begins, for one spreadsheet or another.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// number is what no spreadsheet calculates, although it may begin like a formula.
var number = regexp.MustCompile(`^-\d+(\.\d+)?$`)

// Harmless returns a text of which no spreadsheet makes a formula, also of one that leaves out what is blank in front.
func Harmless(text string) string {
	start := strings.TrimLeft(text, " \u00a0\u200b\ufeff")
	if first, _ := utf8.DecodeRuneInString(start); start == "" || !strings.ContainsRune(formulaStarts, first) || number.MatchString(text) {
		return text
	}
	return "'" + text
}
