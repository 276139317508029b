package sqlengine

import (
	"errors"
	"hash/maphash"
	"strings"
	"sync/atomic"
)

// errMoreQuestions ends a run that asked one question without a transaction, and then another.
var errMoreQuestions = errors.New("a read asks more than one question")

// form is how a function may use its session.
type form int

const (
	whole  form = iota
	single      // a read: its first question may be asked without a transaction
	eager       // no statement waits for the next one, which may not even be parsed before it
)

// question is what a read asks. One question needs no transaction: a statement sees one state by itself. When another one
// follows, the read runs again in a transaction. Which reads ask one question only is remembered from the last ones.
type question struct {
	form
	first   string // "" for none yet
	isAlone bool   // whether the first one was asked without a transaction
	isMore  bool   // whether others followed
}

// goesOn returns errMoreQuestions when another statement follows one that was asked alone.
func (q *question) goesOn() error {
	if q.isMore = q.first != ""; q.isAlone {
		return errMoreQuestions
	}
	return nil
}

// ask says that a query is asked; mayBeAlone says that nothing was sent before it.
func (q *question) ask(sql string, mayBeAlone bool, h *habits) {
	switch {
	case q.form != single, q.first != "":
	case !mayBeAlone:
		q.form = whole
	default:
		q.first, q.isAlone = sql, isQuestion(sql) && h.isSingle(sql)
	}
}

// isQuestion reports whether a statement certainly changes and locks nothing, which a transaction would make sure of.
func isQuestion(sql string) bool {
	return strings.HasPrefix(sql, "SELECT ") && !strings.HasSuffix(sql, ForUpdate)
}

// learn remembers what a read has asked.
func (q *question) learn(h *habits) {
	if q.first != "" {
		h.note(q.first, q.isMore)
	}
}

// habits remember whether reads that began with a statement went on, by a hash of it. They only decide what is tried first.
type habits [256]atomic.Int32

// maxHabit is how often one kind of read outweighs the other at most.
const maxHabit = 3

// habitSeed is that of the hash.
var habitSeed = maphash.MakeSeed()

func (h *habits) of(sql string) *atomic.Int32 {
	return &h[maphash.String(habitSeed, sql)%uint64(len(h))]
}

func (h *habits) isSingle(sql string) bool { return h.of(sql).Load() <= maxHabit/2 }

func (h *habits) note(sql string, isMore bool) {
	of := h.of(sql)
	if isMore {
		of.Store(min(of.Load()+1, maxHabit))
	} else {
		of.Store(max(of.Load()-1, 0))
	}
}
