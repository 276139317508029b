package personindex

import (
	"math"
	"math/bits"
	"slices"
	"strings"

	"lobby/internal/search"
)

// Filler makes an index of many records at once, in a fraction of the time that a change for each takes. They may come in
// any order.
type Filler struct{ batches map[string]*Batch }

// NewFiller returns a filler without records.
func NewFiller() *Filler { return &Filler{map[string]*Batch{}} }

// Index returns the index of all records. The filler is used up.
func (f *Filler) Index() *Index {
	x := New()
	for workspace, b := range f.batches {
		if b.size > 0 {
			x.spaces[workspace] = b.space()
		}
		delete(f.batches, workspace)
	}
	return x
}

// Batch returns the records of a workspace.
func (f *Filler) Batch(workspace string) *Batch {
	b := f.batches[workspace]
	if b == nil {
		b = &Batch{fields: map[string]*Keys{}}
		f.batches[workspace] = b
	}
	return b
}

// Batch has the records of one workspace while an index is filled.
type Batch struct {
	ids        pages // by arrival
	size       uint32
	last       string
	isUnsorted bool
	kinds      [kinds]set
	fields     map[string]*Keys
	// Mostly a record has the fields of the one before. So these are the last ones asked for, in the order of their names as
	// they came, and custom has those of attributes.
	recent, custom []named
	asked          int // since the record began
}

type named struct {
	name string
	*Keys
}

// Begin adds a record of a list that is shown, without keys. No record of the batch may have the id. Keys are then added to
// it until the next one begins.
func (b *Batch) Begin(id string, kind Kind) {
	b.ids.put(b.size, id)
	b.kinds[kind].add(b.size)
	b.isUnsorted = b.isUnsorted || id < b.last
	b.last, b.asked = id, 0
	b.size++
}

// Add adds a record with its keys.
func (b *Batch) Add(c *Change) {
	b.Begin(c.ID, c.Kind)
	for _, key := range c.Keys {
		b.Field(key.Field).Key(key.Text, key.IsNumber)
	}
}

// Field returns the keys of a field.
func (b *Batch) Field(name string) *Keys {
	b.asked++
	return b.recall(&b.recent, b.asked-1, name, func(name string) string { return name })
}

// recall returns the keys of a field with a name, which are mostly at a place among recent ones.
func (b *Batch) recall(recent *[]named, place int, name string, field func(name string) string) *Keys {
	if place < len(*recent) && (*recent)[place].name == name {
		return (*recent)[place].Keys
	}
	name = strings.Clone(name) // it may be part of a long text
	k := b.fields[field(name)]
	if k == nil {
		k = &Keys{batch: b, few: newTerms()}
		b.fields[field(name)] = k
	}
	if place == len(*recent) {
		*recent = append(*recent, named{})
	}
	(*recent)[place] = named{name, k}
	return k
}

// Attributes gives the last record the keys of its custom attributes.
func (b *Batch) Attributes(list []search.Attribute) {
	for i := range list {
		keys := b.recall(&b.custom, i, list[i].Name, search.CustomKey)
		if v := list[i].Value; isNumber(v) {
			keys.Number(v)
		} else {
			keys.Text(search.ValueKey(v))
		}
	}
}

// Keys collects the keys of one field, at most one for each record. Codes and term numbers are in the order of arrival.
type Keys struct {
	batch   *Batch
	numbers set // those that have a number
	codes   []uint64
	odd     map[uint32]string
	texts   set    // those that have a text
	few     *terms // without uses; nil when they are many
	terms   []uint32
	many    pages
}

// Number gives the last record a number.
func (k *Keys) Number(v search.Value) {
	if code, ok := codeOf(v); ok {
		k.numbers.add(k.batch.size - 1)
		k.codes = append(k.codes, code)
	} else {
		k.Key(search.NumberKey(v), true)
	}
}

// Key gives the last record a key; see [Key]. An empty one is none.
func (k *Keys) Key(key string, asNumber bool) {
	if !asNumber || key == "" {
		k.Text(key)
		return
	}
	n := k.batch.size - 1
	if code, ok := numberCode(key); ok {
		k.numbers.add(n)
		k.codes = append(k.codes, code)
		return
	}
	if k.odd == nil {
		k.odd = map[uint32]string{}
	}
	k.odd[n] = key
}

// Text gives the last record a key that is a text; an empty one is none.
func (k *Keys) Text(key string) {
	if key == "" {
		return
	}
	n := k.batch.size - 1
	k.texts.add(n)
	if k.few == nil {
		k.many.put(n, key)
		return
	}
	if last := len(k.terms) - 1; last >= 0 && k.few.texts[k.terms[last]] == key { // which spares many a look-up
		k.terms = append(k.terms, k.terms[last])
		return
	}
	number, known := k.few.numbers[key]
	if !known {
		if len(k.few.texts) == maxTerms {
			k.spread()
			k.many.put(n, key)
			return
		}
		number = k.few.add(key)
	}
	k.terms = append(k.terms, number)
}

// spread changes from few texts to many. The last record has no text yet.
func (k *Keys) spread() {
	i := 0
	k.texts.each(func(n uint32) bool {
		if i < len(k.terms) {
			k.many.put(n, k.few.texts[k.terms[i]])
		}
		i++
		return true
	})
	k.few, k.terms = nil, nil
}

// space returns the index of the records.
func (b *Batch) space() *space {
	s, o := newSpace(), b.order()
	s.ids, s.size = o.pages(b.ids), b.size
	s.last = string(s.ids.get(b.size - 1))
	for kind, members := range b.kinds {
		s.kinds[kind] = o.set(members)
	}
	for name, k := range b.fields {
		f := &field{numbers: numbers{column: o.column(k.numbers, k.codes)}, texts: o.texts(k)}
		for n, key := range k.odd {
			if f.numbers.odd == nil {
				f.numbers.odd = map[uint32]string{}
			}
			f.numbers.odd[o.place(n)] = key
		}
		s.fields[name] = f
		delete(b.fields, name) // the collected keys are garbage now
	}
	return s
}

// order is that of the ids of a batch.
type order struct {
	size    uint32
	arrived []uint32 // the arrival of an ordinal; nil when records arrived in order
	places  []uint32 // the ordinal of an arrival; nil likewise
	codes   []uint64 // of ordinals; for one column after another
}

func (b *Batch) order() *order {
	o := &order{size: b.size, codes: make([]uint64, (int(b.size)+63)&^63)}
	if !b.isUnsorted {
		return o
	}
	o.arrived, o.places = make([]uint32, b.size), make([]uint32, b.size)
	for n := range b.size {
		o.arrived[n] = n
	}
	slices.SortFunc(o.arrived, func(n, m uint32) int { return strings.Compare(string(b.ids.get(n)), string(b.ids.get(m))) })
	for place, n := range o.arrived {
		o.places[n] = uint32(place)
	}
	return o
}

// place returns the ordinal of an arrival.
func (o *order) place(n uint32) uint32 {
	if o.places == nil {
		return n
	}
	return o.places[n]
}

func (o *order) set(arrivals set) set {
	placed := make(set, (o.size+63)>>6)
	if o.places == nil {
		copy(placed, arrivals)
		return placed
	}
	arrivals.each(func(n uint32) bool {
		placed.add(o.places[n])
		return true
	})
	return placed
}

func (o *order) pages(p pages) pages {
	if o.arrived == nil {
		p.clip()
		return p
	}
	var placed pages
	for n, arrival := range o.arrived {
		if text := p.get(arrival); len(text) > 0 {
			placed.put(uint32(n), string(text))
		}
	}
	placed.clip()
	return placed
}

// column returns the column of some arrivals with their codes.
func (o *order) column(given set, codes []uint64) column {
	if len(codes) == 0 {
		return column{}
	}
	i := 0
	given.each(func(n uint32) bool {
		o.codes[o.place(n)] = codes[i]
		i++
		return true
	})
	return newColumn(o.set(given), o.codes)
}

// texts returns the texts of a field. They are few by the same rule as those that come one by one.
func (o *order) texts(k *Keys) *texts {
	if k.few != nil && isMany(len(k.few.texts), len(o.codes)) {
		k.spread()
	}
	if k.few != nil {
		few, numbers := k.few.sorted()
		codes := make([]uint64, len(k.terms))
		for i, term := range k.terms {
			codes[i] = uint64(numbers[term])
			few.uses[numbers[term]]++
		}
		return &texts{few: few, column: o.column(k.texts, codes)}
	}
	t := &texts{many: o.pages(k.many)}
	given := o.set(k.texts)
	common, isFirst := []byte(nil), true
	given.each(func(n uint32) bool {
		text := t.many.get(n)
		if isFirst {
			common, isFirst = text, false
		}
		common = common[:samePrefix(common, text)]
		o.codes[n] = hashOf(text)
		return true
	})
	t.column = newColumn(given, o.codes)
	given.each(func(n uint32) bool {
		o.codes[n] = start(string(t.many.get(n)[len(common):]))
		return true
	})
	t.starts = starts{common: string(common), isUsed: true, column: newColumn(slices.Clone(given), o.codes)}
	return t
}

// newColumn returns the column of the ordinals that are given a code. Codes has a place for every ordinal.
func newColumn(given set, codes []uint64) column {
	low, high, any := uint64(math.MaxUint64), uint64(0), uint64(0)
	given.each(func(n uint32) bool {
		low, high, any = min(low, codes[n]), max(high, codes[n]), any|codes[n]
		return true
	})
	c := column{given: given, shift: min(bits.TrailingZeros64(any), 63)}
	c.base = low >> c.shift
	c.width = bits.Len64(high>>c.shift - c.base)
	c.words = make([]uint64, len(given)*c.width)
	var block [64]uint64
	for i, w := range given {
		clear(block[:])
		for ; w != 0; w &= w - 1 {
			at := bits.TrailingZeros64(w)
			block[at] = codes[i<<6+at]>>c.shift - c.base
		}
		transpose(&block)
		for at := range c.width {
			c.words[i*c.width+at] = block[c.width-1-at]
		}
	}
	return c
}

// transpose exchanges bit j of word i with bit i of word j.
func transpose(m *[64]uint64) {
	for j, mask := 32, uint64(math.MaxUint32); j > 0; j, mask = j/2, mask^mask<<(j/2) {
		for i := 0; i < 64; i = (i + j + 1) &^ j {
			t := (m[i]>>j ^ m[i+j]) & mask
			m[i] ^= t << j
			m[i+j] ^= t
		}
	}
}
