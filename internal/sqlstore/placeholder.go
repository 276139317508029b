package sqlstore

import (
	"strconv"
	"strings"
)

// marks returns n placeholders, the first of which is $first.
func marks(first, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = "$" + strconv.Itoa(first+i)
	}
	return strings.Join(all, ", ")
}

// inIDs returns a list of placeholders for ids, and args with the ids appended. The length of the list is a power of
// two, so that there are few statements to prepare.
func inIDs(args []any, ids []string) (string, []any) {
	first, length := len(args)+1, 1
	for length < len(ids) {
		length *= 2
	}
	for i := range length {
		args = append(args, ids[min(i, len(ids)-1)])
	}
	return "IN (" + marks(first, length) + ")", args
}
