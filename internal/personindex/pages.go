package personindex

import "encoding/binary"

// pageBits is the number of bits of an ordinal within its page.
const pageBits = 12

// pages keep a text for some ordinals. The texts of neighbouring ordinals lie in one buffer, so that a search can read all
// of them in order.
type pages []page

type page struct {
	at      []uint32 // where the text of an ordinal begins, plus one; 0 for none
	buffer  []byte   // texts, each behind its length
	garbage int      // bytes of the buffer that are in use no more
}

// get returns the text of an ordinal, which is valid until the next change; empty for none.
func (p pages) get(n uint32) []byte {
	if i := int(n >> pageBits); i < len(p) {
		return p[i].get(n & (1<<pageBits - 1))
	}
	return nil
}

func (p *page) get(i uint32) []byte {
	if int(i) >= len(p.at) || p.at[i] == 0 {
		return nil
	}
	rest := p.buffer[p.at[i]-1:]
	if size := rest[0]; size < 0x80 {
		return rest[1 : 1+size]
	}
	size, head := binary.Uvarint(rest)
	return rest[head : head+int(size)]
}

// put gives an ordinal a text in place of the one it may have.
func (p *pages) put(n uint32, text string) {
	for int(n>>pageBits) >= len(*p) {
		*p = append(*p, page{})
	}
	(*p)[n>>pageBits].put(n&(1<<pageBits-1), text)
}

func (p *page) put(i uint32, text string) {
	p.drop(i)
	if missing := int(i) + 1 - len(p.at); missing > 0 {
		p.at = append(p.at, make([]uint32, missing)...)
	}
	if p.garbage > len(p.buffer)/2 && p.garbage > 1<<pageBits {
		p.compact()
	}
	p.at[i] = uint32(len(p.buffer)) + 1
	p.buffer = append(binary.AppendUvarint(p.buffer, uint64(len(text))), text...)
}

func (p pages) drop(n uint32) {
	if i := int(n >> pageBits); i < len(p) {
		p[i].drop(n & (1<<pageBits - 1))
	}
}

func (p *page) drop(i uint32) {
	if int(i) < len(p.at) && p.at[i] != 0 {
		p.garbage += 1 + len(p.get(i))
		p.at[i] = 0
	}
}

// compact copies the texts in use to a new buffer.
func (p *page) compact() {
	fresh := page{at: make([]uint32, len(p.at)), buffer: make([]byte, 0, len(p.buffer)-p.garbage/2)}
	for i, at := range p.at {
		if at != 0 {
			text := p.get(uint32(i))
			fresh.at[i] = uint32(len(fresh.buffer)) + 1
			fresh.buffer = append(binary.AppendUvarint(fresh.buffer, uint64(len(text))), text...)
		}
	}
	*p = fresh
}

// clip gives back the room for more texts.
func (p pages) clip() {
	for i := range p {
		p[i].at, p[i].buffer = exact(p[i].at), exact(p[i].buffer)
	}
}

// exact returns a copy that has no room to spare, unless the slice has none.
func exact[T any](s []T) []T {
	if len(s) == cap(s) {
		return s
	}
	return append(make([]T, 0, len(s)), s...)
}

// size returns the bytes that the texts take, and those that it takes to find them.
func (p pages) size() (texts, rest int) {
	for i := range p {
		texts, rest = texts+cap(p[i].buffer), rest+4*cap(p[i].at)+56
	}
	return texts, rest
}
