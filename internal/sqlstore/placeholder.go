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

// inIDs returns the condition that a column is one of some ids, and args with the ids appended. The number of placeholders
// is a power of two, so that there are few statements to prepare.
func inIDs[T string | int64](args []any, ids []T) (string, []any) {
	first, length := len(args)+1, 1
	for length < len(ids) {
		length *= 2
	}
	for i := range length {
		args = append(args, ids[min(i, len(ids)-1)])
	}
	return "IN (" + marks(first, length) + ")", args
}
