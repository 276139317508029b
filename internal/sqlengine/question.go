package sqlengine

import (
	"errors"
	"strings"
)

// A read that asks one question needs no transaction: a statement sees one state by itself. When another one follows, the read
// runs again in a transaction. Which reads ask one question only is remembered from the last ones.

// errMoreQuestions ends a run that asked one question without a transaction, and then another.
var errMoreQuestions = errors.New("a read asks more than one question")

// form is how a function may use its session.
type form int

const (
	whole  form = iota
	single      // a read: its first question may be asked without a transaction
	eager       // no statement waits for the next one, which may not even be parsed before it
)

// isQuestion reports whether a statement certainly changes and locks nothing, which a transaction would make sure of.
func isQuestion(sql string) bool {
	return strings.HasPrefix(sql, "SELECT ") && !strings.HasSuffix(sql, ForUpdate)
}

// habit counts the last reads that began with a statement and went on. It only decides what is tried first.
type habit int32

// maxHabit is how often one kind of read outweighs the other at most.
const maxHabit habit = 3

// isSingle reports whether the next read is expected to ask nothing else.
func (h habit) isSingle() bool { return h <= maxHabit/2 }

// after returns the habit after one more read.
func (h habit) after(isMore bool) habit {
	if isMore {
		return min(h+1, maxHabit)
	}
	return max(h-1, 0)
}
