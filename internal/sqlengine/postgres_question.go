package sqlengine

import (
	"hash/maphash"
	"sync/atomic"
)

// question is what a read asks.
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

// learn remembers what a read has asked.
func (q *question) learn(h *habits) {
	if q.first != "" {
		h.note(q.first, q.isMore)
	}
}

// habits are those of all statements, by a hash of each.
type habits [256]atomic.Int32

// habitSeed is that of the hash.
var habitSeed = maphash.MakeSeed()

func (h *habits) of(sql string) *atomic.Int32 {
	return &h[maphash.String(habitSeed, sql)%uint64(len(h))]
}

func (h *habits) isSingle(sql string) bool { return habit(h.of(sql).Load()).isSingle() }

func (h *habits) note(sql string, isMore bool) {
	of := h.of(sql)
	of.Store(int32(habit(of.Load()).after(isMore)))
}
