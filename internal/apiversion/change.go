package apiversion

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
)

// Change is one difference in shape between the version that introduced it and the version before.
type Change struct {
	In   Version // the version that introduced the change; a change of V2_0 could never be undone and is refused
	What string  // one sentence, read as the API's changelog: "Contacts carry enabled_push_messaging."
	Step Step    // how to undo it; made by Response
}

// Step takes an object of one type one version down. The zero Step is not valid; Response makes one.
type Step struct {
	shape reflect.Type
	undo  func(object any)
}

// Response returns the Step that undoes a change in an answer of type T. The function gets the object as the version
// that introduced the change shows it, and leaves it as the version before did; it never gets nil.
func Response[T any](undo func(*T)) Step {
	return Step{
		shape: reflect.TypeFor[T](),
		undo: func(object any) {
			if t := object.(*T); t != nil {
				undo(t)
			}
		},
	}
}

// Changes is every known change, ready to be undone. It never changes, so any number of goroutines may share it.
type Changes struct {
	paths map[reflect.Type]*path // by pointer type; a registered type itself maps to nil, see StepDown
}

// path holds all undo functions of one type, newest change first. Those a version needs are always the first so many.
type path struct {
	undos []func(object any)
	count [Preview + 1]int // how many of undos a version needs
}

// NewChanges prepares the changes of all versions, given in any order. Changes of one version keep the order in which
// they are written, across lists too. It panics on a change that is incomplete or that no served version could see
// undone: the changes are written in code, so that is a mistake there.
func NewChanges(lists ...[]Change) *Changes {
	changes := slices.Concat(lists...)
	slices.SortStableFunc(changes, func(a, b Change) int { return cmp.Compare(a.In, b.In) })

	c := &Changes{paths: make(map[reflect.Type]*path)}
	for _, change := range slices.Backward(changes) {
		change.mustBeWhole()
		pointer := reflect.PointerTo(change.Step.shape)
		p := c.paths[pointer]
		if p == nil {
			p = new(path)
			c.paths[pointer] = p
			c.paths[change.Step.shape] = nil
		}
		p.undos = append(p.undos, change.Step.undo)
		for v := range change.In {
			p.count[v]++
		}
	}
	return c
}

func (c Change) mustBeWhole() {
	switch {
	case c.What == "":
		panic(fmt.Sprintf("apiversion: a change in %v does not say what it is", c.In))
	case c.In <= V2_0 || c.In > Preview:
		panic(fmt.Sprintf("apiversion: no served version is older than %v, the version of %q", c.In, c.What))
	case c.Step.undo == nil:
		panic(fmt.Sprintf("apiversion: %q of %v has no step", c.What, c.In))
	}
}

// StepDown takes object, a pointer to the newest shape, down to v in place: it undoes every change newer than v,
// newest first. Objects of a type without changes, and nil, are left alone; so are the objects that object holds,
// which their owner steps down. It panics when given a registered type by value, which would slip through unchanged.
func (c *Changes) StepDown(v Version, object any) {
	p, known := c.paths[reflect.TypeOf(object)]
	if !known {
		return
	}
	if p == nil {
		panic(fmt.Sprintf("apiversion: StepDown needs a pointer to %T, not a copy", object))
	}
	for _, undo := range p.undos[:p.count[v]] {
		undo(object)
	}
}
