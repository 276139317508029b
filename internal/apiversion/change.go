package apiversion

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
)

// Change is one difference in shape between the version that introduced it and the version before.
type Change struct {
	In   Version // the version that introduced the change; later than V2_0
	What string  // a sentence of the API's changelog, such as "Contacts carry enabled_push_messaging."
	Step Step    // undoes the change; made by Response
}

// Step turns an object of one type from the shape of a version into that of the version before. The zero Step is invalid;
// Response makes one.
type Step struct {
	shape reflect.Type
	undo  func(object any)
}

// Response returns the Step that undoes a change of the type T. The function gets an object in the shape of the version that
// introduced the change, and turns it into the shape of the version before. It never gets nil.
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

// Changes has all changes of all types. It is immutable and safe for concurrent use.
type Changes struct {
	paths map[reflect.Type]*path // by pointer type; a registered type itself maps to nil, see StepDown
}

// path holds the undo functions of one type, newest change first. A version needs a prefix of them.
type path struct {
	undos []func(object any)
	count [Preview + 1]int // the number of undos that each version needs
}

// NewChanges returns the changes of all versions. The lists may be in any order; changes of one version keep their order,
// across lists too. It panics on an incomplete change and on one of V2_0 or an unknown version, since these are mistakes in
// the code.
func NewChanges(lists ...[]Change) *Changes {
	changes := slices.Concat(lists...)
	slices.SortStableFunc(changes, func(a, b Change) int { return cmp.Compare(a.In, b.In) })

	c := &Changes{paths: make(map[reflect.Type]*path)}
	for _, change := range slices.Backward(changes) {
		change.mustBeComplete()
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

// mustBeComplete panics on an invalid change.
func (c Change) mustBeComplete() {
	switch {
	case c.What == "":
		panic(fmt.Sprintf("apiversion: a change in %v does not say what it is", c.In))
	case c.In <= V2_0 || c.In > Preview:
		panic(fmt.Sprintf("apiversion: no served version is older than %v, the version of %q", c.In, c.What))
	case c.Step.undo == nil:
		panic(fmt.Sprintf("apiversion: %q of %v has no step", c.What, c.In))
	}
}

// StepDown turns an object, given as a pointer to the newest shape, into the shape of version v in place. It undoes every
// change newer than v, newest first. It does nothing to nil and to objects of a type without changes. It leaves nested
// objects alone; their owner steps them down. It panics for a registered type by value, which would stay unchanged.
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
